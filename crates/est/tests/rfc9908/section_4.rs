//! §4 What a client makes of it: the template, if there is one, and nothing else.

use devicecert_est::{
    CsrAttrs, ExtensionTemplate, KeyDemand, Limits, SubjectAttribute, Template, Tolerance,
    Undecided,
};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Attribute, GeneralName, Name, Signer, oid};

use crate::common::{DEVICE, RSA, signed};

fn plan(attrs: &CsrAttrs) -> devicecert_est::Plan {
    attrs.plan(&Tolerance::STRICT, &Limits::default()).unwrap()
}

fn attribute(kind: &str, text: Option<&str>) -> Vec<SubjectAttribute> {
    let value = text.map(|text| Writer::build(|w| w.value(tag::UTF8_STRING, text.as_bytes())));
    vec![SubjectAttribute { oid: kind.parse().unwrap(), value }]
}

#[test]
fn beside_a_template_the_list_does_not_count() {
    let mut template = Template::default();
    template.key = Some(KeyDemand::Ec { curve: Some(oid::SECP256R1) });
    let attrs = CsrAttrs::default()
        .key(KeyDemand::Rsa { bits: Some(2048) })
        .oid(oid::SUBJECT_ALT_NAME)
        .with_template(&template);
    let plan = plan(&attrs);
    assert_eq!(plan.undecided(DEVICE.public_key()), []);
    assert_eq!(plan.undecided(RSA.public_key()).len(), 1);
}

/// O=Acme fixed, CN and serialNumber open, in the server's order.
#[test]
fn the_holes_of_the_subject_are_filled_from_the_devices_own_name() {
    let mut template = Template::default();
    template.subject = Some(vec![
        attribute("2.5.4.10", Some("Acme")),
        attribute("2.5.4.3", None),
        attribute("2.5.4.5", None),
    ]);
    let mut plan = plan(&CsrAttrs::default().with_template(&template));
    let open = |plan: &devicecert_est::Plan| plan.undecided(DEVICE.public_key());
    assert_eq!(open(&plan).len(), 2);
    plan.subject(&"CN=device-1,O=Elsewhere,OU=left out".parse().unwrap());
    assert_eq!(open(&plan), [Undecided::SubjectAttribute("2.5.4.5".parse().unwrap())]);
    plan.subject(&"serialNumber=7".parse().unwrap());
    let params = plan.finish(DEVICE.public_key()).unwrap();
    assert_eq!(params.subject.to_string(), "serialNumber=7,CN=device-1,O=Acme");
}

#[test]
fn an_empty_subject_stays_empty() {
    let mut template = Template::default();
    template.subject = Some(Vec::new());
    template.extensions =
        vec![ExtensionTemplate { oid: oid::SUBJECT_ALT_NAME, critical: true, value: None }];
    let mut plan = plan(&CsrAttrs::default().with_template(&template));
    plan.subject(&"CN=device-1".parse().unwrap());
    let open = Undecided::Extension { oid: oid::SUBJECT_ALT_NAME, critical: true };
    assert_eq!(plan.undecided(DEVICE.public_key()), [open]);
    plan.params.subject_alt_name = vec![GeneralName::Dns("device.test".into())];
    let csr = signed(&plan.finish(DEVICE.public_key()).unwrap(), &DEVICE);
    assert_eq!(csr.subject(), &Name::empty());
    let names = csr.extensions().get(oid::SUBJECT_ALT_NAME).unwrap();
    assert!(names.critical);
}

#[test]
fn without_a_subject_in_the_template_the_device_has_its_own() {
    let mut plan = plan(&CsrAttrs::default().with_template(&Template::default()));
    plan.subject(&"CN=device-1".parse().unwrap());
    let params = plan.finish(DEVICE.public_key()).unwrap();
    assert_eq!(params.subject.to_string(), "CN=device-1");
}

#[test]
fn attributes_with_a_value_are_taken_over_and_those_without_are_open() {
    // unstructuredName (RFC 2985 §5.4.5)
    let kind = "1.2.840.113549.1.9.2".parse().unwrap();
    let with = Attribute::new(kind, vec![0x0c, 1, b'x']);
    let mut without = with.clone();
    without.values.clear();
    let mut template = Template::default();
    template.attributes = vec![with.clone()];
    let params = plan(&CsrAttrs::default().with_template(&template)).finish(DEVICE.public_key());
    assert_eq!(params.unwrap().attributes, [with]);
    template.attributes = vec![without];
    let open = plan(&CsrAttrs::default().with_template(&template)).undecided(DEVICE.public_key());
    assert_eq!(open, [Undecided::Attribute(kind)]);
}
