//! Instants and days, as text and as Excel's numbers.

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Writes milliseconds since 1970-01-01T00:00:00Z as `2026-01-31T08:30:00.000Z` (RFC 3339). Years are those that have
/// four digits: what lies outside is written as the nearest year that has.
#[inline]
pub(super) fn rfc3339(at_ms: i64, out: &mut Vec<u8>) {
    let (days, ms) = (at_ms.div_euclid(DAY_MS), at_ms.rem_euclid(DAY_MS));
    let (year, month, day) = civil(days);
    let year = year.clamp(0, 9_999);
    let mut text = *b"0000-00-00T00:00:00.000Z";
    let parts = [
        (0, year / 100),
        (2, year % 100),
        (5, month),
        (8, day),
        (11, ms / 3_600_000),
        (14, ms / 60_000 % 60),
        (17, ms / 1_000 % 60),
        (20, ms % 1_000 / 10),
    ];
    for (at, number) in parts {
        if let Some([tens, ones]) = text.get_mut(at..at + 2) {
            // Below 100, so neither is more than 9.
            *tens += (number / 10) as u8;
            *ones += (number % 10) as u8;
        }
    }
    if let Some(last) = text.get_mut(22) {
        *last += (ms % 10) as u8;
    }
    out.extend_from_slice(&text);
}

/// Year, month and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of its year; 400 years have 146,097 days.
fn civil(days: i64) -> (i64, i64, i64) {
    // Days since 0000-03-01.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01 of a date that exists, the inverse of [`civil`].
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_rfc_3339() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_764_060_467_123, "2025-11-25T08:47:47.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            (253_402_207_200_000, "9999-12-30T22:00:00.000Z"),
        ] {
            let mut out = Vec::new();
            rfc3339(ms, &mut out);
            assert_eq!(std::str::from_utf8(&out).unwrap(), text);
        }
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for day in (-720_000..2_940_000).step_by(13) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }
}
