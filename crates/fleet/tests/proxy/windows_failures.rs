//! Windows acknowledges a profile at once and enrols afterwards: what the proxy sees is filed.

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{
    Answer, Failure, Profile, ProfileOperation, ProfileStatus, UpstreamFailure,
};
use http::Response;

use super::common::{
    ANDROID, APPLE, NOW, PASSCODE, WIFI, WINDOWS, World, asking, done, now, pki_operation,
    response, slot, with_passcode,
};

type Outcome = Result<Response<Vec<u8>>, Failure>;

/// A PKIOperation with this outcome.
fn answer(world: &World, profile: &str, outcome: Outcome) -> Answer {
    world.give_passcode(&slot(profile, WIFI), "another", NOW);
    let mut relay = world.check(&pki_operation(profile, WIFI, Some("another")), NOW).unwrap();
    relay.received(response(200, b"POSTPKIOperation"));
    match outcome {
        Ok(response) => relay.received(response),
        Err(failure) => relay.failed(failure),
    }
    done(&relay)
}

fn file(world: &World, answer: &Answer) {
    if let Some(report) = &answer.report {
        now(report.file(&world.store)).unwrap();
    }
}

/// The profile of Windows that has this status, after a PKIOperation.
fn after(status: ProfileStatus, outcome: Outcome) -> Profile {
    let world = with_passcode(Rules::Current, WINDOWS);
    world.set_status(&slot(WINDOWS, WIFI), status);
    file(&world, &answer(&world, WINDOWS, outcome));
    world.profile(WINDOWS)
}

fn failed(detail: &str) -> Profile {
    let mut profile = Profile::new(ProfileStatus::Failed);
    profile.detail = detail.to_owned();
    profile
}

#[test]
fn a_failure_of_the_ca_fails_the_profile_with_its_reason() {
    for (outcome, detail) in [
        (Ok(response(503, b"")), "SCEP PKIOperation failed: HTTP 503"),
        (Ok(response(404, b"status 200")), "SCEP PKIOperation failed: HTTP 404"),
        (Err(Failure::Timeout), "SCEP PKIOperation failed: timeout"),
        (Err(Failure::ConnectionRefused), "SCEP PKIOperation failed: connection refused"),
        (Err(Failure::Dns), "SCEP PKIOperation failed: DNS resolution error"),
        (Err(Failure::Other), "SCEP PKIOperation failed: upstream error"),
        (Ok(response(200, &[0; (2 << 20) + 1])), "SCEP PKIOperation failed: upstream error"),
    ] {
        for status in [ProfileStatus::Pending, ProfileStatus::Verifying] {
            assert_eq!(after(status, outcome.clone()), failed(detail));
        }
    }
    let unknown = UpstreamFailure::Unknown.to_string();
    assert_eq!(unknown, "SCEP PKIOperation failed: unknown error");
}

/// The passcode was right, but the CA does not answer the first of the two questions either.
#[test]
fn a_ca_that_is_not_there_at_all_fails_the_profile() {
    let world = with_passcode(Rules::Current, WINDOWS);
    let request = pki_operation(WINDOWS, WIFI, Some(PASSCODE));
    file(&world, &world.exchange(&request, &Err(Failure::Dns)));
    assert_eq!(world.profile(WINDOWS), failed("SCEP PKIOperation failed: DNS resolution error"));
}

#[test]
fn a_device_that_goes_away_never_fails_the_profile() {
    for status in [ProfileStatus::Pending, ProfileStatus::Verifying, ProfileStatus::Verified] {
        assert_eq!(after(status, Err(Failure::Cancelled)), Profile::new(status));
    }
    let world = with_passcode(Rules::Current, WINDOWS);
    assert!(answer(&world, WINDOWS, Err(Failure::Cancelled)).report.is_none());
    // Nor before the CA was asked for the certificate.
    let request = pki_operation(WINDOWS, WIFI, Some(PASSCODE));
    assert!(world.exchange(&request, &Err(Failure::Cancelled)).report.is_none());
}

