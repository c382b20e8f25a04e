//! §2.2 CA certificate distribution: why a client believes that a CA is the CA.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::Provider;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_scep::error::{Misuse, UnacceptableReply};
use devicecert_scep::{CaCertificates, Enrolment, Error, Fingerprint, Step, Tolerance, Trust};

use crate::common::certificates::draft;
use crate::common::{NOW, Server, URL, Who, drive, keys, root};

fn read(body: &[u8], trust: &Trust) -> Result<CaCertificates, Error> {
    let limits = devicecert_pki::Limits::default();
    CaCertificates::parse(body, trust, &RustCrypto, &Tolerance::STRICT, &limits)
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[test]
fn a_fingerprint_is_the_digest_of_the_whole_certificate() {
    let ca = root("CN=CA", &keys::CA);
    for (name, digest) in [
        ("sha1", DigestAlgorithm::Sha1),
        ("sha256", DigestAlgorithm::Sha256),
        ("sha384", DigestAlgorithm::Sha384),
        ("sha512", DigestAlgorithm::Sha512),
    ] {
        let text = hexadecimal(&RustCrypto.digest(digest, ca.as_der()).unwrap());
        let fingerprint: Fingerprint = format!("{name}:{text}").parse().unwrap();
        assert!(fingerprint.matches(&ca, &RustCrypto).unwrap());
        assert!(!fingerprint.matches(&root("CN=CA", &keys::CA), &RustCrypto).unwrap());
        assert_eq!(fingerprint.to_string(), format!("{name}:{text}"));
    }
    let sha256 = RustCrypto.digest(DigestAlgorithm::Sha256, ca.as_der()).unwrap();
    assert_eq!(
        Fingerprint::of(&ca, &RustCrypto).unwrap(),
        Fingerprint::sha256(sha256.try_into().unwrap())
    );
}

#[test]
fn a_fingerprint_is_read_as_people_write_it() {
    let digits = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef";
    let pairs: Vec<&str> = (0..32).map(|at| &digits[2 * at..2 * at + 2]).collect();
    let plain: Fingerprint = digits.parse().unwrap();
    for spelling in [
        digits.to_uppercase(),
        format!("sha256:{digits}"),
        format!("SHA256:{digits}"),
        format!("SHA-256:{digits}"),
        format!("  sha256: {digits}\n"),
        pairs.join(":"),
        pairs.join(" "),
        pairs.join("-"),
        format!("SHA256:{}", pairs.join(":").to_uppercase()),
        // openssl x509 -fingerprint, and the same digest from its `-binary | base64`.
        format!("SHA256 Fingerprint={}", pairs.join(":").to_uppercase()),
        format!("sha256 Fingerprint={}", pairs.join(":").to_uppercase()),
        "ABEiM0RVZneImaq7zN3u/wEjRWeJq83vASNFZ4mrze8=".into(),
        "sha256:ABEiM0RVZneImaq7zN3u/wEjRWeJq83vASNFZ4mrze8=".into(),
        // As copied from the certificate manager of Windows.
        format!("\u{200e}{digits}"),
    ] {
        assert_eq!(spelling.parse::<Fingerprint>().unwrap(), plain, "{spelling}");
    }
}

#[test]
fn the_length_of_a_fingerprint_says_which_digest_it_is_of_and_md5_is_none() {
    for (length, name) in [(20, "sha1"), (32, "sha256"), (48, "sha384"), (64, "sha512")] {
        let fingerprint: Fingerprint = "ab".repeat(length).parse().unwrap();
        assert!(fingerprint.to_string().starts_with(&format!("{name}:abab")));
    }
    for length in [0, 1, 4, 8, 16, 19, 21, 28, 31, 33, 63, 65] {
        let found = "ab".repeat(length).parse::<Fingerprint>();
        assert_eq!(found, Err(Misuse::Fingerprint.into()), "{length} octets");
    }
}

#[test]
fn a_fingerprint_is_not_guessed() {
    let digits = "ab".repeat(32);
    for text in [
        format!("sha1:{digits}"),
        format!("sha512:{digits}"),
        format!("md5:{}", "ab".repeat(16)),
        format!("sha256:{}", &digits[..63]),
        format!("sha256:{digits}a"),
        format!("0x{digits}"),
        format!("{}xy", &digits[..62]),
        // The text of a digest in base64, for the digest: what people paste into a profile.
        "YWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYg==".into(),
        "sha1:ABEiM0RVZneImaq7zN3u/wEjRWeJq83vASNFZ4mrze8=".into(),
        "ABEiM0RVZneImaq7zN3u_wEjRWeJq83vASNFZ4mrze8=".into(),
        format!("{}+a", &digits[..62]),
        "sha256:".to_owned(),
        String::new(),
        "ä".repeat(32),
    ] {
        assert_eq!(text.parse::<Fingerprint>(), Err(Misuse::Fingerprint.into()), "{text}");
    }
}

#[test]
fn a_client_asks_for_the_ca_certificate_before_it_makes_a_request() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let mut asked = Vec::new();
    while let Step::Send(request) = enrolment.step(NOW).unwrap() {
        assert_eq!(request.method(), http::Method::GET);
        asked.push(request.uri().query().unwrap().to_owned());
        enrolment.received(&server.handle(&request)).unwrap();
    }
    assert_eq!(asked, ["operation=GetCACaps", "operation=GetCACert"]);
    assert_eq!(enrolment.ca(), Some(server.authority.ca()));
}

