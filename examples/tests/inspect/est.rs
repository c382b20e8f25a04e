//! What `inspect` says of CSR attributes and CMC messages.

use devicecert::crypto_rust::RustCrypto;
use devicecert::est::cmc::{FailInfo, PkiData, PkiResponse, StatusInfo};
use devicecert::est::{CsrAttrs, KeyDemand};
use devicecert::pki::{Attribute, CsrParams, Signer, oid};

use crate::support::{WORLD, has, shown};

#[test]
fn csr_attributes_are_told_in_words() {
    let attrs = CsrAttrs::default()
        .require_linking()
        .key(KeyDemand::Ec { curve: Some(oid::SECP256R1) })
        .oid(oid::SUBJECT_ALT_NAME);
    let report = shown(&attrs.to_der());
    assert_eq!(report.damage, None);
    has(
        &report,
        &[
            "CSR attributes",
            "(1.2.840.113549.1.9.7)",
            "(2.5.29.17)",
            "key an EC key on P-256",
            "linking requests have to be linked to TLS",
            "Unusual nothing",
        ],
    );
}

#[test]
fn the_mistake_of_rfc_7030_s_example_is_told() {
    let value = devicecert::pki::asn1::Writer::build(|w| w.oid(&oid::SUBJECT_ALT_NAME));
    let wrong = Attribute::new(oid::EXTENSION_REQUEST, value);
    let report = shown(&CsrAttrs::default().attribute(wrong).to_der());
    has(&report, &["object identifiers stand where extensions should"]);
}

#[test]
fn a_full_pki_request_and_its_refusal_are_told_in_words() {
    let key = &WORLD.device_key;
    let params = CsrParams::new("CN=laptop-7".parse().unwrap());
    let csr = params.unsigned(key.public_key()).unwrap().sign(key).unwrap();
    let data = PkiData::new(csr, &RustCrypto).unwrap();
    let message = data.unsigned(&WORLD.device, &RustCrypto).unwrap().sign(key).unwrap();
    let report = shown(&message);
    assert_eq!(report.damage, None);
    has(&report, &["CMC message", "PKIData", "senderNonce", "PKCS #10, part 1", "CN=laptop-7"]);
    let failed = StatusInfo::failed(FailInfo::PopFailed, [1]).because("linked elsewhere");
    let refusal = PkiResponse::to(&data, &[failed]).unwrap().to_unsigned_cms();
    has(
        &shown(&refusal),
        &["PKIResponse", "failed (2), popFailed (9), \"linked elsewhere\"", "recipientNonce"],
    );
}
