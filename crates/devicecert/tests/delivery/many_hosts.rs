//! Hosts have nothing to do with each other.

use std::collections::BTreeSet;

use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::Step;
use devicecert::fleet::Host;
use devicecert::{Delivery, Error};

use crate::support::{KEY, NOW, PROFILE, answer, apple, authorities, response, run, texts};

const TEMPLATE: [&str; 5] = [
    "$FLEET_VAR_HOST_UUID",
    "$FLEET_VAR_DIGICERT_PASSWORD_CORP",
    "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
    "$FLEET_VAR_NDES_SCEP_CHALLENGE",
    "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
];

fn hosts(count: usize) -> Vec<Host> {
    let user = |at: usize| devicecert::fleet::User {
        username: format!("user{at}"),
        email: format!("user{at}@example.com"),
        ..Default::default()
    };
    let host = |at| {
        Host::new(&format!("host-{at}"), PROFILE).serial(&format!("SERIAL{at}")).user(user(at))
    };
    (0..count).map(host).collect()
}

#[test]
fn a_delivery_may_go_from_thread_to_thread() {
    fn is_send<T: Send + Sync>() {}
    is_send::<Delivery<'static>>();
    is_send::<Step>();
}

#[test]
fn two_hosts_turn_by_turn() {
    let (template, authorities) = (apple(&TEMPLATE), authorities());
    let hosts = hosts(2);
    let mut open: Vec<_> = hosts
        .iter()
        .map(|host| Delivery::new(&template, host, &authorities, &RustCrypto))
        .collect();
    let mut done = vec![None, None];
    while done.iter().any(Option::is_none) {
        for (at, delivery) in open.iter_mut().enumerate() {
            match delivery.step(NOW).unwrap() {
                Step::GenerateKey(_) => {
                    delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
                }
                Step::Fetch(fetch) => {
                    let seen = format!("{:?}", fetch.request.uri());
                    assert!(!seen.contains("host-"), "{seen}");
                    let mut answer = answer(&fetch);
                    if matches!(fetch.ca, devicecert::delivery::CaId::Smallstep(_)) {
                        answer = response(200, &format!("challenge of host {at}"));
                    }
                    delivery.received(&answer).unwrap();
                }
                Step::Store(records) => {
                    let of_host = format!("host-{at}");
                    assert!(records.iter().all(|record| format!("{record:?}").contains(&of_host)));
                    delivery.stored().unwrap();
                }
                Step::Done(profile) => done[at] = Some(texts(profile.as_str())),
            }
        }
    }
    for (at, texts) in done.into_iter().flatten().enumerate() {
        assert_eq!(texts[0], format!("host-{at}"));
        assert_eq!(texts[4], format!("challenge of host {at}"));
        assert!(texts[2].contains(&format!("/host-{at}%2C")));
    }
}

#[test]
fn a_host_that_fails_does_not_keep_another_from_its_profile() {
    let (template, authorities) = (apple(&TEMPLATE), authorities());
    let hosts = hosts(2);
    let one =
        run(Delivery::new(&template, &hosts[0], &authorities, &RustCrypto), |_| response(500, ""));
    assert!(matches!(one.profile, Err(Error::Undelivered(_))));
    let other = run(Delivery::new(&template, &hosts[1], &authorities, &RustCrypto), answer);
    assert!(other.profile.is_ok());
}

#[test]
fn sixty_four_hosts_on_eight_threads() {
    let (template, authorities, hosts) = (apple(&TEMPLATE), authorities(), hosts(64));
    let (template, authorities) = (&template, &authorities);
    let profiles: Vec<Vec<String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = hosts
            .chunks(8)
            .map(|hosts| {
                scope.spawn(move || {
                    hosts
                        .iter()
                        .map(|host| {
                            let delivery = Delivery::new(template, host, authorities, &RustCrypto);
                            texts(&run(delivery, answer).profile.unwrap())
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    for (at, texts) in profiles.iter().enumerate() {
        assert_eq!(texts[0], format!("host-{at}"));
        assert!(texts[2].contains(&format!("/host-{at}%2C")));
    }
    let all = |of: usize| profiles.iter().map(|texts| texts[of].as_str()).collect::<BTreeSet<_>>();
    assert_eq!(all(1).len(), 64, "a password each");
    assert_eq!(all(2).len(), 64, "a passcode each");
}
