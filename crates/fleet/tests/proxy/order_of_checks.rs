//! Of several reasons to refuse a request, the first one is told.

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{
    CaType, ManagedCertificate, Profile, ProfileOperation, ProfileStatus, Proxy, Record, Slot,
};

use super::common::{
    ANDROID, APPLE, BOTH, HOST, HOUR, MESSAGE, NOW, OTHER_HOST, PASSCODE, TEAM, WIFI, WINDOWS,
    World, asking, expecting, get, path_of, pki_operation, post, slot, with_passcode, world,
};

fn told(text: &str) -> (u16, String) {
    (400, text.to_owned())
}

fn unconfigured(mut world: World, rules: Rules) -> World {
    world.proxy = Proxy::new(rules);
    world
}

#[test]
fn before_everything_else_the_request_must_be_one() {
    for rules in BOTH {
        let world = world(rules);
        let request = get("/mdm/scep/proxy/bozo");
        assert_eq!(world.refusal(&request, NOW), told("missing operation"));
        let request = get("/mdm/scep/proxy/bozo?operation=x");
        assert_eq!(world.refusal(&request, NOW), told("operation not implemented"));
        let request = get("/mdm/scep/proxy/bozo?operation=PKIOperation");
        assert_eq!(world.refusal(&request, NOW), told("missing PKIOperation message"));
    }
}

#[test]
fn first_an_identifier_has_two_fields() {
    for rules in BOTH {
        let request = get("/mdm/scep/proxy/bozo?operation=GetCACaps");
        assert_eq!(world(rules).refusal(&request, NOW), told("invalid identifier in URL path"));
    }
}

#[test]
fn then_the_profile_is_of_a_known_platform() {
    for rules in BOTH {
        let request = get("/mdm/scep/proxy/host%2Cbozo?operation=GetCACaps");
        let expected = "invalid profile UUID (only Apple, Windows, and Android config profiles are \
                        supported): bozo";
        assert_eq!(world(rules).refusal(&request, NOW), told(expected));
        let request = get("/mdm/scep/proxy/host%2Cg1x?operation=GetCACaps");
        let expected = "invalid Android certificate template ID: 1x";
        assert_eq!(world(rules).refusal(&request, NOW), told(expected));
    }
}

#[test]
fn then_somebody_expects_the_certificate() {
    for rules in BOTH {
        for unknown in ["host%2Caunknown", "host%2Cwunknown", "host%2Cg17", "host%2Ca%2C%2Cx"] {
            let world = unconfigured(world(rules), rules);
            let request = get(&format!("/mdm/scep/proxy/{unknown}?operation=GetCACaps"));
            assert_eq!(world.refusal(&request, NOW), told("unknown identifier in URL path"));
        }
    }
}

#[test]
fn host_profile_and_ca_must_all_be_those_of_one_row() {
    for rules in BOTH {
        let world = with_passcode(rules, APPLE);
        // The other profile and the other host are there, with no certificate to come.
        world.set_status(&slot(WINDOWS, WIFI), ProfileStatus::Pending);
        let other = Slot::new(OTHER_HOST, APPLE, WIFI).unwrap();
        world.set_status(&other, ProfileStatus::Pending);
        for segment in [
            format!("{OTHER_HOST}%2C{APPLE}%2C{WIFI}"),
            format!("{HOST}%2C{WINDOWS}%2C{WIFI}"),
            format!("{HOST}%2C{APPLE}%2Cwifi"),
            format!("{HOST}%2C{APPLE}"),
        ] {
            let request = get(&format!("/mdm/scep/proxy/{segment}?operation=GetCACaps"));
            assert_eq!(world.refusal(&request, NOW), told("unknown identifier in URL path"));
        }
    }
}

/// Fleet looks for both at once.
#[test]
fn a_row_without_a_profile_on_the_host_is_unknown() {
    for profile in [APPLE, WINDOWS, ANDROID] {
        let world = world(Rules::Current);
        let certificate = ManagedCertificate::new(&slot(profile, WIFI), CaType::CustomScep);
        world.record(Record::Certificate(certificate));
        let request = asking("GetCACaps", profile, WIFI, None);
        assert_eq!(world.refusal(&request, NOW), told("unknown identifier in URL path"));
    }
}

#[test]
fn then_the_profile_is_on_its_way() {
    for (status, name) in [
        (ProfileStatus::Null, "null"),
        (ProfileStatus::Delivering, "delivering"),
        (ProfileStatus::Delivered, "delivered"),
        (ProfileStatus::Verifying, "verifying"),
        (ProfileStatus::Verified, "verified"),
        (ProfileStatus::Failed, "failed"),
    ] {
        for rules in BOTH {
            for profile in [APPLE, ANDROID] {
                let world = unconfigured(with_passcode(rules, profile), rules);
                world.set_status(&slot(profile, WIFI), status);
                let expected = format!(
                    "profile status ({name}) is not 'pending' for host:{HOST} profile:{profile}"
                );
                let request = asking("GetCACaps", profile, WIFI, None);
                assert_eq!(world.refusal(&request, NOW), told(&expected));
            }
        }
    }
}

