//! §4.2 GetCACert: every shape that was seen, and which certificate is which in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::cms::Bundle;
use devicecert_pki::{Certificate, KeyUsage, Limits, Signer, oid, to_pem};
use devicecert_scep::error::UnacceptableReply;
use devicecert_scep::{CaCertificates, Error, Fingerprint, Step, Tolerance, Trust};
use http::Response;

use crate::common::certificates::{draft, signs_certificates};
use crate::common::pki_message::octets;
use crate::common::{NOW, Server, Who, asks_again, keys, root};
use crate::section_3_4::degenerate;

const SIGN: KeyUsage = KeyUsage::DIGITAL_SIGNATURE;
const ENCIPHER: KeyUsage = KeyUsage::KEY_ENCIPHERMENT;

fn pin(ca: &Certificate) -> Trust {
    Trust::Fingerprint(Fingerprint::of(ca, &RustCrypto).unwrap())
}

fn read(body: &[u8], trust: &Trust, tolerance: &Tolerance) -> Result<CaCertificates, Error> {
    CaCertificates::parse(body, trust, &RustCrypto, tolerance, &Limits::default())
}

/// What is made of these certificates, in the order given and in the opposite one.
fn sort_out(sent: &[&Certificate], trust: &Trust) -> CaCertificates {
    let in_order = Bundle::new(sent.iter().copied()).to_der();
    let reversed = Bundle::new(sent.iter().rev().copied()).to_der();
    let [in_order, reversed] =
        [in_order, reversed].map(|body| read(&body, trust, &Tolerance::STRICT).unwrap());
    assert_eq!(in_order.ca(), reversed.ca());
    assert_eq!(in_order.encryption(), reversed.encryption());
    assert_eq!(in_order.all().len(), reversed.all().len());
    in_order
}

/// A CA as most are, without digitalSignature and keyEncipherment.
fn plain_ca(name: &str) -> Certificate {
    draft(name, &keys::CA).ca().usage(signs_certificates()).self_signed()
}

/// The two certificates of NDES: the same subject, one to sign and one to encipher.
fn pair(ca: &Certificate) -> [Certificate; 2] {
    [(SIGN, &keys::RA), (ENCIPHER, &keys::RA_2)].map(|(usage, key)| {
        draft("CN=MSCEP-RA", key)
            .usage(usage)
            .purpose(oid::MS_CERTIFICATE_REQUEST_AGENT)
            .issued_by(ca, &keys::CA)
    })
}

#[test]
fn one_certificate_is_the_ca_and_takes_the_requests() {
    let ca = root("CN=CA", &keys::CA);
    for trust in [pin(&ca), Trust::Certificates(vec![ca.clone()]), Trust::OnFirstUse] {
        let found = read(ca.as_der(), &trust, &Tolerance::STRICT).unwrap();
        assert_eq!((found.ca(), found.encryption()), (&ca, &ca));
        assert_eq!(found.all(), std::slice::from_ref(&ca));
    }
}

/// So are most CAs; a client that insists on the bit can talk to few.
#[test]
fn a_lone_ca_takes_the_requests_whatever_its_key_usage_says() {
    let other_usages = [Some(signs_certificates()), Some(SIGN), None];
    for usage in other_usages {
        let ca = draft("CN=CA", &keys::CA).ca();
        let ca = if let Some(usage) = usage { ca.usage(usage) } else { ca }.self_signed();
        assert_eq!(sort_out(&[&ca], &pin(&ca)).encryption(), &ca);
    }
}

