//! When a certificate is due, and which one it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::arithmetic_side_effects)]

use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_fleet::{RenewalId, Schedule, supersedes};
use devicecert_pki::{Certificate, CertificateParams, KeyKind, Signer, Time, Validity};

const DAY: i64 = 86_400;

/// Midnight before a day, by the days since 1970.
const fn midnight(day: i64) -> Time {
    Time::from_unix(day * DAY)
}

/// 2027-03-01, 2028-01-31 (a leap year), 2028-02-28, 2100-02-28 (none).
const DAYS: [i64; 4] = [20_878, 21_214, 21_242, 47_540];

fn seconds(from: Time, to: Time) -> i64 {
    to.unix() - from.unix()
}

/// Days of validity, and how many seconds before the end Fleet asks for the next certificate.
#[test]
fn the_boundaries() {
    for start in DAYS {
        for (days, before) in [
            (0, None),
            (1, None),
            (2, Some(DAY)),
            (3, Some(DAY + DAY / 2)),
            (7, Some(3 * DAY + DAY / 2)),
            (29, Some(14 * DAY + DAY / 2)),
            (30, Some(15 * DAY)),
            (31, Some(30 * DAY)),
            (32, Some(30 * DAY)),
            (365, Some(30 * DAY)),
            (366, Some(30 * DAY)),
            (3650, Some(30 * DAY)),
        ] {
            let validity =
                Validity { not_before: midnight(start), not_after: midnight(start + days) };
            let due = Schedule::default().due_at(&validity, "host");
            // notAfter < now + window: at the very second it is not due yet.
            let expected = before.map(|before| midnight(start + days).unix() - before + 1);
            assert_eq!(due.map(Time::unix), expected, "{days} days from {}", validity.not_before);
            if let Some(due) = due {
                let is_due = |now| Schedule::default().is_due(&validity, "host", now);
                assert!(is_due(due) && !is_due(due.before(Duration::from_secs(1))));
                assert!(is_due(validity.not_after.after(Duration::from_secs(1))));
            }
        }
    }
}

/// Days are those of the calendar, as the server's database counts them.
#[test]
fn hours_do_not_count_but_midnights_do() {
    let due = |from: i64, to: i64| {
        let validity = Validity {
            not_before: Time::from_unix(DAYS[0] * DAY + from),
            not_after: Time::from_unix(DAYS[0] * DAY + to),
        };
        let due = Schedule::default().due_at(&validity, "host")?;
        Some(seconds(due, validity.not_after) + 1)
    };
    // 26 hours over two midnights are 2 days; 47 hours over one are 1.
    assert_eq!(due(23 * 3600, 2 * DAY + 3600), Some(DAY));
    assert_eq!(due(0, 2 * DAY - 3600), None);
    // 30 days and 23 hours are 30 days, or 31 if they end after a midnight more.
    assert_eq!(due(0, 30 * DAY + 23 * 3600), Some(15 * DAY));
    assert_eq!(due(3600, 31 * DAY), Some(30 * DAY));
}

/// 2028-02-29 is a day like any other.
#[test]
fn leap_years() {
    let february = |day: i64, days: i64| {
        let validity = Validity { not_before: midnight(day), not_after: midnight(day + days) };
        Schedule::default().due_at(&validity, "host").map(|due| due.to_string())
    };
    // Valid from 2028-02-01 to 2028-03-02: 30 days, with the 29th.
    assert_eq!(february(21_215, 30).as_deref(), Some("2028-02-16T00:00:01Z"));
    // From 2027-02-01 to 2027-03-04: 31 days.
    assert_eq!(february(20_850, 31).as_deref(), Some("2027-02-02T00:00:01Z"));
    // From 2027-03-01 for 366 days: over the 29th, until 2028-03-01.
    assert_eq!(february(20_878, 366).as_deref(), Some("2028-01-31T00:00:01Z"));
}

