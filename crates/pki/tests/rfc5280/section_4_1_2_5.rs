//! RFC 5280 §4.1.2.5, validity and the two types of time.

use crate::support::certificate::{Oracle, accepted, generalized_time, refused, utc_time};
use crate::support::hex;
use devicecert_pki::asn1::{Tlv, Writer};
use devicecert_pki::error::Found;
use devicecert_pki::{Time, Validity};
use std::time::{Duration, UNIX_EPOCH};

fn read(encoding: &[u8]) -> Option<i64> {
    Time::read(&Tlv::parse(encoding, "a time").unwrap()).ok().map(Time::unix)
}

fn written(seconds: i64) -> Vec<u8> {
    Writer::build(|w| Time::from_unix(seconds).write(w))
}

/// Seconds since 1970 by `date -u -d TEXT +%s`, the form of RFC 5280, and ISO 8601.
const TABLE: [(i64, &str, &str); 22] = [
    (0, "700101000000Z", "1970-01-01T00:00:00Z"),
    (-1, "691231235959Z", "1969-12-31T23:59:59Z"),
    (-631_152_000, "500101000000Z", "1950-01-01T00:00:00Z"),
    (-631_152_001, "19491231235959Z", "1949-12-31T23:59:59Z"),
    (-2_208_988_800, "19000101000000Z", "1900-01-01T00:00:00Z"),
    (-62_135_596_800, "00010101000000Z", "0001-01-01T00:00:00Z"),
    (-62_167_219_200, "00000101000000Z", "0000-01-01T00:00:00Z"),
    // Leap years: every fourth, but for centuries, but for every fourth of those.
    (951_782_400, "000229000000Z", "2000-02-29T00:00:00Z"),
    (951_868_800, "000301000000Z", "2000-03-01T00:00:00Z"),
    (1_709_164_800, "240229000000Z", "2024-02-29T00:00:00Z"),
    (1_709_251_199, "240229235959Z", "2024-02-29T23:59:59Z"),
    (1_709_251_200, "240301000000Z", "2024-03-01T00:00:00Z"),
    (1_740_787_200, "250301000000Z", "2025-03-01T00:00:00Z"),
    (1_740_787_199, "250228235959Z", "2025-02-28T23:59:59Z"),
    (4_107_456_000, "21000228000000Z", "2100-02-28T00:00:00Z"),
    (4_107_542_400, "21000301000000Z", "2100-03-01T00:00:00Z"),
    (13_574_563_200, "24000229000000Z", "2400-02-29T00:00:00Z"),
    // UTCTime ends with 2049.
    (2_524_607_999, "491231235959Z", "2049-12-31T23:59:59Z"),
    (2_524_608_000, "20500101000000Z", "2050-01-01T00:00:00Z"),
    (2_147_483_648, "380119031408Z", "2038-01-19T03:14:08Z"),
    (1_800_000_000, "270115080000Z", "2027-01-15T08:00:00Z"),
    (253_402_300_799, "99991231235959Z", "9999-12-31T23:59:59Z"),
];

#[test]
fn times_are_written_read_and_shown() {
    for (seconds, text, shown) in TABLE {
        let encoding = if text.len() == 13 { utc_time(text) } else { generalized_time(text) };
        assert_eq!(written(seconds), encoding, "{text}");
        assert_eq!(read(&encoding), Some(seconds), "{text}");
        assert_eq!(Time::from_unix(seconds).to_string(), shown);
    }
}

#[test]
fn generalized_time_is_read_where_utc_time_should_be() {
    for (seconds, _, shown) in TABLE {
        let text: String =
            shown.chars().filter(|c| c.is_ascii_alphanumeric() && *c != 'T').collect();
        assert_eq!(read(&generalized_time(&text)), Some(seconds), "{text}");
    }
}

#[test]
fn what_has_no_end_ends_with_the_year_9999() {
    // RFC 5280 §4.1.2.5: 99991231235959Z says that there is no date.
    let last = generalized_time("99991231235959Z");
    for beyond in [253_402_300_800, 1 << 50, i64::MAX] {
        assert_eq!(written(beyond), last);
    }
    let first = generalized_time("00000101000000Z");
    for before in [-62_167_219_201, i64::MIN] {
        assert_eq!(written(before), first);
    }
    let forever = Validity::lasting(Time::from_unix(0), Duration::MAX);
    assert_eq!(Writer::build(|w| forever.not_after.write(w)), last);
}