#[test]
fn one_certificate_as_base64_pem_or_certs_only() {
    let ca = root("CN=CA", &keys::CA);
    let base64 = STANDARD.encode(ca.as_der());
    let pem = to_pem("CERTIFICATE", ca.as_der());
    let bundle = Bundle::new([&ca]).to_der();
    for text in [
        base64.clone(),
        format!("{base64}\r\n"),
        pem.replace('\n', "\r\n"),
        pem,
        STANDARD.encode(&bundle),
        to_pem("PKCS7", &bundle),
    ] {
        let found = read(text.as_bytes(), &pin(&ca), &Tolerance::default()).unwrap();
        assert_eq!(found.ca(), &ca);
        assert!(read(text.as_bytes(), &pin(&ca), &Tolerance::STRICT).is_err());
    }
    assert_eq!(read(&bundle, &pin(&ca), &Tolerance::STRICT).unwrap().ca(), &ca);
}

#[test]
fn the_content_decides_what_it_is_and_not_the_content_type() {
    let server = Server::standing();
    let ca = server.authority.ca();
    let bundle = Bundle::new([ca]).to_der();
    for body in [ca.as_der().to_vec(), bundle] {
        for content_type in
            ["application/x-x509-ca-cert", "application/x-x509-ca-ra-cert", "text/html", ""]
        {
            let mut enrolment = Who::device().enrolment(&server);
            enrolment.step(NOW).unwrap();
            enrolment.received(&Response::new(Vec::new())).unwrap();
            let mut response = Response::new(body.clone());
            let headers = response.headers_mut();
            headers.insert("content-type", content_type.parse().unwrap());
            enrolment.received(&response).unwrap();
            assert!(matches!(enrolment.step(NOW).unwrap(), Step::Sign(_)), "{content_type}");
        }
    }
}

#[test]
fn ra_to_sign_ra_to_encipher_and_ca() {
    let ca = plain_ca("CN=CA");
    let [sign, encipher] = pair(&ca);
    let found = sort_out(&[&sign, &encipher, &ca], &pin(&ca));
    assert_eq!((found.ca(), found.encryption()), (&ca, &encipher));
    assert_eq!(found.all(), [sign, encipher, ca]);
}

/// Their names are the same, and so is all but serial number, key and keyUsage.
#[test]
fn the_two_ras_are_told_apart_by_key_usage_in_any_order() {
    let ca = plain_ca("CN=CA");
    let [sign, encipher] = pair(&ca);
    assert_eq!(sign.subject(), encipher.subject());
    for sent in [[&encipher, &sign, &ca], [&ca, &sign, &encipher], [&sign, &ca, &encipher]] {
        assert_eq!(sort_out(&sent, &pin(&ca)).encryption(), &encipher);
    }
}

#[test]
fn ra_to_sign_ra_to_encipher_root_and_issuing_ca() {
    let root_ca = draft("CN=Root", &keys::STRANGER).ca().usage(signs_certificates()).self_signed();
    let issuing = draft("CN=Issuing", &keys::CA)
        .ca()
        .usage(signs_certificates())
        .issued_by(&root_ca, &keys::STRANGER);
    let [sign, encipher] = pair(&issuing);
    let sent = [&sign, &encipher, &root_ca, &issuing];
    // Windows pins the root as often as the issuing CA.
    for trusted in [&issuing, &root_ca] {
        let found = sort_out(&sent, &pin(trusted));
        assert_eq!((found.ca(), found.encryption()), (trusted, &encipher));
        assert_eq!(found.issuer(), issuing.subject());
    }
    // Who is above the CA that is trusted has no part in it.
    for (trusted, count) in [(&issuing, 3), (&root_ca, 4)] {
        let found = sort_out(&sent, &pin(trusted));
        assert_eq!(found.all().len(), count);
    }
    assert_eq!(sort_out(&sent, &Trust::OnFirstUse).ca(), &issuing);
}

#[test]
fn ra_subordinate_ca_and_root() {
    let root_ca = draft("CN=Root", &keys::STRANGER).ca().self_signed();
    let sub = draft("CN=Sub", &keys::CA).ca().issued_by(&root_ca, &keys::STRANGER);
    let ra = draft("CN=RA", &keys::RA).usage(KeyUsage::SIGN_AND_ENCIPHER);
    let ra = ra.issued_by(&sub, &keys::CA);
    let found = sort_out(&[&ra, &sub, &root_ca], &pin(&sub));
    assert_eq!((found.ca(), found.encryption()), (&sub, &ra));
    assert_eq!(found.all(), [ra, sub]);
}