#[test]
fn what_ends_before_it_begins_is_never_renewed() {
    let backwards = Validity { not_before: midnight(100), not_after: midnight(10) };
    assert_eq!(Schedule::default().due_at(&backwards, "host"), None);
    let endless =
        Validity { not_before: Time::from_unix(i64::MIN), not_after: Time::from_unix(i64::MAX) };
    assert!(Schedule::default().due_at(&endless, "host").is_some());
}

#[test]
fn jitter_spreads_hosts_and_never_delays_one() {
    let validity = Validity { not_before: midnight(20_000), not_after: midnight(20_365) };
    let exact = Schedule::default().due_at(&validity, "").unwrap();
    let week = Duration::from_secs(7 * 86_400);
    let schedule = Schedule::default().jitter(week);
    let mut days = [0_usize; 7];
    for number in 0..7000 {
        let host = format!("host-{number}");
        let due = schedule.due_at(&validity, &host).unwrap();
        assert_eq!(Some(due), schedule.due_at(&validity, &host), "the same for the same host");
        let early = seconds(due, exact);
        assert!((0..7 * DAY).contains(&early), "{early}");
        days[usize::try_from(early / DAY).unwrap()] += 1;
    }
    assert!(days.iter().all(|hosts| (800..1200).contains(hosts)), "{days:?}");
}

/// A short certificate is not renewed over and over.
#[test]
fn jitter_leaves_half_of_the_time() {
    let validity = Validity { not_before: midnight(20_000), not_after: midnight(20_002) };
    let schedule = Schedule::default().jitter(Duration::from_secs(30 * 86_400));
    for number in 0..100 {
        let due = schedule.due_at(&validity, &number.to_string()).unwrap();
        assert!(seconds(validity.not_before, due) >= DAY / 2, "{due}");
    }
}

const UUID: &str = "w4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC";

fn certificate(subject: &str, from: i64, to: i64) -> Certificate {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let validity = Validity { not_before: midnight(from), not_after: midnight(to) };
    let params = CertificateParams::self_signed(
        subject.parse().unwrap(),
        key.public_key().clone(),
        validity,
        &RustCrypto,
    );
    params.unwrap().unsigned(key.public_key()).unwrap().sign(&key).unwrap()
}

#[test]
fn the_mark_is_found_in_cn_or_ou() {
    let id = RenewalId::of(UUID);
    for (subject, found) in [
        (format!("CN=laptop,OU=fleet-{UUID}"), true),
        (format!("CN=laptop fleet-{UUID} wifi"), true),
        (format!("CN=laptop+OU=fleet-{UUID},O=Example"), true),
        (format!("CN=laptop,O=fleet-{UUID}"), false),
        (format!("CN=laptop,OU={UUID}"), false),
        (format!("CN=laptop,OU=FLEET-{UUID}"), false),
        ("CN=laptop".to_owned(), false),
    ] {
        assert_eq!(id.is_in(&subject.parse().unwrap()), found, "{subject}");
    }
}

#[test]
fn of_several_certificates_the_latest_valid_one_counts() {
    let id = RenewalId::of(UUID);
    let marked = format!("CN=a,OU=fleet-{UUID}");
    let old = certificate(&marked, 100, 200);
    let new = certificate(&marked, 150, 250);
    let future = certificate(&marked, 190, 290);
    let other = certificate("CN=a,OU=fleet-x", 160, 260);
    let all = [&new, &old, &future, &other];
    let at = |day| id.latest(all, midnight(day)).map(|found| found.serial().to_vec());
    assert_eq!(at(99), None);
    assert_eq!(at(120), Some(old.serial().to_vec()));
    assert_eq!(at(160), Some(new.serial().to_vec()));
    assert_eq!(at(195), Some(future.serial().to_vec()));
    assert_eq!(at(291), None);
}

#[test]
fn an_older_certificate_never_takes_the_place_of_a_newer_one() {
    let until = |day| Validity { not_before: midnight(1), not_after: midnight(day) };
    assert!(supersedes(&until(5), None));
    assert!(supersedes(&until(6), Some(&until(5))));
    assert!(!supersedes(&until(5), Some(&until(5))));
    assert!(!supersedes(&until(4), Some(&until(5))));
}
