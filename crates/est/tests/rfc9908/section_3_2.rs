//! §3.2 The list: what each kind of element asks for.

use devicecert_est::error::InvalidMessage;
use devicecert_est::{
    AttrOrOid, CsrAttrs, Error, KeyDemand, Limits, LinkingAttribute, Plan, Tolerance, Undecided,
};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::Writer;
use devicecert_pki::{Attribute, Extension, KeyUsage, Signer, oid};

use crate::common::{DEVICE, RSA, dns, unbase64};

fn plan(attrs: &CsrAttrs) -> Result<Plan, Error> {
    let attrs = CsrAttrs::parse(&attrs.to_der(), &Tolerance::STRICT, &Limits::default())?;
    attrs.plan(&Tolerance::STRICT, &Limits::default())
}

fn contradiction<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::InvalidMessage(InvalidMessage::CsrAttrs(_))), "{error}");
}

/// The corrected form of RFC 7030's example, as RFC 9908 §5.2 prints it.
#[test]
fn the_corrected_example_of_rfc_7030() {
    let der = unbase64("MDIGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiBgcrBgEBAQEWBggqhkjOPQQDAw==");
    let attrs = CsrAttrs::parse(&der, &Tolerance::STRICT, &Limits::default()).unwrap();
    assert_eq!(attrs.to_der(), der);
    assert!(attrs.wants_linking());
    let plan = attrs.plan(&Tolerance::STRICT, &Limits::default()).unwrap();
    assert_eq!(plan.key, Some(KeyDemand::Ec { curve: Some(oid::SECP384R1) }));
    assert_eq!(plan.params.digest, DigestAlgorithm::Sha384);
    assert_eq!(plan.linking, Some(LinkingAttribute::ChallengePassword));
    let mac_address = "1.3.6.1.1.1.1.22".parse().unwrap();
    assert_eq!(plan.ignored, [mac_address]);
}

#[test]
fn extensions_with_values_are_taken_over() {
    let usage = Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE);
    let names = Extension::subject_alt_name(&[dns("device.test")], true).unwrap();
    let wanted = [usage, names];
    let plan = plan(&CsrAttrs::default().extensions(&wanted)).unwrap();
    assert_eq!(plan.params.extensions, wanted);
    let params = plan.finish(DEVICE.public_key()).unwrap();
    let csr = crate::common::signed(&params, &DEVICE);
    assert_eq!(csr.extensions().iter().cloned().collect::<Vec<_>>(), wanted);
}

#[test]
fn an_extension_without_value_is_for_the_device_to_fill() {
    let mut plan = plan(&CsrAttrs::default().oid(oid::SUBJECT_ALT_NAME)).unwrap();
    let open = Undecided::Extension { oid: oid::SUBJECT_ALT_NAME, critical: false };
    assert_eq!(plan.undecided(DEVICE.public_key()), [open]);
    plan.params.subject_alt_name.push(dns("device.test"));
    assert_eq!(plan.undecided(DEVICE.public_key()), []);
}

#[test]
fn an_attribute_of_the_subject_is_for_the_device_to_fill() {
    // serialNumber (X.520)
    let serial = "2.5.4.5".parse().unwrap();
    let mut plan = plan(&CsrAttrs::default().oid(serial)).unwrap();
    plan.subject(&"CN=device-1".parse().unwrap());
    let open = plan.undecided(DEVICE.public_key());
    assert_eq!(open, [Undecided::SubjectAttribute(serial)]);
    assert_eq!(open[0].to_string(), "the subject needs an attribute 2.5.4.5");
    plan.subject(&"serialNumber=7,CN=device-1".parse().unwrap());
    assert!(plan.finish(DEVICE.public_key()).is_ok());
}