#[test]
fn ca_and_an_ra_that_is_marked_as_a_ca() {
    let ca = plain_ca("CN=CA");
    let ra = draft("CN=RA", &keys::RA).ca().usage(KeyUsage::SIGN_AND_ENCIPHER);
    let ra = ra.issued_by(&ca, &keys::CA);
    for trust in [pin(&ca), Trust::OnFirstUse] {
        let found = sort_out(&[&ca, &ra], &trust);
        assert_eq!((found.ca(), found.encryption()), (&ca, &ra));
        assert_eq!(found.issuer(), ca.subject());
    }
}

#[test]
fn an_issuing_ca_and_its_root() {
    let root_ca = draft("CN=Root", &keys::STRANGER).ca().usage(signs_certificates()).self_signed();
    let issuing = draft("CN=Issuing", &keys::CA)
        .ca()
        .usage(KeyUsage::SIGN_AND_ENCIPHER | signs_certificates());
    let issuing = issuing.issued_by(&root_ca, &keys::STRANGER);
    for trust in [pin(&issuing), pin(&root_ca), Trust::OnFirstUse] {
        assert_eq!(sort_out(&[&issuing, &root_ca], &trust).encryption(), &issuing);
    }
    assert_eq!(sort_out(&[&issuing, &root_ca], &Trust::OnFirstUse).ca(), &issuing);
}

/// As most are: neither has keyEncipherment. Who answers is the lowest, whichever is pinned.
#[test]
fn an_issuing_ca_and_its_root_of_which_none_may_encipher() {
    for upper in [signs_certificates(), signs_certificates() | KeyUsage::SIGN_AND_ENCIPHER] {
        let root_ca = draft("CN=Root", &keys::STRANGER).ca().usage(upper).self_signed();
        let policy = draft("CN=Policy", &keys::RA_2).ca().usage(upper);
        let policy = policy.issued_by(&root_ca, &keys::STRANGER);
        let issuing = draft("CN=Issuing", &keys::CA).ca().usage(signs_certificates());
        let issuing = issuing.issued_by(&policy, &keys::RA_2);
        let sent = [&issuing, &policy, &root_ca];
        for trust in [pin(&issuing), Trust::OnFirstUse] {
            let found = sort_out(&sent, &trust);
            assert_eq!((found.ca(), found.encryption()), (&issuing, &issuing));
        }
        // What is above could encipher, and is still not who answers.
        for trusted in [&root_ca, &policy] {
            let found = sort_out(&sent, &pin(trusted));
            assert_eq!((found.ca(), found.encryption()), (trusted, &issuing));
            assert_eq!(found.issuer(), issuing.subject());
        }
    }
}

#[test]
fn several_certificates_in_pem_with_text_around_them() {
    let ca = plain_ca("CN=CA");
    let [sign, encipher] = pair(&ca);
    let blocks: Vec<String> = [&sign, &encipher, &ca]
        .map(|one| format!("subject={}\n{}", one.subject(), to_pem("CERTIFICATE", one.as_der())))
        .to_vec();
    for text in [blocks.concat(), blocks.concat().replace('\n', "\r\n")] {
        let found = read(text.as_bytes(), &pin(&ca), &Tolerance::default()).unwrap();
        assert_eq!((found.ca(), found.encryption()), (&ca, &encipher));
        assert!(read(text.as_bytes(), &pin(&ca), &Tolerance::STRICT).is_err());
    }
    let cut = blocks.concat().replacen("-----END", "", 1);
    assert!(read(cut.as_bytes(), &pin(&ca), &Tolerance::default()).is_err());
    let endless = to_pem("CERTIFICATE", ca.as_der()).repeat(17);
    assert!(read(endless.as_bytes(), &pin(&ca), &Tolerance::default()).is_err());
}

