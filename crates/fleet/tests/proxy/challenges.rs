//! Challenges that a CA made for one certificate.

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{CaType, ManagedCertificate, Profile, ProfileStatus, Record};
use devicecert_pki::Time;

use super::common::{
    ANDROID, APPLE, BOTH, HOUR, MINUTE, NOW, SECOND, TEAM, WINDOWS, World, asking, expecting,
    pki_operation, slot,
};

/// A profile with a challenge of then, which was retried twice already.
fn fetched(rules: Rules, profile: &str, ca: &str, ca_type: CaType, at: Time) -> World {
    let world = expecting(rules, profile, ca, ca_type);
    let certificate =
        ManagedCertificate::new(&slot(profile, ca), ca_type).challenge_retrieved_at(at);
    world.record(Record::Certificate(certificate));
    world.set_profile(&slot(profile, ca), tried());
    world
}

fn tried() -> Profile {
    let mut profile = Profile::new(ProfileStatus::Pending);
    profile.retries = 2;
    profile.detail = "why it was tried again".to_owned();
    profile
}

fn expired() -> (u16, String) {
    (400, "challenge password has expired".to_owned())
}

#[test]
fn that_of_ndes_counts_for_57_minutes() {
    for rules in BOTH {
        let last = NOW.before(57 * MINUTE);
        let request = pki_operation(APPLE, "NDES", None);
        let world = fetched(rules, APPLE, "NDES", CaType::Ndes, last);
        assert!(world.check(&request, NOW).is_ok());
        assert_eq!(world.profile(APPLE), tried());
        let world = fetched(rules, APPLE, "NDES", CaType::Ndes, last.before(SECOND));
        assert_eq!(world.refusal(&request, NOW), expired());
        assert_eq!(world.profile(APPLE).status, ProfileStatus::Null);
    }
}

#[test]
fn that_of_smallstep_counts_for_4_minutes() {
    for rules in BOTH {
        let last = NOW.before(4 * MINUTE);
        let request = pki_operation(APPLE, TEAM, None);
        let world = fetched(rules, APPLE, TEAM, CaType::Smallstep, last);
        assert!(world.check(&request, NOW).is_ok());
        let world = fetched(rules, APPLE, TEAM, CaType::Smallstep, last.before(SECOND));
        assert_eq!(world.refusal(&request, NOW), expired());
        assert_eq!(world.profile(APPLE), Profile::new(ProfileStatus::Null));
    }
}

/// Slow steps before it do not make it expire.
#[test]
fn only_pki_operation_looks_at_it() {
    for rules in BOTH {
        for (ca, ca_type) in [("NDES", CaType::Ndes), (TEAM, CaType::Smallstep)] {
            let world = fetched(rules, APPLE, ca, ca_type, NOW.before(HOUR));
            for operation in ["GetCACaps", "GetCACert"] {
                assert!(world.check(&asking(operation, APPLE, ca, None), NOW).is_ok());
            }
            assert_eq!(world.profile(APPLE), tried());
        }
    }
}

#[test]
fn without_one_nothing_expires() {
    for rules in BOTH {
        let world = expecting(rules, APPLE, "NDES", CaType::Ndes);
        assert!(world.check(&pki_operation(APPLE, "NDES", None), NOW).is_ok());
    }
}

/// By the guide NDES leaves the number of retries and the old command: the mass failures of 2026.
#[test]
fn ndes_by_the_guide_resends_by_status_only() {
    let world = fetched(Rules::Guide, APPLE, "NDES", CaType::Ndes, NOW.before(HOUR));
    world.refusal(&pki_operation(APPLE, "NDES", None), NOW);
    let mut expected = tried();
    expected.status = ProfileStatus::Null;
    assert_eq!(world.profile(APPLE), expected);
}

#[test]
fn since_2026_an_expired_challenge_costs_an_apple_device_no_retry() {
    let world = fetched(Rules::Current, APPLE, "NDES", CaType::Ndes, NOW.before(HOUR));
    world.refusal(&pki_operation(APPLE, "NDES", None), NOW);
    assert_eq!(world.profile(APPLE), Profile::new(ProfileStatus::Null));
}

#[test]
fn windows_and_android_are_resent_by_status_only() {
    for profile in [WINDOWS, ANDROID] {
        let world = fetched(Rules::Current, profile, "NDES", CaType::Ndes, NOW.before(HOUR));
        assert_eq!(world.refusal(&pki_operation(profile, "NDES", None), NOW), expired());
        let mut expected = tried();
        expected.status = ProfileStatus::Null;
        assert_eq!(world.profile(profile), expected);
    }
}

/// The next request finds the profile waiting to be sent again.
#[test]
fn the_old_profile_is_not_served_any_more() {
    let world = fetched(Rules::Current, APPLE, "NDES", CaType::Ndes, NOW.before(HOUR));
    world.refusal(&pki_operation(APPLE, "NDES", None), NOW);
    let (status, text) = world.refusal(&pki_operation(APPLE, "NDES", None), NOW);
    assert_eq!(status, 400);
    assert!(text.starts_with("profile status (null) is not 'pending' for host:"), "{text}");
}
