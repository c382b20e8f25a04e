//! Whatever the CAs answer, a delivery ends, and a value stays what it is.

use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{Step, Turn};
use devicecert::fleet::{Host, User};
use devicecert::{Delivery, Error};
use http::Response;
use proptest::prelude::*;

use crate::support::{KEY, NOW, PROFILE, answer, apple, authorities};

/// What may come back: anything, with the words that readers look for in it.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        "[ -~]{0,40}".prop_map(|text| {
            format!("The enrollment challenge password is: <B> {text} </B>").into_bytes()
        }),
        r#"[\{\}\[\]":,a-z0-9_]{0,80}"#.prop_map(String::into_bytes),
        "[0-9a-f]{0,50}".prop_map(|serial| {
            format!(r#"{{"serial_number":"{serial}","delivery_format":"x509","certificate":"x"}}"#)
                .into_bytes()
        }),
    ]
}

fn answers() -> impl Strategy<Value = Vec<Option<(u16, Vec<u8>)>>> {
    let status = prop_oneof![Just(200_u16), Just(201), Just(401), 100..999_u16];
    proptest::collection::vec(proptest::option::of((status, body())), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_delivery_ends(answers in answers(), offer in "[ -~]{0,40}") {
        let (host, authorities) = (crate::support::host(), authorities());
        let template = apple(&[
            "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
            "$FLEET_VAR_NDES_SCEP_CHALLENGE",
            "$FLEET_VAR_DIGICERT_DATA_CORP",
        ]);
        let mut answers = answers.into_iter();
        let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
        let mut turns = 0;
        loop {
            turns += 1;
            prop_assert!(turns < 40, "it does not end");
            match delivery.step(NOW) {
                Ok(Step::GenerateKey(_)) => {
                    delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
                }
                Ok(Step::Fetch(fetch)) => {
                    let response = match answers.next().flatten() {
                        // The CA does what it should.
                        None => answer(&fetch),
                        Some((status, body)) => {
                            let mut response = Response::builder().status(status);
                            if fetch.turn == Turn::First {
                                response = response.header("WWW-Authenticate", offer.trim());
                            }
                            response.body(body).unwrap()
                        }
                    };
                    let _ = delivery.received(&response);
                }
                Ok(Step::Store(_)) => delivery.stored().unwrap(),
                Ok(Step::Done(_)) => break,
                Err(Error::Undelivered(why)) => {
                    prop_assert_eq!(why.findings().len(), 1);
                    prop_assert!(!why.to_string().is_empty());
                    break;
                }
                Err(other) => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn a_value_is_what_it_was(
        name in "[a-zA-Z$_{}&<>'\"\\]!-]{1,30}",
        challenge in "([ -~]|\\$FLEET_VAR_HOST_UUID|\\$\\{FLEET_SECRET_X\\}){1,20}",
    ) {
        let mut authorities = crate::support::nothing();
        authorities.custom_scep(crate::support::custom_scep("WIFI", &challenge)).unwrap();
        let host = Host::new("the-host", PROFILE)
            .user(User { username: name.clone(), ..User::default() });
        let template =
            apple(&["$FLEET_VAR_HOST_END_USER_IDP_USERNAME", "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI"]);
        let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
        let Ok(Step::Done(profile)) = delivery.step(NOW) else { panic!() };
        let read = devicecert::mobileconfig::plist::Document::read(
            profile.as_str().as_bytes(),
            &devicecert::mobileconfig::Limits::default(),
        );
        prop_assert!(read.is_ok());
        let texts: Vec<String> = crate::support::texts(profile.as_str());
        let unescaped: Vec<String> = texts.iter().map(|text| {
            text.replace("&#34;", "\"").replace("&#39;", "'").replace("&lt;", "<")
                .replace("&gt;", ">").replace("&amp;", "&")
        }).collect();
        prop_assert_eq!(unescaped, [name, challenge]);
    }
}