#[test]
fn an_ra_without_key_usage_is_better_than_the_ca() {
    let ca = root("CN=CA", &keys::CA);
    let ra = draft("CN=RA", &keys::RA).issued_by(&ca, &keys::CA);
    assert_eq!(sort_out(&[&ra, &ca], &pin(&ca)).encryption(), &ra);
    // One that only signs leaves the requests to the CA.
    let signer = draft("CN=RA", &keys::RA).usage(SIGN).issued_by(&ca, &keys::CA);
    assert_eq!(sort_out(&[&signer, &ca], &pin(&ca)).encryption(), &ca);
}

#[test]
fn an_ec_ca_takes_no_requests() {
    let ca = root("CN=CA", &keys::EC_CA);
    let error = read(ca.as_der(), &pin(&ca), &Tolerance::default()).unwrap_err();
    assert_eq!(error, UnacceptableReply::NoEncryptionCertificate.into());
    let ra = draft("CN=RA", &keys::RA).issued_by(&ca, &keys::EC_CA);
    assert_eq!(sort_out(&[&ra, &ca], &pin(&ca)).encryption(), &ra);
}

#[test]
fn a_certificate_that_does_not_lead_to_the_trusted_ca_is_left_out() {
    let ca = plain_ca("CN=CA");
    let other = root("CN=Other", &keys::STRANGER);
    let ra = |issuer, key| {
        draft("CN=RA", &keys::RA).usage(KeyUsage::SIGN_AND_ENCIPHER).issued_by(issuer, key)
    };
    // Of another CA; in the CA's name without its signature; signed by itself.
    let strangers = [ra(&other, &keys::STRANGER), ra(&ca, &keys::STRANGER), {
        draft("CN=RA", &keys::RA).usage(KeyUsage::SIGN_AND_ENCIPHER).self_signed()
    }];
    for stranger in &strangers {
        let found = sort_out(&[stranger, &ca, &other], &pin(&ca));
        assert_eq!(found.encryption(), &ca);
        assert_eq!(found.all(), std::slice::from_ref(&ca));
    }
}

/// The CA issued it, to a device, which must not pose as the RA with it.
#[test]
fn a_certificate_for_another_purpose_is_no_ra_unless_that_is_tolerated() {
    let ca = plain_ca("CN=CA");
    let device = |purpose| {
        let usage = KeyUsage::SIGN_AND_ENCIPHER;
        draft("CN=RA", &keys::RA).usage(usage).purpose(purpose).issued_by(&ca, &keys::CA)
    };
    let mut any = Tolerance::default();
    any.any_ra_purpose = true;
    for purpose in [oid::CLIENT_AUTH, oid::SERVER_AUTH] {
        let body = Bundle::new([&device(purpose), &ca]).to_der();
        let found = read(&body, &pin(&ca), &Tolerance::default()).unwrap();
        assert_eq!(found.encryption(), &ca);
        let found = read(&body, &pin(&ca), &any).unwrap();
        assert_ne!(found.encryption(), &ca);
    }
    for purpose in [oid::CMC_RA, oid::ANY_EXTENDED_KEY_USAGE, oid::MS_CERTIFICATE_REQUEST_AGENT] {
        let body = Bundle::new([&device(purpose), &ca]).to_der();
        let found = read(&body, &pin(&ca), &Tolerance::STRICT).unwrap();
        assert_ne!(found.encryption(), &ca, "{purpose}");
    }
}

#[test]
fn certs_only_with_an_empty_content() {
    let ca = root("CN=CA", &keys::CA);
    let econtent = [&[0xa0, 2][..], &octets(&[])].concat();
    let found = read(&degenerate(&econtent, &[&ca]), &pin(&ca), &Tolerance::STRICT).unwrap();
    assert_eq!(found.ca(), &ca);
}

