//! The names in the request (Fleet's identity rules).

use devicecert_fleet::Rules;
use devicecert_fleet::request_certificate::{AuthorityId, IdpFault, Refusal};
use devicecert_fleet::request_certificate::{CsrFault, Reply, Step};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Csr, GeneralName, oid};

use crate::support::{
    ADMIN, EMAIL, World, body, csr, good, idp_body, names, pem, raw_upn, refused, told,
};

const RULES: [Rules; 2] = [Rules::Guide, Rules::Current];

fn email(text: &str) -> GeneralName {
    GeneralName::Email(text.into())
}

fn upn(text: &str) -> GeneralName {
    GeneralName::Upn(text.into())
}

/// What an administrator finds in the log; `None` if it is issued.
fn logged(rules: Rules, csr: &Csr) -> Option<Refusal> {
    let world = World::new(rules);
    let body = idp_body(csr).to_string();
    let mut handling = world.service.handle(&ADMIN, AuthorityId::from(3), body.as_bytes()).unwrap();
    loop {
        handling = match handling.step() {
            Step::LookUp(asked) => asked.found(world.authority.clone()),
            Step::Introspect(asked) => asked.answered(&world.introspection),
            Step::Issue(_) => return None,
            Step::Done(Reply::Refused(refusal)) => return Some(refusal),
            Step::Done(Reply::Issued(_)) => unreachable!(),
        };
    }
}

fn fault(rules: Rules, csr: &Csr) -> Option<String> {
    logged(rules, csr).map(|refusal| match refusal {
        Refusal::InvalidCsr(fault) => fault.to_string(),
        other => panic!("{other:?}"),
    })
}

#[test]
fn one_mail_address() {
    for rules in RULES {
        assert_eq!(fault(rules, &good()), None);
        let none = csr(vec![upn(EMAIL)]);
        assert_eq!(fault(rules, &none).unwrap(), "CSR does not contain an email address");
        let two = csr(vec![email(EMAIL), email("victim@example.com"), upn(EMAIL)]);
        let text = "CSR contains 2 email addresses, only 1 is supported";
        assert_eq!(fault(rules, &two).unwrap(), text);
    }
}

#[test]
fn one_user_principal_name() {
    for rules in RULES {
        let none = csr(vec![email(EMAIL)]);
        assert_eq!(fault(rules, &none).unwrap(), "CSR does not contain a UPN");
    }
    let two = csr(vec![email(EMAIL), upn(EMAIL), upn("victim@example.com")]);
    assert_eq!(fault(Rules::Guide, &two), None);
    let text = "CSR contains 2 UPNs, only 1 is supported";
    assert_eq!(fault(Rules::Current, &two).unwrap(), text);
    let empty = names(EMAIL, "");
    assert_eq!(fault(Rules::Guide, &empty), None);
    assert_eq!(fault(Rules::Current, &empty).unwrap(), "CSR contains an empty UPN");
}

