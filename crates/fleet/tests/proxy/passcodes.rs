//! Passcodes: one enrolment each.

use std::sync::Barrier;
use std::time::Duration;

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{
    CaType, Claim, Failure, Passcode, Profile, ProfileStatus, Slot, Store,
};

use super::common::{
    ANDROID, APPLE, BOTH, DAY, HOUR, MESSAGE, NOW, OTHER_HOST, PASSCODE, SECOND, WIFI, WINDOWS,
    World, asking, expecting, now, path_of, pki_operation, post, response, slot, with_passcode,
};

const ANOTHER: &str = "i-8MPPQ85Ux3uqNptijN53Ru3KYIIgEI";

fn failed() -> (u16, String) {
    (400, "custom scep challenge failed".to_owned())
}

/// Whether the passcode of [`with_passcode`] is in the store; it is not afterwards.
fn is_unused(world: &World, profile: &str) -> bool {
    let passcode = Passcode::new(PASSCODE).unwrap();
    let claim = Claim::Presented(&passcode);
    now(world.store.consume_passcode(&slot(profile, WIFI), claim)).unwrap().is_some()
}

#[test]
fn one_lets_a_device_through_once() {
    for rules in BOTH {
        let world = with_passcode(rules, APPLE);
        let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
        assert!(world.check(&request, NOW).is_ok());
        assert_eq!(world.refusal(&request, NOW), failed());
        assert_eq!(world.profile(APPLE), Profile::new(ProfileStatus::Null));
    }
}

#[test]
fn it_lasts_an_hour_by_the_guide_and_seven_days_since_2026() {
    for (rules, lifetime) in [(Rules::Guide, HOUR), (Rules::Current, 7 * DAY)] {
        let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
        let world = with_passcode(rules, APPLE);
        assert!(world.check(&request, NOW.after(lifetime)).is_ok());
        let world = with_passcode(rules, APPLE);
        assert_eq!(world.refusal(&request, NOW.after(lifetime).after(SECOND)), failed());
        assert_eq!(world.profile(APPLE).status, ProfileStatus::Null);
        // Being too old, it is used up nevertheless.
        assert!(!is_unused(&world, APPLE));
    }
}

#[test]
fn how_long_it_lasts_can_be_set() {
    let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
    for (seconds, is_good) in [(10, true), (11, false)] {
        let mut world = with_passcode(Rules::Current, APPLE);
        world.proxy = world.proxy.passcode_lifetime(Duration::from_secs(10));
        let then = NOW.after(Duration::from_secs(seconds));
        assert_eq!(world.check(&request, then).is_ok(), is_good);
    }
}

#[test]
fn only_pki_operation_costs_one() {
    for rules in BOTH {
        for profile in [APPLE, WINDOWS, ANDROID] {
            let world = with_passcode(rules, profile);
            for operation in ["GetCACaps", "GetCACert", "GetCACaps"] {
                for passcode in [Some(PASSCODE), Some(ANOTHER), None] {
                    let request = asking(operation, profile, WIFI, passcode);
                    assert!(world.check(&request, NOW).is_ok());
                }
            }
            assert!(is_unused(&world, profile));
        }
    }
}

#[test]
fn it_is_used_up_though_the_ca_fails() {
    for answer in [
        Err(Failure::Timeout),
        Err(Failure::ConnectionRefused),
        Err(Failure::Cancelled),
        Ok(response(503, b"")),
    ] {
        let world = with_passcode(Rules::Current, APPLE);
        let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
        assert!(world.exchange(&request, &answer).response.status() != 200);
        assert_eq!(world.refusal(&request, NOW), failed());
    }
}

#[test]
fn a_request_that_is_refused_before_it_uses_none_up() {
    for rules in BOTH {
        let world = with_passcode(rules, APPLE);
        world.set_status(&slot(APPLE, WIFI), ProfileStatus::Verified);
        world.refusal(&pki_operation(APPLE, WIFI, Some(PASSCODE)), NOW);
        assert!(is_unused(&world, APPLE));
    }
}

#[test]
fn without_one_nobody_gets_through() {
    for rules in BOTH {
        let world = with_passcode(rules, APPLE);
        assert_eq!(world.refusal(&pki_operation(APPLE, WIFI, None), NOW), failed());
        world.set_status(&slot(APPLE, WIFI), ProfileStatus::Pending);
        assert_eq!(world.refusal(&pki_operation(APPLE, WIFI, Some("")), NOW), failed());
        assert!(is_unused(&world, APPLE));
    }
}

#[test]
fn a_wrong_one_uses_up_nothing() {
    let flipped = PASSCODE.replace('J', "j");
    for wrong in [ANOTHER, "", "x", &PASSCODE[1..], &flipped, "JURAzXStYElNpVi63B_ps6D0WxF7b3Gv%20"]
    {
        let world = with_passcode(Rules::Current, APPLE);
        assert_eq!(world.refusal(&pki_operation(APPLE, WIFI, Some(wrong)), NOW), failed());
        assert_eq!(world.profile(APPLE).status, ProfileStatus::Null);
        assert!(is_unused(&world, APPLE));
    }
}