#[test]
fn a_later_success_takes_the_failure_back() {
    let world = with_passcode(Rules::Current, WINDOWS);
    file(&world, &answer(&world, WINDOWS, Err(Failure::Timeout)));
    assert_eq!(world.profile(WINDOWS), failed("SCEP PKIOperation failed: timeout"));
    file(&world, &answer(&world, WINDOWS, Ok(response(502, b""))));
    assert_eq!(world.profile(WINDOWS), failed("SCEP PKIOperation failed: HTTP 502"));
    file(&world, &answer(&world, WINDOWS, Ok(response(200, b"0\x80"))));
    assert_eq!(world.profile(WINDOWS), Profile::new(ProfileStatus::Verifying));
}

/// That the CA answered is no certificate: whether there is one is seen on the host.
#[test]
fn a_success_verifies_nothing() {
    for status in [
        ProfileStatus::Null,
        ProfileStatus::Pending,
        ProfileStatus::Verifying,
        ProfileStatus::Verified,
    ] {
        assert_eq!(after(status, Ok(response(200, b"0\x80"))), Profile::new(status));
    }
}

#[test]
fn a_failure_for_another_reason_stays() {
    for outcome in [Ok(response(200, b"0\x80")), Err(Failure::Timeout)] {
        let world = with_passcode(Rules::Current, WINDOWS);
        world.set_profile(&slot(WINDOWS, WIFI), failed("./Device/Vendor/MSFT: status 500"));
        file(&world, &answer(&world, WINDOWS, outcome));
        assert_eq!(world.profile(WINDOWS), failed("./Device/Vendor/MSFT: status 500"));
    }
}

/// The certificate was seen on the host, or the profile waits to be sent again.
#[test]
fn what_is_verified_or_waiting_does_not_fail() {
    for status in [ProfileStatus::Verified, ProfileStatus::Null] {
        assert_eq!(after(status, Err(Failure::Timeout)), Profile::new(status));
    }
}

#[test]
fn what_is_being_removed_does_not_fail() {
    let world = with_passcode(Rules::Current, WINDOWS);
    let answer = answer(&world, WINDOWS, Err(Failure::Timeout));
    let removed = Profile::new(ProfileStatus::Pending).operation(ProfileOperation::Remove);
    world.set_profile(&slot(WINDOWS, WIFI), removed.clone());
    file(&world, &answer);
    assert_eq!(world.profile(WINDOWS), removed);
}

#[test]
fn only_pki_operation_is_filed() {
    for operation in ["GetCACaps", "GetCACert"] {
        for outcome in [Err(Failure::Timeout), Ok(response(503, b"")), Ok(response(200, b""))] {
            let world = with_passcode(Rules::Current, WINDOWS);
            let request = asking(operation, WINDOWS, WIFI, None);
            assert!(world.exchange(&request, &outcome).report.is_none());
        }
    }
}

/// The others say themselves that they failed.
#[test]
fn only_windows_is_filed() {
    for profile in [APPLE, ANDROID] {
        let world = with_passcode(Rules::Current, profile);
        assert!(answer(&world, profile, Err(Failure::Timeout)).report.is_none());
    }
}

/// Fleet of 2025 shows it as verified, with or without a certificate.
#[test]
fn nothing_is_filed_by_the_guide() {
    let world = with_passcode(Rules::Guide, WINDOWS);
    assert!(answer(&world, WINDOWS, Err(Failure::Timeout)).report.is_none());
    assert!(answer(&world, WINDOWS, Ok(response(200, b"0\x80"))).report.is_none());
}

#[test]
fn a_report_says_whose_it_is() {
    let world = with_passcode(Rules::Current, WINDOWS);
    let report = answer(&world, WINDOWS, Err(Failure::Dns)).report.unwrap();
    assert_eq!(report.slot(), &slot(WINDOWS, WIFI));
    assert_eq!(report.failure(), Some(UpstreamFailure::Dns));
}
