//! RFC 5280 §5, CRLs: read, believed and issued.

use crate::support::certificate::{extension, utc_time};
use crate::support::{
    NULL, algorithm, certificate_of, ec, hex, limits, malformed, other, rsa, sequence, sign,
    testdata, tlv, tolerant,
};
use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::{Error, Misuse, Rejected};
use devicecert_pki::{
    Certificate, CertificateParams, Crl, CrlParams, CrlReason, Extension, Limits,
    RevokedCertificate, Signer, Time, Tolerance, Validity, oid,
};
use x509_cert::der::Decode;

/// 2026-04-01, thisUpdate of every CRL here.
const THIS_UPDATE: Time = Time::from_unix(1_775_001_600);
/// 2026-05-01, nextUpdate.
const NEXT_UPDATE: Time = Time::from_unix(1_777_593_600);
const NOW: Time = Time::from_unix(1_776_000_000);

fn ca() -> Certificate {
    Certificate::parse(&testdata("rfc5280/ours-ca.crt"), &limits()).unwrap()
}

fn crl(name: &str) -> Crl {
    Crl::parse(&testdata(&format!("rfc5280/{name}.crl")), &limits()).unwrap()
}

/// A certificate with this serial number, signed by a CA.
fn numbered(serial: &str, ca: &Certificate, key: &PrivateKey) -> Certificate {
    let validity = Validity { not_before: THIS_UPDATE, not_after: NEXT_UPDATE };
    let public = ec().public_key().clone();
    let subject = "CN=device".parse().unwrap();
    let mut params =
        CertificateParams::end_entity(ca, subject, public, validity, &RustCrypto).unwrap();
    params.serial = hex(serial);
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

fn day(day: i64) -> Time {
    // 2026-03-01 and the days after it.
    Time::from_unix(1_772_323_200 + (day - 1) * 86_400)
}

/// What `full.crl` lists.
fn listed() -> Vec<RevokedCertificate> {
    let longest = format!("7f{}", "ff".repeat(19));
    vec![
        RevokedCertificate::new(hex("0080"), day(2)),
        RevokedCertificate::new(hex("0102"), day(1)).because(CrlReason::KeyCompromise),
        RevokedCertificate::new(hex(&longest), day(3)).because(CrlReason::Superseded),
    ]
}

fn params() -> CrlParams {
    let mut params = CrlParams::new(&ca(), 420, THIS_UPDATE, NEXT_UPDATE);
    params.revoked = listed();
    params
}

fn issue(params: &CrlParams, key: &PrivateKey) -> Crl {
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

#[test]
fn what_openssl_writes_is_read() {
    let crl = crl("full");
    assert_eq!(crl.as_der(), testdata("rfc5280/full.crl"));
    assert_eq!(crl.issuer(), ca().subject());
    assert_eq!((crl.this_update(), crl.next_update()), (THIS_UPDATE, Some(NEXT_UPDATE)));
    assert_eq!(crl.number(), Some(420));
    assert_eq!(crl.unverified_entries(), listed());
    let identifier = crl.extensions().authority_key_identifier().unwrap();
    assert_eq!(identifier, hex("fd6e1456c58527dc33df3490bbebdb59f65d4d3d"));
}

#[test]
fn what_openssl_writes_is_what_is_written() {
    assert_eq!(issue(&params(), rsa()).as_der(), testdata("rfc5280/full.crl"));
}

#[test]
fn section_5_1_2_1_a_list_of_version_1_has_neither_number_nor_reasons() {
    let crl = crl("version-1");
    assert_eq!(crl.number(), None);
    assert!(crl.extensions().is_empty());
    assert!(crl.unverified_entries().iter().all(|entry| entry.reason.is_none()));
    let (ca, tolerance) = (ca(), tolerant());
    let verified = crl.verify(&ca, NOW, &RustCrypto, &tolerance).unwrap();
    assert_eq!(verified.entries().len(), 3);
}

#[test]
fn section_5_1_2_6_where_nothing_is_revoked_there_is_no_list() {
    let mut params = params();
    params.revoked.clear();
    let crl = issue(&params, rsa());
    assert_eq!(crl.unverified_entries(), []);
    let other_reader =
        x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(crl.as_der());
    assert!(other_reader.unwrap().tbs_cert_list.revoked_certificates.is_none());
}

#[test]
fn another_reader_finds_every_field() {
    let mut params = params();
    params.revoked[0].reason = Some(CrlReason::Unspecified);
    let der = issue(&params, ec()).as_der().to_vec();
    let list =
        x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&der).unwrap();
    let tbs = &list.tbs_cert_list;
    assert_eq!(tbs.version, x509_cert::Version::V2);
    let entries = tbs.revoked_certificates.as_ref().unwrap();
    let dates: Vec<i64> = entries
        .iter()
        .map(|entry| entry.revocation_date.to_unix_duration().as_secs().try_into().unwrap())
        .collect();
    assert_eq!(dates, [day(2).unix(), day(1).unix(), day(3).unix()]);
    // §5.3.1: unspecified is not written.
    let extensions: Vec<bool> =
        entries.iter().map(|entry| entry.crl_entry_extensions.is_some()).collect();
    assert_eq!(extensions, [false, true, true]);
    let critical = tbs.crl_extensions.as_ref().unwrap().iter().any(|one| one.critical);
    assert!(!critical);
}

#[test]
fn section_5_3_1_every_reason_has_a_number_and_a_word() {
    for (code, word) in [
        (0, "unspecified"),
        (1, "keyCompromise"),
        (2, "cACompromise"),
        (3, "affiliationChanged"),
        (4, "superseded"),
        (5, "cessationOfOperation"),
        (6, "certificateHold"),
        (8, "removeFromCRL"),
        (9, "privilegeWithdrawn"),
        (10, "aACompromise"),
    ] {
        let reason = CrlReason::from_code(code);
        assert_eq!(reason.code(), code);
        assert_eq!(reason.to_string(), word);
        assert_eq!(word.to_uppercase().parse(), Ok(reason));
    }
    for code in [7, 11, 255] {
        let reason = CrlReason::from_code(code);
        assert_eq!(reason, CrlReason::Other(code));
        assert_eq!(reason.code(), code);
        let mut params = params();
        params.revoked[0].reason = Some(reason);
        assert_eq!(issue(&params, ec()).unverified_entries()[0].reason, Some(reason));
    }
    assert!("key compromise".parse::<CrlReason>().is_err());
}

#[test]
fn a_certificate_on_the_list_is_revoked_and_another_is_not() {
    let (ca, crl, tolerance) = (ca(), crl("full"), tolerant());
    let verified = crl.verify(&ca, NOW, &RustCrypto, &tolerance).unwrap();
    let found = verified.revocation(&numbered("0102", &ca, rsa())).unwrap().unwrap();
    assert_eq!((found.date, found.reason), (day(1), Some(CrlReason::KeyCompromise)));
    assert!(verified.revocation(&numbered("80", &ca, rsa())).unwrap().is_some());
    for free in ["0a", "0103", "02", "010200", "7fff"] {
        assert_eq!(verified.revocation(&numbered(free, &ca, rsa())), Ok(None), "{free}");
    }
}

/// Two CAs of one name number their certificates each for itself.
#[test]
fn a_list_says_nothing_about_the_certificates_of_others() {
    let (ca, crl, tolerance) = (ca(), crl("full"), tolerant());
    let verified = crl.verify(&ca, NOW, &RustCrypto, &tolerance).unwrap();
    let rejected = Err(Rejected::OtherIssuer("the certificate"));
    let other_name = certificate_of("rsa");
    assert_eq!(verified.revocation(&numbered("0a", &other_name, rsa())), rejected);
    let validity = Validity { not_before: THIS_UPDATE, not_after: NEXT_UPDATE };
    let public = other().public_key().clone();
    let successor =
        CertificateParams::ca(ca.subject().clone(), public, validity, &RustCrypto).unwrap();
    let successor = successor.unsigned(other().public_key()).unwrap().sign(other()).unwrap();
    assert_eq!(verified.revocation(&numbered("0a", &successor, other())), rejected);
    // Nor is it believed to be the other's.
    let error = crl.verify(&successor, NOW, &RustCrypto, &tolerance).unwrap_err();
    assert_eq!(error, Rejected::Signature("the CRL").into());
    let error = crl.verify(&other_name, NOW, &RustCrypto, &tolerance).unwrap_err();
    assert_eq!(error, Rejected::OtherIssuer("the CRL").into());
}

#[test]
fn section_6_3_3_a_list_counts_from_this_update_to_next_update() {
    let (ca, crl, tolerance) = (ca(), crl("full"), tolerant());
    let at = |seconds: i64| {
        let now = Time::from_unix(seconds);
        crl.verify(&ca, now, &RustCrypto, &tolerance).map(|_| ())
    };
    let stale = Err(Rejected::NotCurrent("the CRL").into());
    assert_eq!(at(THIS_UPDATE.unix() - 1), stale);
    assert_eq!(at(THIS_UPDATE.unix()), Ok(()));
    assert_eq!(at(NEXT_UPDATE.unix()), Ok(()));
    assert_eq!(at(NEXT_UPDATE.unix() + 1), stale);
}

#[test]
fn section_5_2_a_partial_or_delta_list_is_refused_for_its_critical_extension() {
    for (name, odd) in [("partial", "2.5.29.28"), ("delta", "2.5.29.27")] {
        let error = crl(name).verify(&ca(), NOW, &RustCrypto, &tolerant()).unwrap_err();
        let odd = ObjectIdentifier::new_unwrap(odd);
        assert_eq!(error, Rejected::CriticalExtension(odd).into());
    }
}

/// Taken for granted, it would say that a certificate of one CA is one of another.
#[test]
fn section_5_3_3_an_entry_of_another_issuer_is_refused() {
    let value = [0x30, 0];
    let issuer = extension("0603551d1d", &[1, 1, 0xff], &value);
    let entry = sequence(&[&[2, 1, 9], &utc_time("260301000000Z"), &sequence(&[&issuer])]);
    let crl = Crl::parse(&raw(&entry, rsa()), &limits()).unwrap();
    let error = crl.verify(&ca(), NOW, &RustCrypto, &tolerant()).unwrap_err();
    let odd = ObjectIdentifier::new_unwrap("2.5.29.29");
    assert_eq!(error, Rejected::CriticalExtension(odd).into());
}

/// A list with these entries, put together by hand.
fn raw(entries: &[u8], key: &PrivateKey) -> Vec<u8> {
    let algorithm = algorithm(oid::SHA256_WITH_RSA, NULL);
    let tbs = sequence(&[
        &[2, 1, 1],
        &algorithm,
        ca().subject().as_der(),
        &utc_time("260401000000Z"),
        &utc_time("260501000000Z"),
        &sequence(&[entries]),
    ]);
    let octets = sign(key, DigestAlgorithm::Sha256, &tbs);
    sequence(&[&tbs, &algorithm, &tlv(3, &[&[0], &octets[..]].concat())])
}

#[test]
fn not_an_octet_of_what_is_signed_can_change() {
    let (ca, der, tolerance) = (ca(), testdata("rfc5280/full.crl"), tolerant());
    for at in 0..der.len() {
        let mut damaged = der.clone();
        damaged[at] ^= 1;
        if let Ok(crl) = Crl::parse(&damaged, &limits()) {
            assert!(crl.verify(&ca, NOW, &RustCrypto, &tolerance).is_err(), "octet {at}");
        }
    }
}

#[test]
fn the_key_must_be_one_that_may_sign_lists() {
    let validity = Validity { not_before: THIS_UPDATE, not_after: NEXT_UPDATE };
    let public = rsa().public_key().clone();
    let name = ca().subject().clone();
    let mut params = CertificateParams::ca(name, public, validity, &RustCrypto).unwrap();
    params.extensions[1] = Extension::key_usage(devicecert_pki::KeyUsage::KEY_CERT_SIGN);
    let issuer = params.unsigned(rsa().public_key()).unwrap().sign(rsa()).unwrap();
    let error = crl("full").verify(&issuer, NOW, &RustCrypto, &tolerant()).unwrap_err();
    assert_eq!(error, Rejected::OtherIssuer("the CRL").into());
    let of_another = issue(&self::params(), other());
    let error = of_another.verify(&ca(), NOW, &RustCrypto, &Tolerance::STRICT).unwrap_err();
    assert_eq!(error, Rejected::Signature("the CRL").into());
}

#[test]
fn too_much_is_refused_and_what_is_none_is_said_to_be_none() {
    let der = testdata("rfc5280/full.crl");
    let mut limits = Limits::default();
    limits.message_bytes = der.len() - 1;
    assert!(matches!(Crl::parse(&der, &limits), Err(Error::LimitExceeded(_))));
    for length in 0..der.len() {
        assert!(Crl::parse(&der[..length], &Limits::default()).is_err());
    }
    let (_, expected, _) =
        malformed(Crl::parse(&testdata("rfc5280/ours-ca.crt"), &Limits::default()));
    assert_eq!(expected, "signature");
    let mut params = params();
    params.revoked[0].serial.clear();
    let error = params.unsigned(rsa().public_key()).unwrap_err();
    assert!(matches!(error, Error::Misuse(Misuse::Value(_))));
}

#[test]
fn section_4_2_1_13_where_the_list_is_stands_in_the_certificate() {
    let url = "http://ca.example/crl-0.crl";
    let (ca, validity) = (ca(), Validity { not_before: THIS_UPDATE, not_after: NEXT_UPDATE });
    let subject = "CN=device".parse().unwrap();
    let public = ec().public_key().clone();
    let mut params =
        CertificateParams::end_entity(&ca, subject, public, validity, &RustCrypto).unwrap();
    params.extensions.push(Extension::crl_distribution_point(url).unwrap());
    let certificate = params.unsigned(rsa().public_key()).unwrap().sign(rsa()).unwrap();
    assert_eq!(certificate.extensions().crl_distribution_points(), [url]);
    let found = certificate.extensions().get(oid::CRL_DISTRIBUTION_POINTS).unwrap();
    // SEQUENCE of one DistributionPoint, [0] distributionPoint, [0] fullName, [6] URI
    let written = [&hex("3023 3021 a01f a01d 861b"), url.as_bytes()].concat();
    assert_eq!(found.value, written);
    for bad in ["", "http://ca.example/ü.crl", "http://ca.example/\n"] {
        assert!(Extension::crl_distribution_point(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn section_4_2_1_13_a_point_for_some_reasons_only_is_no_place_for_the_whole_list() {
    let point = |more: &[u8]| {
        let name = tlv(0xa0, &tlv(0xa0, &tlv(0x86, b"http://a")));
        sequence(&[&name, more])
    };
    let whole = point(&[]);
    let some_reasons = point(&[0x81, 2, 6, 0x40]);
    let other_issuer = point(&tlv(0xa2, &tlv(0x86, b"http://b")));
    let value = sequence(&[&some_reasons, &other_issuer, &whole]);
    let extension = Extension { oid: oid::CRL_DISTRIBUTION_POINTS, critical: false, value };
    let extensions: devicecert_pki::Extensions = [extension].into_iter().collect();
    assert_eq!(extensions.crl_distribution_points(), ["http://a"]);
}