#[test]
fn a_key_type_is_one_attribute_with_or_without_a_parameter() {
    for demand in [
        KeyDemand::Rsa { bits: Some(2048) },
        KeyDemand::Rsa { bits: None },
        KeyDemand::Ec { curve: Some(oid::SECP256R1) },
        KeyDemand::Ec { curve: None },
    ] {
        let plan = plan(&CsrAttrs::default().key(demand)).unwrap();
        assert_eq!(plan.key, Some(demand));
        let (right, wrong) = match demand {
            KeyDemand::Rsa { .. } => (&*RSA, &*DEVICE),
            _ => (&*DEVICE, &*RSA),
        };
        assert_eq!(plan.undecided(right.public_key()), []);
        assert_eq!(plan.undecided(wrong.public_key()), [Undecided::Key(demand)]);
    }
    let larger = plan(&CsrAttrs::default().key(KeyDemand::Rsa { bits: Some(4096) })).unwrap();
    assert_eq!(larger.undecided(RSA.public_key()).len(), 1);
}

#[test]
fn two_key_types_or_two_parameters_are_refused() {
    let rsa = KeyDemand::Rsa { bits: None };
    let ec = KeyDemand::Ec { curve: None };
    contradiction(plan(&CsrAttrs::default().key(rsa).key(ec)));
    let curve = |curve| Writer::build(|w| w.oid(&curve));
    let mut two = Attribute::new(oid::EC_PUBLIC_KEY, curve(oid::SECP256R1));
    two.values.push(curve(oid::SECP384R1));
    contradiction(plan(&CsrAttrs::default().attribute(two)));
}

/// CSR attributes are not authenticated beyond TLS: they must not make a device make a weak key,
/// or one that keeps it busy for an hour.
#[test]
fn a_key_that_nobody_should_make_is_refused() {
    for bits in [0, 512, 1024, 2047, 8193, 1 << 30] {
        contradiction(plan(&CsrAttrs::default().key(KeyDemand::Rsa { bits: Some(bits) })));
    }
    assert!(plan(&CsrAttrs::default().key(KeyDemand::Rsa { bits: Some(4096) })).is_ok());
}

#[test]
fn a_signature_algorithm_is_a_digest() {
    for (wanted, digest) in [
        (oid::ECDSA_WITH_SHA384, DigestAlgorithm::Sha384),
        (oid::SHA512_WITH_RSA, DigestAlgorithm::Sha512),
        (oid::SHA384, DigestAlgorithm::Sha384),
        // Nothing weaker than what is the default anyway.
        (oid::SHA1_WITH_RSA, DigestAlgorithm::Sha256),
        (oid::MD5_WITH_RSA, DigestAlgorithm::Sha256),
    ] {
        let plan = plan(&CsrAttrs::default().oid(wanted)).unwrap();
        assert_eq!(plan.params.digest, digest);
        assert_eq!(plan.ignored, []);
    }
}

#[test]
fn extensions_are_in_one_attribute_each_once() {
    let usage = [Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE)];
    contradiction(plan(&CsrAttrs::default().extensions(&usage).extensions(&usage)));
    let twice = [usage[0].clone(), usage[0].clone()];
    contradiction(plan(&CsrAttrs::default().extensions(&twice)));
}

#[test]
fn bare_identifiers_of_curves_and_keys_are_understood() {
    let attrs = CsrAttrs::default().oid(oid::EC_PUBLIC_KEY).oid(oid::SECP256R1).oid(oid::SHA256);
    let plan = plan(&attrs).unwrap();
    assert_eq!(plan.key, Some(KeyDemand::Ec { curve: Some(oid::SECP256R1) }));
    assert!(matches!(attrs.elements()[0], AttrOrOid::Oid(_)));
}

#[test]
fn est_identity_linking_is_preferred_where_it_is_listed() {
    let identity = devicecert_est::oid::EST_IDENTITY_LINKING;
    let plan = plan(&CsrAttrs::default().require_linking().oid(identity)).unwrap();
    assert_eq!(plan.linking, Some(LinkingAttribute::EstIdentityLinking));
}