/// Whose name it is, with the mail address `alice@example.com`.
#[test]
fn the_user_principal_name_and_the_mail_address() {
    let agrees = |rules, upn: &str| {
        let mut world = World::new(rules);
        world.introspection =
            crate::support::says(r#"{"active":true,"username":"alice@example.com"}"#);
        let body = idp_body(&names("alice@example.com", upn));
        let response = world.call(&ADMIN, &body);
        match response.status().as_u16() {
            200 => true,
            400 => false,
            other => panic!("{other}"),
        }
    };
    for upn in ["alice@example.com", "alice"] {
        assert!(agrees(Rules::Guide, upn) && agrees(Rules::Current, upn), "{upn}");
    }
    // Any beginning of the address, and nothing in another case.
    for upn in ["ali", "alice@", "alice@example.co", "a"] {
        assert!(agrees(Rules::Guide, upn) && !agrees(Rules::Current, upn), "{upn}");
    }
    for upn in ["ALICE", "Alice@Example.com"] {
        assert!(!agrees(Rules::Guide, upn) && agrees(Rules::Current, upn), "{upn}");
    }
    for upn in ["bob", "alice@example.com.evil.example", "xalice", "lice"] {
        assert!(!agrees(Rules::Guide, upn) && !agrees(Rules::Current, upn), "{upn}");
    }
}

/// Fleet's own counterexample: the mail address of one, the user principal name of another.
#[test]
fn a_bad_actor() {
    for rules in RULES {
        let bad = names("badactor@example.com", EMAIL);
        assert_eq!(logged(rules, &bad), Some(Refusal::InvalidCsr(CsrFault::OtherUpn)));
        let other = names("badactor@example.com", "badactor@example.com");
        let why = Refusal::InvalidIdpToken(IdpFault::OtherUser);
        assert_eq!(logged(rules, &other), Some(why));
    }
}

/// The case of the mail address counts against the identity provider, in both editions.
#[test]
fn the_mail_address_is_the_user_name_octet_by_octet() {
    for rules in RULES {
        let other = names("Fleetie@example.com", "Fleetie@example.com");
        let mut world = World::new(rules);
        let refusal = world.refuses(&ADMIN, &idp_body(&other));
        assert_eq!(told(&refusal), refused(403, "Invalid IDP token"));
    }
}

/// A CA that reads more generously must not certify a name that nobody looked at.
#[test]
fn names_in_another_encoding_count() {
    let other = |name| csr(vec![email(EMAIL), upn(EMAIL), name]);
    for string in [tag::IA5_STRING, tag::PRINTABLE_STRING, tag::TELETEX_STRING] {
        let hidden = other(raw_upn(string, "victim@example.com"));
        let text = "CSR contains 2 UPNs, only 1 is supported";
        assert_eq!(fault(Rules::Current, &hidden).unwrap(), text);
        let alone = csr(vec![email(EMAIL), raw_upn(string, EMAIL)]);
        assert_eq!(fault(Rules::Current, &alone), None);
    }
    let unreadable = "CSR contains a name that cannot be read";
    // An rfc822Name in UTF-8, and an otherName cut short.
    let mail = GeneralName::Other([&[0x81, 3][..], "\u{e4}@".as_bytes()].concat());
    assert_eq!(fault(Rules::Current, &other(mail)).unwrap(), unreadable);
    let short = GeneralName::Other(vec![0xa0, 2, 0x06, 0]);
    assert_eq!(fault(Rules::Current, &other(short)).unwrap(), unreadable);
    // Names of other kinds are no identity here.
    let kerberos = GeneralName::Other(vec![0xa0, 7, 0x06, 1, 0x2a, 0xa0, 2, 0x0c, 0]);
    assert_eq!(fault(Rules::Current, &other(kerberos)), None);
}

/// OpenSSL reads a constructed rfc822Name as one, and so may a CA.
#[test]
fn a_constructed_mail_address_is_not_passed_over() {
    let name = |octets: &[u8]| GeneralName::Other(octets.to_vec());
    let address = b"admin@example.com";
    let wrapped = [&[0xa1, 0x13, 0x16, 0x11][..], address].concat();
    for name in [name(&wrapped), name(&[0xa1, 0]), name(&[0x80, 1, 0x2a]), name(&[0x89, 0])] {
        for rules in RULES {
            let csr = csr(vec![email(EMAIL), upn(EMAIL), name.clone()]);
            let text = fault(rules, &csr);
            assert_eq!(text.as_deref(), Some("CSR contains a name that cannot be read"), "{name}");
        }
    }
}

/// One reader takes the first of two values, another the last.
#[test]
fn a_user_principal_name_with_something_behind_it_is_unreadable() {
    let other_name = |fields: &dyn Fn(&mut Writer)| {
        GeneralName::Other(Writer::build(|w| {
            w.nested(tag::constructed(0), |w| {
                w.oid(&oid::NT_PRINCIPAL_NAME);
                fields(w);
            });
        }))
    };
    let text = |w: &mut Writer, text: &str| w.value(tag::UTF8_STRING, text.as_bytes());
    let two_texts = other_name(&|w| {
        w.nested(tag::constructed(0), |w| {
            text(w, EMAIL);
            text(w, "root");
        });
    });
    let two_values = other_name(&|w| {
        w.nested(tag::constructed(0), |w| text(w, EMAIL));
        w.nested(tag::constructed(0), |w| text(w, "root"));
    });
    for name in [two_texts, two_values] {
        for rules in RULES {
            let text = fault(rules, &csr(vec![email(EMAIL), name.clone()]));
            assert_eq!(text.as_deref(), Some("CSR contains a name that cannot be read"), "{name}");
        }
    }
}

/// The caller is told none of it.
#[test]
fn all_faults_look_alike() {
    for rules in RULES {
        for csr in [csr(vec![]), csr(vec![email(EMAIL)]), names("x@y", EMAIL), names(EMAIL, "bob")]
        {
            let refusal = World::new(rules).refuses(&ADMIN, &idp_body(&csr));
            assert_eq!(told(&refusal), refused(400, "Invalid CSR"));
        }
    }
}

/// Without an identity provider, and for users, names are the CA's business.
#[test]
fn nobody_looks_at_names_that_nobody_vouches_for() {
    for csr in [csr(vec![]), names("badactor@example.com", EMAIL)] {
        World::new(Rules::Guide).issues(&ADMIN, &body(&csr));
        World::closed().issues(&ADMIN, &body(&csr));
    }
}

/// Real line breaks, or a backslash and an `n` for each, as shell scripts write them; CRLF; and the
/// label of old OpenSSL.
#[test]
fn the_request_as_scripts_write_it() {
    let text = pem(&good());
    let label = text.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    let spellings =
        [text.replace('\n', "\\n"), text.replace('\n', "\r\n"), format!("\n {text}\n"), label];
    for spelling in spellings {
        for rules in RULES {
            let mut body = idp_body(&good());
            body["csr"] = spelling.clone().into();
            World::new(rules).issues(&ADMIN, &body);
        }
    }
    let twice = format!("{text}{text}");
    let other = text.replace("CERTIFICATE REQUEST", "CERTIFICATE");
    let cut = text.replace("-----END CERTIFICATE REQUEST-----\n", "");
    let key = text.replace("MII", "AII");
    // What stands behind the first END, the server of late 2025 would have passed on.
    let tail = format!("{text}AAAA\n-----END CERTIFICATE REQUEST-----\n");
    let head = format!("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n{text}");
    for bad in ["", "x", &twice, &tail, &head, &other, &cut, &key, &format!("{text} and more")] {
        for rules in RULES {
            let mut body = idp_body(&good());
            body["csr"] = bad.into();
            let refusal = World::new(rules).refuses(&ADMIN, &body);
            assert_eq!(told(&refusal), refused(400, "Invalid CSR"));
        }
    }
}