/// Windows acknowledges a profile before it enrols.
#[test]
fn a_profile_of_windows_may_be_there_already() {
    for rules in BOTH {
        for status in [
            ProfileStatus::Null,
            ProfileStatus::Pending,
            ProfileStatus::Verifying,
            ProfileStatus::Verified,
            ProfileStatus::Failed,
        ] {
            let world = with_passcode(rules, WINDOWS);
            world.set_status(&slot(WINDOWS, WIFI), status);
            assert!(world.check(&asking("GetCACaps", WINDOWS, WIFI, None), NOW).is_ok());
        }
    }
}

/// Fleet's text for this is not known; of Apple devices and Android it does not look at it.
#[test]
fn a_profile_that_is_being_removed_is_refused() {
    for rules in BOTH {
        for profile in [APPLE, WINDOWS, ANDROID] {
            for status in [ProfileStatus::Pending, ProfileStatus::Verified] {
                let world = with_passcode(rules, profile);
                let removed = Profile::new(status).operation(ProfileOperation::Remove);
                world.set_profile(&slot(profile, WIFI), removed);
                let request = asking("GetCACaps", profile, WIFI, None);
                if (rules, profile) == (Rules::Guide, WINDOWS) {
                    assert!(world.check(&request, NOW).is_ok());
                    continue;
                }
                let expected =
                    format!("profile is being removed for host:{HOST} profile:{profile}");
                assert_eq!(world.refusal(&request, NOW), told(&expected));
            }
        }
    }
}

#[test]
fn then_there_is_a_ca_of_this_type() {
    for rules in BOTH {
        for (ca, ca_type) in
            [("NDES", CaType::Ndes), (TEAM, CaType::Smallstep), (WIFI, CaType::CustomScep)]
        {
            let world = unconfigured(expecting(rules, APPLE, ca, ca_type), rules);
            // Also where the challenge would be stale, and the passcode wrong.
            let stale = ManagedCertificate::new(&slot(APPLE, ca), ca_type)
                .challenge_retrieved_at(NOW.before(2 * HOUR));
            world.record(Record::Certificate(stale));
            for request in [asking("GetCACaps", APPLE, ca, None), pki_operation(APPLE, ca, None)] {
                assert_eq!(world.refusal(&request, NOW), told("SCEP proxy is not configured"));
            }
            assert_eq!(world.profile(APPLE).status, ProfileStatus::Pending);
        }
    }
}

/// The type is that of the row, not that of a CA which happens to have the name.
#[test]
fn a_ca_of_another_type_does_not_count() {
    for rules in BOTH {
        for (ca, ca_type) in [(WIFI, CaType::Smallstep), (TEAM, CaType::CustomScep)] {
            let world = expecting(rules, APPLE, ca, ca_type);
            let request = asking("GetCACaps", APPLE, ca, None);
            assert_eq!(world.refusal(&request, NOW), told("SCEP proxy is not configured"));
        }
        for ca_type in [Some(CaType::DigiCert), None] {
            let world = with_passcode(rules, APPLE);
            let mut certificate = ManagedCertificate::new(&slot(APPLE, WIFI), CaType::CustomScep);
            certificate.ca_type = ca_type;
            world.record(Record::Certificate(certificate));
            let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
            assert_eq!(world.refusal(&request, NOW), told("SCEP proxy is not configured"));
        }
    }
}

/// Also if there is no CA of this name any more: the passcode is looked at first.
#[test]
fn then_challenge_and_passcode_are_good() {
    for rules in BOTH {
        let world = expecting(rules, APPLE, "GONE", CaType::CustomScep);
        let request = pki_operation(APPLE, "GONE", None);
        assert_eq!(world.refusal(&request, NOW), told("custom scep challenge failed"));

        let world = expecting(rules, APPLE, "GONE", CaType::Smallstep);
        let stale = ManagedCertificate::new(&slot(APPLE, "GONE"), CaType::Smallstep)
            .challenge_retrieved_at(NOW.before(HOUR));
        world.record(Record::Certificate(stale));
        let request = pki_operation(APPLE, "GONE", None);
        assert_eq!(world.refusal(&request, NOW), told("challenge password has expired"));
    }
}

#[test]
fn at_last_there_is_a_ca_of_this_name() {
    for rules in BOTH {
        for ca_type in [CaType::Smallstep, CaType::CustomScep] {
            let world = expecting(rules, APPLE, "GONE", ca_type);
            world.give_passcode(&slot(APPLE, "GONE"), PASSCODE, NOW);
            for request in [
                asking("GetCACaps", APPLE, "GONE", Some(PASSCODE)),
                post(&path_of(APPLE, "GONE", Some(PASSCODE)), MESSAGE),
            ] {
                assert_eq!(world.refusal(&request, NOW), told("SCEP proxy is not configured"));
            }
        }
    }
}
