//! Whatever a stranger sends.

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{CaType, Identifier, ManagedCertificate, Passcode, Record};
use http::Request;
use proptest::prelude::*;

use super::common::{
    APPLE, BOTH, HOST, NOW, PASSCODE, WIFI, get, path, path_of, post, response, sent, slot,
    with_passcode, world,
};

/// A text that can be a field.
fn field() -> impl Strategy<Value = String> {
    "[^,/%\\p{Cc}]{1,40}"
}

proptest! {
    #[test]
    fn an_identifier_comes_back_from_its_url(
        host in field(), rest in "[^,/%\\p{Cc}]{0,36}", ca in field(), bytes in any::<[u8; 24]>(),
        letter in "[aw]",
    ) {
        let profile = format!("{letter}{rest}");
        let passcode = Passcode::from_random(bytes);
        let identifier = Identifier::custom_scep(&host, &profile, &ca, passcode).unwrap();
        let path = path(&identifier);
        prop_assert!(path.is_ascii());
        let segment = path.strip_prefix("/mdm/scep/proxy/").unwrap();
        prop_assert_eq!(Identifier::parse(segment), Ok(identifier.clone()));
        let request = get(&format!("{path}/pkiclient.exe?operation=GetCACaps"));
        let call = world(Rules::Current).proxy.route(&request).unwrap();
        prop_assert_eq!(call.identifier(), &identifier);
    }

    #[test]
    fn what_is_read_is_written_so_that_the_same_is_read(segment in "(\\PC|[,%/]|%2[Cc5]|[awg]){0,60}") {
        if let Ok(identifier) = Identifier::parse(&segment) {
            let path = path(&identifier);
            let written = path.strip_prefix("/mdm/scep/proxy/").unwrap();
            prop_assert_eq!(Identifier::parse(written), Ok(identifier));
        }
    }

    /// There is a row for one host, and no other request gets to the CA.
    #[test]
    fn nobody_gets_through_without_row_and_passcode(
        host in prop_oneof![Just(HOST.to_owned()), "\\w{0,8}"],
        profile in prop_oneof![Just(APPLE.to_owned()), "[awgx]\\w{0,8}"],
        ca in prop_oneof![Just(WIFI.to_owned()), "\\w{0,8}"],
        passcode in prop_oneof![Just(PASSCODE.to_owned()), "[\\w,]{0,40}"],
        message in "[A-Za-z0-9+/]{4}",
    ) {
        let path = format!(
            "/mdm/scep/proxy/{host}%2C{profile}%2C{ca}%2C{passcode}?operation=PKIOperation\
             &message={message}"
        );
        let Ok(request) = Request::get(path).body(vec![]) else { return Ok(()) };
        let is_right = (&*host, &*profile, &*ca, &*passcode) == (HOST, APPLE, WIFI, PASSCODE);
        for rules in BOTH {
            let world = with_passcode(rules, APPLE);
            prop_assert_eq!(world.check(&request, NOW).is_ok(), is_right);
        }
    }

    #[test]
    fn any_message_gets_to_the_ca_as_it_is(message in any::<Vec<u8>>(), by_post in any::<bool>()) {
        use base64::Engine;
        let path = path_of(APPLE, WIFI, Some(PASSCODE));
        let request = match by_post {
            true => post(&path, &message),
            false => {
                let encoded = base64::prelude::BASE64_STANDARD.encode(&message);
                get(&format!("{path}?operation=PKIOperation&message={encoded}"))
            }
        };
        prop_assume!(by_post || !message.is_empty());
        let world = with_passcode(Rules::Current, APPLE);
        let mut relay = world.check(&request, NOW).unwrap();
        relay.received(response(200, b"SCEPStandard"));
        prop_assert_eq!(sent(&relay).into_body(), message);
    }

    #[test]
    fn a_row_of_any_type_lets_nobody_through_without_its_ca(ca in "\\w{1,20}") {
        for ca_type in [CaType::Ndes, CaType::Smallstep, CaType::CustomScep, CaType::DigiCert] {
            let mut world = world(Rules::Current);
            world.proxy = devicecert_fleet::proxy::Proxy::new(Rules::Current);
            world.expect(&slot(APPLE, &ca), ca_type);
            let row = ManagedCertificate::new(&slot(APPLE, &ca), ca_type);
            world.record(Record::Certificate(row));
            let (status, text) = world.refusal(
                &get(&format!("{}?operation=GetCACaps", path_of(APPLE, &ca, None))), NOW,
            );
            prop_assert_eq!((status, text.as_str()), (400, "SCEP proxy is not configured"));
        }
    }
}