#[test]
fn a_ca_with_another_fingerprint_gets_nothing() {
    let server = Server::standing();
    let device = Who::device();
    let other = root("CN=Test CA", &keys::STRANGER);
    for trust in [
        Trust::Fingerprint(Fingerprint::of(&other, &RustCrypto).unwrap()),
        Trust::Certificates(vec![other]),
        Trust::Certificates(vec![]),
    ] {
        let mut enrolment =
            Enrolment::new(URL, device.csr(Some("secret")), trust, &RustCrypto).unwrap();
        let error = drive(&mut enrolment, device.key, &server).unwrap_err();
        let Error::UnacceptableReply(UnacceptableReply::UntrustedCa { found: 1, .. }) = &error
        else {
            panic!("{error}")
        };
        // Nothing was signed; the same question may be asked again.
        assert!(matches!(enrolment.step(NOW), Ok(Step::Send(ask)) if ask.uri().query().is_some()));
        assert!(enrolment.signer_key().is_none() && enrolment.ca().is_none());
        assert!(server.seen.borrow().is_empty());
    }
}

#[test]
fn an_untrusted_ca_is_named_by_what_was_expected() {
    let ca = root("CN=CA", &keys::CA);
    let fingerprint = Fingerprint::sha1([0xcd; 20]);
    let error = read(ca.as_der(), &Trust::Fingerprint(fingerprint)).unwrap_err();
    assert!(error.to_string().contains(&format!("sha1:{}", "cd".repeat(20))), "{error}");
    let pinned = vec![root("CN=One", &keys::STRANGER), root("CN=Two", &keys::STRANGER)];
    let error = read(ca.as_der(), &Trust::Certificates(pinned)).unwrap_err();
    assert!(error.to_string().contains("CN=One or CN=Two"), "{error}");
}

#[test]
fn a_certificate_that_came_out_of_band_may_be_the_ca_or_above_it() {
    let upper = root("CN=Root", &keys::STRANGER);
    let issuing = draft("CN=Issuing", &keys::CA).ca().issued_by(&upper, &keys::STRANGER);
    for pinned in [&issuing, &upper] {
        let unrelated = root("CN=Unrelated", &keys::RA);
        let trust = Trust::Certificates(vec![unrelated, pinned.clone()]);
        assert_eq!(read(issuing.as_der(), &trust).unwrap().ca(), pinned);
    }
    // The name alone makes nobody an issuer.
    let impostor = root("CN=Root", &keys::RA);
    assert!(read(issuing.as_der(), &Trust::Certificates(vec![impostor])).is_err());
}

#[test]
fn who_trusts_on_first_use_takes_what_comes() {
    let ca = root("CN=Whoever", &keys::STRANGER);
    assert_eq!(read(ca.as_der(), &Trust::OnFirstUse).unwrap().ca(), &ca);
    let device = Who::device();
    let server = Server::standing();
    let csr = device.csr(Some("secret"));
    let mut enrolment = Enrolment::new(URL, csr, Trust::OnFirstUse, &RustCrypto).unwrap();
    assert_eq!(enrolment.ca(), None);
    let chain = drive(&mut enrolment, device.key, &server).unwrap();
    assert_eq!(chain[1], *server.authority.ca());
    // To be compared afterwards.
    assert_eq!(enrolment.ca(), Some(server.authority.ca()));
}
