//! A device gets a certificate for its own user.

use devicecert_fleet::Rules;
use devicecert_fleet::request_certificate::HostBinding;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Attribute, Csr, CsrParams, Extension, GeneralName, KeyUsage, Signer, oid};

use crate::support::{
    ADMIN, EMAIL, KEY, World, body, csr, device, good, host, idp_body, names, raw_upn, refused,
    told,
};

const MISMATCH: &str =
    "Certificate subject does not match the end user identity recorded for this host.";

#[test]
fn its_own_user() {
    let mut world = World::closed();
    for username in [EMAIL, "FLEETIE@Example.com"] {
        world.issues(&device(host(Some(username))), &body(&good()));
    }
    world.issues(&device(host(Some(EMAIL))), &body(&names("Fleetie@example.com", "FLEETIE")));
}

#[test]
fn anybody_else() {
    let mut world = World::closed();
    for username in [None, Some(""), Some("other@example.com"), Some("fleetie")] {
        let refusal = world.refuses(&device(host(username)), &body(&good()));
        assert_eq!(told(&refusal), refused(403, MISMATCH));
    }
    for upn in ["victim@example.com", "fleet", "fleetie@"] {
        let refusal = world.refuses(&device(host(Some(EMAIL))), &body(&names(EMAIL, upn)));
        assert_eq!(told(&refusal), refused(403, MISMATCH));
    }
    // What names nobody cannot be bound.
    let refusal = world.refuses(&device(host(Some(EMAIL))), &body(&csr(vec![])));
    assert_eq!(told(&refusal), refused(400, "Invalid CSR"));
    assert!(!world.done.contains(&"issue"));
}

/// Before anything goes over the network.
#[test]
fn binding_comes_before_introspection() {
    let mut world = World::new(Rules::Current);
    let refusal = world.refuses(&device(host(None)), &idp_body(&good()));
    assert_eq!(told(&refusal), refused(403, MISMATCH));
    assert_eq!(world.done, ["look up"]);
}

#[test]
fn where_it_is_disabled() {
    let mut world = World::closed();
    world.service.policy.host_binding = HostBinding::Disabled;
    world.issues(&device(host(None)), &body(&good()));
    world.issues(&device(host(Some("other@example.com"))), &body(&csr(vec![])));
}

/// What a CA may believe and nobody compares with the user, each beside his own names.
fn others() -> Vec<(&'static str, Csr)> {
    const SID: &str = "S-1-5-21-1-2-3-500";
    let base = |subject: &str| {
        let mut params = CsrParams::new(subject.parse().unwrap());
        params.subject_alt_name =
            vec![GeneralName::Email(EMAIL.into()), GeneralName::Upn(EMAIL.into())];
        params
    };
    let sign = |params: CsrParams| params.unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap();
    let with_name = |name: GeneralName| sign(base("CN=Test").alt_name(name));
    let with_attribute = |oid| {
        let mut params = base("CN=Test");
        let value = Writer::build(|w| {
            w.sequence(|w| w.value(tag::UTF8_STRING, b"SAN:upn=root@example.com"));
        });
        params.attributes.push(Attribute::new(oid, value));
        sign(params)
    };
    let with_extension = |oid| {
        let mut params = base("CN=Test");
        let value = Writer::build(|w| w.value(tag::OCTET_STRING, SID.as_bytes()));
        params.extensions.push(Extension { oid, critical: false, value });
        sign(params)
    };
    let uri = |text: String| with_name(GeneralName::Uri(text));
    let address = "an emailAddress of the subject";
    let (sid, kind) = ("the URI of a security identifier", "a name of a kind that is not read");
    vec![
        (address, sign(base("CN=Test,emailAddress=admin@example.com"))),
        (address, sign(base(&format!("emailAddress={EMAIL},emailAddress=admin@example.com")))),
        (sid, uri(format!("tag:microsoft.com,2022-09-14:sid:{SID}"))),
        (sid, uri(format!("TAG:Microsoft.com,2022-09-14:sid:{SID}"))),
        ("a directoryName", with_name(GeneralName::Directory("CN=admin".parse().unwrap()))),
        (kind, with_name(GeneralName::RegisteredId(oid::DATA))),
        // Kerberos (RFC 4556 §3.2.2).
        (kind, with_name(GeneralName::Other(vec![0xa0, 7, 0x06, 1, 0x2a, 0xa0, 2, 0x0c, 0]))),
        ("an extension that is not read", with_extension(oid::MS_NTDS_CA_SECURITY_EXT)),
        ("an attribute that is not read", with_attribute(oid::MS_ENROLLMENT_NAME_VALUE_PAIR)),
    ]
}

#[test]
fn nothing_in_the_request_of_a_device_may_name_somebody_else() {
    let (mut world, own) = (World::closed(), device(host(Some(EMAIL))));
    for (place, csr) in others() {
        let refusal = world.refuses(&own, &body(&csr));
        assert_eq!(told(&refusal), refused(400, "Invalid CSR"), "{place}");
        assert_eq!(world.logged(&own, &body(&csr)), format!("CSR says in {place} who it is for"));
    }
    assert!(!world.done.contains(&"issue"));
}

/// What programs write of themselves, and what says nothing of who somebody is.
#[test]
fn what_names_nobody_is_not_looked_at() {
    let mut params = CsrParams::new(format!("emailAddress={EMAIL},CN=Test").parse().unwrap());
    params.subject_alt_name = vec![
        GeneralName::Email(EMAIL.into()),
        raw_upn(tag::IA5_STRING, EMAIL),
        GeneralName::Dns("laptop.example.com".into()),
        GeneralName::Ip([192, 0, 2, 1].into()),
        GeneralName::Uri("ID:FleetDM:GUID:85700036".into()),
    ];
    params.key_usage = Some(KeyUsage::SIGN_AND_AGREE);
    params.extended_key_usage = vec![oid::CLIENT_AUTH];
    let text = Writer::build(|w| w.value(tag::UTF8_STRING, b"x"));
    params.attributes.push(Attribute::new(oid::UNSTRUCTURED_NAME, text));
    let csr = params.challenge("c").unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap();
    World::closed().issues(&device(host(Some(EMAIL))), &body(&csr));
}

/// Fleet compares mail address and user principal name, and leaves the rest to the CA.
#[test]
fn fleet_looks_at_two_names_only() {
    let mut world = World::closed();
    world.service.policy.host_binding = HostBinding::MailAddressAndUpn;
    let own = device(host(Some(EMAIL)));
    for (_, csr) in others() {
        world.issues(&own, &body(&csr));
    }
    let refusal = world.refuses(&own, &body(&names("x@example.com", "x")));
    assert_eq!(told(&refusal), refused(403, MISMATCH));
}

/// A token has no host, so there is nothing to bind to.
#[test]
fn users_are_not_bound() {
    World::closed().issues(&ADMIN, &body(&names("anybody@example.com", "somebody")));
}

/// Late 2025 issues to any device that signs.
#[test]
fn late_2025_binds_nobody() {
    let mut world = World::new(Rules::Guide);
    world.issues(&device(host(Some("other@example.com"))), &body(&good()));
}
