//! Dates of property lists: `2027-01-31T12:00:00Z`, a subset of ISO 8601.

use devicecert_pki::Time;

/// The first second of the year 1 and the last one of the year 9999: what four digits can say.
const RANGE: core::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Whether four digits can say the year.
pub(super) fn is_writable(time: Time) -> bool {
    RANGE.contains(&time.unix())
}

/// Reads a date that exists; `None` for anything else.
pub(super) fn parse(text: &str) -> Option<Time> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers::<3>(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers::<3>(clock, ':', [2, 2, 2])?;
    let seconds = days_from_civil(year, month, day)?
        .checked_mul(86_400)?
        .checked_add(hour.checked_mul(3600)?)?
        .checked_add(minute.checked_mul(60)?)?
        .checked_add(second)?;
    let time = Time::from_unix(seconds);
    // The 30th of February and 25 o'clock come out as another day.
    (is_writable(time) && time.to_string() == text).then_some(time)
}

fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut pieces = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let piece = pieces.next().filter(|piece| piece.len() == width)?;
        *number = piece.bytes().all(|byte| byte.is_ascii_digit()).then(|| piece.parse().ok())??;
    }
    pieces.next().is_none().then_some(numbers)
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, for years from 0 on.
///
/// The year is made to start in March, so that the leap day is its last.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let months = month.checked_add(9)?.checked_rem(12)?;
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let leap_days =
        [(4, 1), (100, -1), (400, 1)].into_iter().try_fold(0_i64, |sum, (every, sign)| {
            sum.checked_add(year.div_euclid(every).checked_mul(sign)?)
        })?;
    let days_of_months = months.checked_mul(153)?.checked_add(2)?.checked_div(5)?;
    year.checked_mul(365)?
        .checked_add(leap_days)?
        .checked_add(days_of_months)?
        .checked_add(day)?
        .checked_sub(719_469)
}
