//! Numbers as people write them: 51 and not 51.0.

use serde::Serializer;

/// The largest whole number below which a double has them all.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A whole number without a fraction, any other as a double.
pub(crate) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and within 2^53")]
        serializer.serialize_i64(*number as i64)
    } else {
        serializer.serialize_f64(*number)
    }
}

/// The same for a number that may be missing: `null`.
pub(crate) fn serialize_optional<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => serialize(number, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    #[derive(serde::Serialize)]
    struct Wrap(#[serde(serialize_with = "super::serialize")] f64);

    #[test]
    fn whole_numbers_have_no_fraction() {
        for (number, text) in
            [(51.0, "51"), (-3.0, "-3"), (0.5, "0.5"), (-0.0, "0"), (1e300, "1e+300"), (f64::NAN, "null")]
        {
            assert_eq!(serde_json::to_string(&Wrap(number)).unwrap(), text);
        }
    }
}