/// EJBCA and all of BouncyCastle.
#[test]
fn certs_only_in_ber() {
    let ca = plain_ca("CN=CA");
    let [sign, encipher] = pair(&ca);
    let der = Bundle::new([&sign, &encipher, &ca]).to_der();
    let ber = crate::field::ber::indefinite(&der, 3);
    assert_ne!(ber, der);
    let found = read(&ber, &pin(&ca), &Tolerance::STRICT).unwrap();
    assert_eq!((found.ca(), found.encryption()), (&ca, &encipher));
}

#[test]
fn a_certificate_that_cannot_be_read_spoils_only_itself() {
    let ca = root("CN=CA", &keys::CA);
    let der = Bundle::new([&ca, &ca]).to_der();
    let at = der.windows(ca.as_der().len()).position(|window| window == ca.as_der()).unwrap();
    let mut odd = der;
    // The tag of the first one's serial number.
    odd[at + 13] ^= 0x40;
    let found = read(&odd, &pin(&ca), &Tolerance::STRICT).unwrap();
    assert_eq!(found.all(), [ca]);
}

#[test]
fn what_is_no_certificate() {
    let ca = root("CN=CA", &keys::CA);
    let trust = pin(&ca);
    let empty = read(&[], &trust, &Tolerance::default()).unwrap_err();
    assert_eq!(empty, UnacceptableReply::Empty.into());
    let nobody = Bundle::new([]).to_der();
    assert!(matches!(
        read(&nobody, &trust, &Tolerance::default()).unwrap_err(),
        Error::UnacceptableReply(UnacceptableReply::UntrustedCa { found: 0, .. })
    ));
    assert!(read(&nobody, &Trust::OnFirstUse, &Tolerance::default()).is_err());
    for body in [&b"<html>Service Unavailable</html>"[..], &[0; 64], &ca.as_der()[..100]] {
        assert!(read(body, &trust, &Tolerance::default()).is_err());
    }
}

/// A login page of some network on the way, or another CA: who answered is not known, so it does
/// not end the enrolment.
#[test]
fn what_holds_no_trusted_ca_is_asked_for_again() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let Ok(Step::Send(capabilities)) = enrolment.step(NOW) else { panic!("no question") };
    enrolment.received(&server.handle(&capabilities)).unwrap();
    let Ok(Step::Send(request)) = enrolment.step(NOW) else { panic!("no question") };
    let other = root("CN=Other", &keys::STRANGER);
    for body in [&b"<html>Log in</html>"[..], b"", other.as_der()] {
        enrolment.received(&Response::new(body.to_vec())).unwrap_err();
        assert!(asks_again(&mut enrolment, &request));
    }
    enrolment.received(&server.handle(&request)).unwrap();
    assert_eq!(enrolment.ca(), Some(server.authority.ca()));
}

#[test]
fn a_server_without_ra_sends_the_bare_certificate() {
    let server = Server::standing();
    let response = server.authority.ca_cert();
    assert_eq!(response.headers()["content-type"], "application/x-x509-ca-cert");
    assert_eq!(response.body(), server.authority.ca().as_der());
}

#[test]
fn a_server_with_ra_or_chain_sends_certs_only_in_order() {
    let mut server = Server::with_ra(&keys::CA);
    let upper = root("CN=Root", &keys::STRANGER);
    server.authority.chain = vec![upper.clone()];
    let response = server.authority.ca_cert();
    assert_eq!(response.headers()["content-type"], "application/x-x509-ca-ra-cert");
    let bundle = Bundle::parse(response.body(), &Limits::default()).unwrap();
    let (ra, ca) = (server.authority.recipient(), server.authority.ca());
    let expected = [ra, ca, &upper].map(Certificate::as_der);
    assert_eq!(bundle.certificates().collect::<Vec<_>>(), expected);
    assert_ne!(ra.public_key(), keys::CA.public_key());

    let mut server = Server::standing();
    server.authority.chain = vec![upper];
    let response = server.authority.ca_cert();
    assert_eq!(response.headers()["content-type"], "application/x-x509-ca-ra-cert");
}