#[test]
fn forms_that_rfc_5280_forbids_are_read() {
    for (encoding, expected) in [
        (utc_time("2701150800Z"), 1_800_000_000), // without seconds
        (utc_time("270115080000+0000"), 1_800_000_000), // offsets
        (utc_time("270115090000+0100"), 1_800_000_000),
        (utc_time("270115033000-0430"), 1_800_000_000),
        (utc_time("2701150900+0100"), 1_800_000_000),
        (generalized_time("202701150800Z"), 1_800_000_000),
        (generalized_time("20270115080000.5Z"), 1_800_000_000), // fractions are dropped
        (generalized_time("20270115080000,999Z"), 1_800_000_000),
        (generalized_time("20270115090000.123456789+0100"), 1_800_000_000),
        (utc_time("270115075960Z"), 1_800_000_000), // a leap second
        // A day that the month does not have: what comes out if a year is added to 29 February.
        (utc_time("250229000000Z"), 1_740_787_200),
    ] {
        let text = String::from_utf8_lossy(&encoding[2..]).into_owned();
        assert_eq!(read(&encoding), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "Z",
        "27",
        "270115",
        "27011508Z",
        "270115080000",
        "270015080000Z",
        "271315080000Z",
        "270100080000Z",
        "270132080000Z",
        "270115240000Z",
        "270115086000Z",
        "270115080061Z",
        "27O115080000Z",
        "270115080000z",
        "270115080000Z ",
        "270115080000ZZ",
        " 270115080000Z",
        "270115080000+01",
        "270115080000+01:00",
        "270115080000+01000",
        "270115080000*0100",
        "-70115080000Z",
        "+70115080000Z",
        "270115080000.Zx",
        "27011508000Z",
        "270115080000+0a00",
        "2é0115080000Z",
    ] {
        assert_eq!(read(&utc_time(text)), None, "{text:?}");
        assert_eq!(read(&generalized_time(&format!("20{text}"))), None, "20{text:?}");
    }
    // Each type has its own number of digits for a year.
    assert_eq!(read(&utc_time("20270115080000Z")), None);
    assert_eq!(read(&generalized_time("270115080000Z")), None);
}

#[test]
fn odd_dates_do_not_spoil_a_certificate() {
    for (not_before, expected, oracle) in [
        (utc_time("2601010000Z"), "2026-01-01T00:00:00Z", Oracle::Refused),
        (utc_time("260101010000+0100"), "2026-01-01T00:00:00Z", Oracle::Refused),
        (generalized_time("20260101000000Z"), "2026-01-01T00:00:00Z", Oracle::Altered),
        (generalized_time("20260101000000.5Z"), "2026-01-01T00:00:00Z", Oracle::Refused),
        (generalized_time("19000101000000Z"), "1900-01-01T00:00:00Z", Oracle::Refused),
        (generalized_time("00000101000000Z"), "0000-01-01T00:00:00Z", Oracle::Refused),
        (utc_time("500101000000Z"), "1950-01-01T00:00:00Z", Oracle::Refused),
        (generalized_time("99991231235959Z"), "9999-12-31T23:59:59Z", Oracle::Same),
    ] {
        let (certificate, found) = accepted(|tbs| tbs.not_before = not_before.clone());
        assert_eq!(certificate.validity().not_before.to_string(), expected);
        assert_eq!(certificate.validity().not_after.to_string(), "2036-01-01T00:00:00Z");
        assert_eq!(found, oracle, "{expected}");
    }
}

#[test]
fn a_validity_is_two_times() {
    let found = refused(|tbs| tbs.not_before = hex("0500"));
    assert_eq!(found, ("UTCTime or GeneralizedTime", Found::Tag(5)));
    let found = refused(|tbs| tbs.not_before = utc_time("yesterday"));
    assert_eq!(found, ("a date and time", Found::Value("another text")));
    let found = refused(|tbs| tbs.not_after.extend(hex("0500")));
    assert_eq!(found, ("the end of Validity", Found::Trailing(2)));
}

#[test]
fn both_ends_belong_to_the_validity() {
    let at = Time::from_unix;
    let validity = Validity::lasting(at(100), Duration::from_secs(50));
    assert_eq!(validity, Validity { not_before: at(100), not_after: at(150) });
    for (seconds, within) in [(99, false), (100, true), (125, true), (150, true), (151, false)] {
        assert_eq!(validity.contains(at(seconds)), within, "{seconds}");
    }
}

#[test]
fn times_come_from_the_system_and_can_be_moved() {
    let second = Duration::from_secs(1);
    assert_eq!(Time::from(UNIX_EPOCH), Time::from_unix(0));
    assert_eq!(Time::from(UNIX_EPOCH + Duration::from_millis(1999)), Time::from_unix(1));
    assert_eq!(Time::from(UNIX_EPOCH - second), Time::from_unix(-1));
    assert_eq!(Time::from_unix(5).after(second), Time::from_unix(6));
    assert_eq!(Time::from_unix(5).before(second), Time::from_unix(4));
    assert_eq!(Time::from_unix(5).after(Duration::MAX), Time::from_unix(i64::MAX));
    assert_eq!(Time::from_unix(-5).before(Duration::MAX), Time::from_unix(i64::MIN));
    assert!(Time::from_unix(4) < Time::from_unix(5));
}
