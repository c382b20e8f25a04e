//! §3.4 CertificationRequestInfoTemplate.

use devicecert_est::error::InvalidMessage;
use devicecert_est::{
    CsrAttrs, Error, ExtensionTemplate, KeyDemand, Limits, SubjectAttribute, Template, Tolerance,
};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Attribute, oid};

fn with(der: Vec<u8>) -> Result<Option<Template>, Error> {
    let attribute = Attribute::new(devicecert_est::oid::CERTIFICATION_REQUEST_INFO_TEMPLATE, der);
    let attrs = CsrAttrs::default().attribute(attribute).to_der();
    let attrs = CsrAttrs::parse(&attrs, &Tolerance::STRICT, &Limits::default())?;
    attrs.template(&Limits::default())
}

fn refused(der: Vec<u8>) {
    let outcome = with(der);
    assert!(outcome.is_err(), "{outcome:?}");
}

const CN: &str = "2.5.4.3";

fn common_name(value: Option<&str>) -> SubjectAttribute {
    let value = value.map(|text| Writer::build(|w| w.value(tag::UTF8_STRING, text.as_bytes())));
    SubjectAttribute { oid: CN.parse().unwrap(), value }
}

#[test]
fn the_smallest_template_has_a_version_and_an_empty_set_of_attributes() {
    let template = with(vec![0x30, 5, 2, 1, 0, 0xa1, 0]).unwrap().unwrap();
    assert_eq!(template, Template::default());
    assert_eq!(template.to_der(), [0x30, 5, 2, 1, 0, 0xa1, 0]);
    refused(vec![0x30, 3, 2, 1, 0]);
    refused(vec![0x30, 5, 2, 1, 1, 0xa1, 0]);
}

#[test]
fn a_subject_may_be_absent_empty_or_have_holes() {
    for (subject, der) in [
        (None, vec![]),
        (Some(vec![]), vec![0x30, 0]),
        (Some(vec![vec![common_name(None)]]), vec![0x30, 9, 0x31, 7, 0x30, 5, 6, 3, 0x55, 4, 3]),
        (
            Some(vec![vec![common_name(Some("x"))]]),
            vec![0x30, 12, 0x31, 10, 0x30, 8, 6, 3, 0x55, 4, 3, 0x0c, 1, b'x'],
        ),
    ] {
        let length = u8::try_from(5 + der.len()).unwrap();
        let whole = [&[0x30, length, 2, 1, 0][..], &der, &[0xa1, 0]].concat();
        let template = with(whole.clone()).unwrap().unwrap();
        assert_eq!(template.subject, subject);
        assert_eq!(template.to_der(), whole);
    }
    // An RDN without attributes.
    refused(vec![0x30, 9, 2, 1, 0, 0x30, 2, 0x31, 0, 0xa1, 0]);
}

#[test]
fn a_key_is_an_algorithm_and_for_rsa_a_placeholder_of_its_size() {
    for key in [
        KeyDemand::Ec { curve: Some(oid::SECP256R1) },
        KeyDemand::Rsa { bits: None },
        KeyDemand::Rsa { bits: Some(2048) },
        KeyDemand::Rsa { bits: Some(3072) },
        KeyDemand::Rsa { bits: Some(4096) },
        KeyDemand::Other("1.3.101.112".parse().unwrap()),
    ] {
        let mut template = Template::default();
        template.key = Some(key);
        assert_eq!(with(template.to_der()).unwrap().unwrap().key, Some(key));
    }
}

#[test]
fn a_placeholder_is_for_rsa_only() {
    // [0] { { ecPublicKey, secp256r1 }, BIT STRING }
    let key = Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned(0);
            w.nested(0xa0, |w| {
                w.sequence(|w| {
                    w.oid(&oid::EC_PUBLIC_KEY);
                    w.oid(&oid::SECP256R1);
                });
                w.bit_string(&[4]);
            });
            w.value(0xa1, &[]);
        });
    });
    refused(key);
}

#[test]
fn full_extensions_go_into_extension_req_and_partial_ones_into_the_template_of_it() {
    let full =
        ExtensionTemplate { oid: oid::KEY_USAGE, critical: true, value: Some(vec![3, 2, 7, 0x80]) };
    let partial = ExtensionTemplate { oid: oid::SUBJECT_ALT_NAME, critical: false, value: None };
    let req = oid::EXTENSION_REQUEST.as_bytes().to_vec();
    let template_oid = devicecert_est::oid::EXTENSION_REQ_TEMPLATE.as_bytes().to_vec();
    for (extensions, has) in [
        (vec![full.clone()], req),
        (vec![partial.clone()], template_oid.clone()),
        (vec![full, partial], template_oid),
    ] {
        let mut template = Template::default();
        template.extensions = extensions.clone();
        let der = template.to_der();
        assert!(der.windows(has.len()).any(|window| window == has));
        assert_eq!(with(der).unwrap().unwrap().extensions, extensions);
    }
}

fn extensions(oid: const_oid::ObjectIdentifier, list: &[u8]) -> Vec<u8> {
    let value = [&[0x30, u8::try_from(list.len()).unwrap()][..], list].concat();
    Attribute::new(oid, value).to_der()
}

fn template_with(attributes: &[Vec<u8>]) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned(0);
            w.value(0xa1, &attributes.concat());
        });
    })
}

#[test]
fn extensions_come_once_and_each_of_them_once() {
    const SAN: [u8; 7] = [0x30, 5, 6, 3, 0x55, 0x1d, 0x11];
    let partial = extensions(devicecert_est::oid::EXTENSION_REQ_TEMPLATE, &SAN);
    let full = extensions(oid::EXTENSION_REQUEST, &[0x30, 9, 6, 3, 0x55, 0x1d, 0x0f, 4, 2, 5, 0]);
    assert!(with(template_with(std::slice::from_ref(&partial))).is_ok());
    assert!(with(template_with(std::slice::from_ref(&full))).is_ok());
    refused(template_with(&[partial.clone(), partial]));
    refused(template_with(&[full.clone(), full.clone()]));
    let partial = extensions(devicecert_est::oid::EXTENSION_REQ_TEMPLATE, &SAN);
    refused(template_with(&[partial, full]));
    let twice = extensions(devicecert_est::oid::EXTENSION_REQ_TEMPLATE, &[SAN, SAN].concat());
    refused(template_with(&[twice]));
}

/// DER leaves a default out: a written FALSE would be a second spelling.
#[test]
fn a_critical_that_is_written_is_true() {
    let list = |critical: u8| vec![0x30, 8, 6, 3, 0x55, 0x1d, 0x11, 1, 1, critical];
    let oid = devicecert_est::oid::EXTENSION_REQ_TEMPLATE;
    let read = with(template_with(&[extensions(oid, &list(0xff))])).unwrap().unwrap();
    assert!(read.extensions[0].critical);
    refused(template_with(&[extensions(oid, &list(0))]));
    refused(template_with(&[extensions(oid, &list(1))]));
}

#[test]
fn there_is_one_template() {
    let one = Template::default();
    let attrs = CsrAttrs::default().with_template(&one).with_template(&one).to_der();
    let error = CsrAttrs::parse(&attrs, &Tolerance::default(), &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::InvalidMessage(InvalidMessage::CsrAttrs(_))));
}

#[test]
fn a_template_has_an_end() {
    let many = vec![vec![common_name(None)]; 65];
    let mut template = Template::default();
    template.subject = Some(many);
    assert!(matches!(with(template.to_der()), Err(Error::LimitExceeded(_))));
}
