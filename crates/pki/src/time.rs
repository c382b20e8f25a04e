//! UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5).

use core::fmt;
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Found};

const DAY: i64 = 86_400;
/// 0000-01-01T00:00:00Z
const FIRST: Time = Time(-62_167_219_200);
/// 9999-12-31T23:59:59Z
const LAST: Time = Time(253_402_300_799);

/// A point in time: whole seconds since 1970-01-01T00:00:00Z, before it if negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// From seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This time and so much more; the end of representable time if that is beyond it.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }

    /// This time and so much less.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.as_secs()))
    }

    /// Reads a UTCTime or GeneralizedTime value.
    ///
    /// Seconds may be missing, fractions are dropped and offsets from UTC are applied: RFC 5280
    /// forbids all three, signingTime attributes and old certificates have them.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) for anything else.
    pub fn read(tlv: &Tlv<'_>) -> Result<Self, Error> {
        let year_digits = match tlv.tag {
            tag::UTC_TIME => 2,
            tag::GENERALIZED_TIME => 4,
            other => return Err(tlv.unexpected("UTCTime or GeneralizedTime", Found::Tag(other))),
        };
        parse(tlv.value, year_digits)
            .ok_or_else(|| tlv.unexpected("a date and time", Found::Value("another text")))
    }

    /// Writes UTCTime up to 2049 and GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5).
    ///
    /// What a GeneralizedTime cannot express becomes the first second of year 0 or the last of
    /// year 9999, which stands for "no end" (RFC 5280 §4.1.2.5).
    pub fn write(self, writer: &mut Writer) {
        let civil = Civil::from(self.clamp(FIRST, LAST));
        let text = civil.compact();
        match (1950..2050).contains(&civil.year) {
            true => {
                writer.value(tag::UTC_TIME, text.get(2..).unwrap_or_default().as_bytes());
            }
            false => writer.value(tag::GENERALIZED_TIME, text.as_bytes()),
        }
    }
}

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self(0).after(since),
            Err(until) => Self(0).before(until.duration()),
        }
    }
}

/// `2026-11-21T12:00:00Z`
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, seconds } = Civil::from(*self);
        let (hour, minute, second) = clock(seconds);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// From when until when a certificate is valid, both ends included (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub not_before: Time,
    /// The last second.
    pub not_after: Time,
}

impl Validity {
    /// A validity that starts at `not_before` and lasts `duration`.
    #[must_use]
    pub fn lasting(not_before: Time, duration: Duration) -> Self {
        Self { not_before, not_after: not_before.after(duration) }
    }

    /// Whether `now` lies within.
    #[must_use]
    pub fn contains(&self, now: Time) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.sequence("Validity")?;
        let not_before = Time::read(&fields.any("notBefore")?)?;
        let not_after = Time::read(&fields.any("notAfter")?)?;
        fields.finish("the end of Validity")?;
        Ok(Self { not_before, not_after })
    }
}

/// A date of the proleptic Gregorian calendar and the seconds of that day.
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    seconds: i64,
}

impl Civil {
    fn compact(&self) -> String {
        let (hour, minute, second) = clock(self.seconds);
        let Self { year, month, day, .. } = self;
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
    }
}

const fn clock(seconds: i64) -> (i64, i64, i64) {
    (
        seconds.wrapping_div(3600),
        seconds.wrapping_div(60).wrapping_rem(60),
        seconds.wrapping_rem(60),
    )
}

// Years are counted from March here, so that the leap day is the last day of a year, and in
// eras of 400 years, after which the calendar repeats. Intermediate values stay below 2^63 because
// every caller bounds the year or divides first.
const ERA_DAYS: i64 = 146_097;
const EPOCH_DAYS: i64 = 719_468;

impl From<Time> for Civil {
    #[expect(clippy::arithmetic_side_effects, reason = "bounded by the division by DAY")]
    fn from(time: Time) -> Self {
        let days = time.0.div_euclid(DAY) + EPOCH_DAYS;
        let era = days.div_euclid(ERA_DAYS);
        let day_of_era = days.rem_euclid(ERA_DAYS);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month, day, seconds: time.0.rem_euclid(DAY) }
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "callers pass years of four digits")]
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * ERA_DAYS + day_of_era - EPOCH_DAYS
}

fn parse(text: &[u8], year_digits: usize) -> Option<Time> {
    let mut rest = text;
    let mut year = take_digits(&mut rest, year_digits)?;
    if year_digits == 2 {
        year = year.checked_add(if year < 50 { 2000 } else { 1900 })?;
    }
    let month = take_digits(&mut rest, 2).filter(|month| (1..=12).contains(month))?;
    let day = take_digits(&mut rest, 2).filter(|day| (1..=31).contains(day))?;
    let hour = take_digits(&mut rest, 2).filter(|hour| *hour < 24)?;
    let minute = take_digits(&mut rest, 2).filter(|minute| *minute < 60)?;
    let second = match rest.first()?.is_ascii_digit() {
        true => take_digits(&mut rest, 2).filter(|second| *second <= 60)?,
        false => 0,
    };
    if let Some(b'.' | b',') = rest.first() {
        let digits = rest.get(1..)?;
        let fraction = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
        rest = digits.get(fraction..)?;
    }
    let offset = match rest {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), digits @ ..] if digits.len() == 4 => {
            let mut digits = digits;
            let hours = take_digits(&mut digits, 2)?;
            let minutes = take_digits(&mut digits, 2)?;
            let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
            if *sign == b'-' { seconds.checked_neg()? } else { seconds }
        }
        _ => return None,
    };
    let seconds = hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?;
    days_from_civil(year, month, day)
        .checked_mul(DAY)?
        .checked_add(seconds)?
        .checked_add(second)?
        .checked_sub(offset)
        .map(Time)
}

fn take_digits(rest: &mut &[u8], count: usize) -> Option<i64> {
    let (digits, after) = rest.split_at_checked(count)?;
    *rest = after;
    core::str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?
        .parse()
        .ok()
}