/// Fleet takes any passcode for any host: one that leaks opens every profile.
#[test]
fn that_of_another_host_profile_or_ca_does_not_count_and_stays_good() {
    let others =
        [Slot::new(OTHER_HOST, APPLE, WIFI).unwrap(), slot(WINDOWS, WIFI), slot(APPLE, "LAN")];
    for other in others {
        let world = expecting(Rules::Current, APPLE, WIFI, CaType::CustomScep);
        world.give_passcode(&other, PASSCODE, NOW);
        let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
        assert_eq!(world.refusal(&request, NOW), failed());
        let passcode = Passcode::new(PASSCODE).unwrap();
        let claim = Claim::Presented(&passcode);
        assert_eq!(now(world.store.consume_passcode(&other, claim)), Ok(Some(NOW)));
    }
}

/// A profile was sent twice, and the device has the first one.
#[test]
fn several_for_one_profile_count_once_each() {
    let world = with_passcode(Rules::Current, APPLE);
    world.give_passcode(&slot(APPLE, WIFI), ANOTHER, NOW);
    for passcode in [ANOTHER, PASSCODE] {
        assert!(world.check(&pki_operation(APPLE, WIFI, Some(passcode)), NOW).is_ok());
    }
}

#[test]
fn windows_needs_none_by_the_guide_and_one_since_2026() {
    let world = with_passcode(Rules::Guide, WINDOWS);
    for passcode in [None, Some(ANOTHER), Some(PASSCODE), Some(PASSCODE)] {
        assert!(world.check(&pki_operation(WINDOWS, WIFI, passcode), NOW).is_ok());
    }
    assert!(is_unused(&world, WINDOWS));

    let world = with_passcode(Rules::Current, WINDOWS);
    let request = pki_operation(WINDOWS, WIFI, Some(PASSCODE));
    assert!(world.check(&request, NOW).is_ok());
    assert_eq!(world.refusal(&request, NOW), failed());
    assert_eq!(world.profile(WINDOWS).status, ProfileStatus::Null);
    assert_eq!(world.refusal(&pki_operation(WINDOWS, WIFI, None), NOW), failed());
}

/// The agent asks without it, and the one of the template counts, which is the last.
#[test]
fn android_may_leave_it_out() {
    for rules in BOTH {
        let world = with_passcode(rules, ANDROID);
        let stale = NOW.before(30 * DAY);
        world.give_passcode(&slot(ANDROID, WIFI), ANOTHER, stale);
        let request = pki_operation(ANDROID, WIFI, None);
        assert!(world.check(&request, NOW).is_ok());
        assert!(!is_unused(&world, ANDROID));
        assert_eq!(world.refusal(&request, NOW), failed());
        assert_eq!(world.profile(ANDROID).status, ProfileStatus::Null);
    }
    let world = with_passcode(Rules::Current, ANDROID);
    let request = pki_operation(ANDROID, WIFI, Some(ANOTHER));
    assert_eq!(world.refusal(&request, NOW), failed());
}

#[test]
fn of_many_requests_at_once_one_gets_through() {
    const DEVICES: usize = 16;
    for _ in 0..50 {
        let world = with_passcode(Rules::Current, WINDOWS);
        let request = post(&path_of(WINDOWS, WIFI, Some(PASSCODE)), MESSAGE);
        let start = Barrier::new(DEVICES);
        let passed = std::thread::scope(|scope| {
            let devices: Vec<_> = (0..DEVICES)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        world.check(&request, NOW).is_ok()
                    })
                })
                .collect();
            devices.into_iter().map(|device| device.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(passed.into_iter().filter(|passed| *passed).count(), 1);
    }
}

#[test]
fn those_that_are_too_old_are_cleared_away() {
    for (rules, lifetime) in [(Rules::Guide, HOUR), (Rules::Current, 7 * DAY)] {
        let world = expecting(rules, APPLE, WIFI, CaType::CustomScep);
        let oldest = NOW.before(lifetime);
        world.give_passcode(&slot(APPLE, WIFI), "kept", oldest);
        world.give_passcode(&slot(APPLE, WIFI), "gone", oldest.before(SECOND));
        world.give_passcode(&slot(WINDOWS, WIFI), "gone too", oldest.before(DAY));
        assert_eq!(now(world.proxy.remove_expired_passcodes(&world.store, NOW)), Ok(2));
        assert_eq!(now(world.proxy.remove_expired_passcodes(&world.store, NOW)), Ok(0));
        assert!(world.check(&pki_operation(APPLE, WIFI, Some("kept")), NOW).is_ok());
    }
}
