//! What the store in memory keeps.

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{
    CaType, Claim, ManagedCertificate, Memory, Passcode, Profile, ProfileOperation, ProfileStatus,
    Record, Resend, Slot, Store,
};
use devicecert_pki::Validity;

use super::common::{
    APPLE, DAY, HOST, NOW, OTHER_HOST, TEAM, WIFI, WINDOWS, expecting, now, slot, world,
};

#[test]
fn a_certificate_takes_the_place_of_the_one_of_the_same_host_profile_and_ca() {
    let world = world(Rules::Current);
    let (first, second) = (slot(APPLE, WIFI), slot(APPLE, TEAM));
    world.record(Record::Certificate(ManagedCertificate::new(&first, CaType::CustomScep)));
    world.record(Record::Certificate(ManagedCertificate::new(&second, CaType::Smallstep)));
    let issued = ManagedCertificate::new(&first, CaType::CustomScep)
        .issued(Validity::lasting(NOW, 365 * DAY), "0A1B");
    world.record(Record::Certificate(issued.clone()));
    let unproxied = ManagedCertificate::unproxied(HOST, APPLE.parse().unwrap());
    world.record(Record::Certificate(unproxied));
    assert_eq!(now(world.store.managed_certificate(&first)), Ok(Some(issued)));
    let found = now(world.store.managed_certificate(&second)).unwrap().unwrap();
    assert_eq!(found.ca_type, Some(CaType::Smallstep));
    let other = Slot::new(OTHER_HOST, APPLE, WIFI).unwrap();
    assert_eq!(now(world.store.managed_certificate(&other)), Ok(None));
}

#[test]
fn the_words_of_fleets_rows() {
    for (ca_type, text) in [
        (CaType::Ndes, "ndes"),
        (CaType::Smallstep, "smallstep"),
        (CaType::CustomScep, "custom_scep_proxy"),
        (CaType::DigiCert, "digicert"),
    ] {
        assert_eq!((ca_type.text(), CaType::from_text(text)), (text, Some(ca_type)));
    }
    assert_eq!(CaType::from_text("hydrant"), None);
    for (status, text) in [
        (ProfileStatus::Null, None),
        (ProfileStatus::Pending, Some("pending")),
        (ProfileStatus::Delivering, Some("delivering")),
        (ProfileStatus::Delivered, Some("delivered")),
        (ProfileStatus::Verifying, Some("verifying")),
        (ProfileStatus::Verified, Some("verified")),
        (ProfileStatus::Failed, Some("failed")),
    ] {
        assert_eq!((status.text(), ProfileStatus::from_text(text)), (text, Some(status)));
    }
    assert_eq!(ProfileStatus::from_text(Some("null")), None);
    for (operation, text) in
        [(ProfileOperation::Install, "install"), (ProfileOperation::Remove, "remove")]
    {
        assert_eq!((operation.text(), ProfileOperation::from_text(text)), (text, Some(operation)));
    }
    assert_eq!(ProfileOperation::from_text(""), None);
}

#[test]
fn what_is_being_removed_is_not_sent_again() {
    let world = expecting(Rules::Current, APPLE, WIFI, CaType::CustomScep);
    let removed = Profile::new(ProfileStatus::Pending).operation(ProfileOperation::Remove);
    world.set_profile(&slot(APPLE, WIFI), removed.clone());
    let profile = APPLE.parse().unwrap();
    now(world.store.resend(HOST, &profile, Resend::Full, NOW)).unwrap();
    assert_eq!(world.profile(APPLE), removed);
}

#[test]
fn what_is_not_there_is_not_made() {
    let store = Memory::new();
    let profile = WINDOWS.parse().unwrap();
    now(store.resend(HOST, &profile, Resend::Full, NOW)).unwrap();
    now(store.clear_failure(HOST, &profile)).unwrap();
    assert_eq!(now(store.profile(HOST, &profile)), Ok(None));
    let passcode = Passcode::new("x").unwrap();
    for claim in [Claim::OnFile, Claim::Presented(&passcode)] {
        assert_eq!(now(store.consume_passcode(&slot(WINDOWS, WIFI), claim)), Ok(None));
    }
}

/// The same passcode for two places, which no honest server makes, is two passcodes.
#[test]
fn consuming_removes_one() {
    let world = world(Rules::Current);
    world.give_passcode(&slot(APPLE, WIFI), "x", NOW);
    world.give_passcode(&slot(APPLE, TEAM), "x", NOW.after(DAY));
    let passcode = Passcode::new("x").unwrap();
    let consume =
        |slot: &Slot| now(world.store.consume_passcode(slot, Claim::Presented(&passcode))).unwrap();
    assert_eq!(consume(&slot(APPLE, WIFI)), Some(NOW));
    assert_eq!(consume(&slot(APPLE, WIFI)), None);
    assert_eq!(consume(&slot(APPLE, TEAM)), Some(NOW.after(DAY)));
}
