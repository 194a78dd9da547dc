//! Exact decimal numbers, for sums that do not drift.
//!
//! Neither a double nor a decimal with a floating point will do: both round when numbers of different size are added,
//! and what was rounded away is missing when one of them is taken out of the sum again. With a fixed point, adding and
//! taking away are exact, in whatever order.

use std::fmt;

use super::Invalid;

/// Digits after the point.
const PLACES: u32 = 28;
/// Parts of one whole.
const ONE: i128 = 10_i128.pow(PLACES);

/// A number with 28 digits after the point, and as many before it as can be summed.
///
/// It holds `whole + parts / 10^28` with `0 <= parts < 10^28`, so that the derived order is the order of numbers.
/// Parsed ones are smaller than 10^28 in amount, so that 10^10 of them have a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal {
    whole: i128,
    parts: i128,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self { whole: 0, parts: 0 };

    /// Reads a number as JSON writes it (RFC 8259, section 6). What lies below the last digit is rounded, half to even.
    ///
    /// # Errors
    /// When it is no such number, or not smaller than 10^28 in amount.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bad = || Invalid("must be a number".into());
        let (negative, amount) = text.strip_prefix('-').map_or((false, text), |amount| (true, amount));
        let (mantissa, exponent) = match amount.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| bad())?),
            None => (amount, 0),
        };
        let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = || before.bytes().chain(after.bytes());
        let dangling = mantissa.ends_with('.') || before.is_empty();
        if dangling || !digits().all(|digit| digit.is_ascii_digit()) {
            return Err(bad());
        }
        // The power of ten of the first digit.
        let mut power = i64::try_from(before.len()).unwrap_or(i64::MAX).saturating_sub(1) + i64::from(exponent);
        let mut amount = Self::ZERO;
        let mut rest = Rest::default();
        for digit in digits().map(|digit| i128::from(digit - b'0')) {
            match power {
                28.. if digit == 0 => {}
                28.. => return Err(Invalid("must be smaller than 10^28".into())),
                0.. => amount.whole = amount.whole * 10 + digit,
                -28..0 => amount.parts += digit * ONE / 10_i128.pow(u32::try_from(-power).unwrap_or(PLACES)),
                _ => rest.take(power == -29, digit),
            }
            power -= 1;
        }
        // A whole number that ends before the point, as in 1e3.
        for _ in 0..(power + 1).clamp(0, 28) {
            amount.whole *= 10;
        }
        if amount.whole >= ONE {
            return Err(Invalid("must be smaller than 10^28".into()));
        }
        if rest.rounds_up(amount.parts) {
            amount = amount.plus(Self { whole: 0, parts: 1 });
        }
        Ok(if negative { Self::ZERO.minus(amount) } else { amount })
    }

    /// A double as people write it: the shortest text that means it.
    ///
    /// # Errors
    /// When it is not finite, or too large.
    pub fn from_f64(number: f64) -> Result<Self, Invalid> {
        Self::parse(&number.to_string())
    }

    /// The double next to it.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        match i32::try_from(self.whole) {
            Ok(whole) if self.parts == 0 => f64::from(whole),
            // Through text, because it is rounded right that way.
            _ => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    /// The sum; exact.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let parts = self.parts + other.parts;
        // Wrapping, so that what goes in and out again leaves no trace even then.
        Self { whole: self.whole.wrapping_add(other.whole).wrapping_add(parts / ONE), parts: parts % ONE }
    }

    /// The difference; exact.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let parts = self.parts - other.parts;
        let borrowed = i128::from(parts < 0);
        Self { whole: self.whole.wrapping_sub(other.whole).wrapping_sub(borrowed), parts: parts + borrowed * ONE }
    }

    /// A share of it, rounded down at the last digit; itself for one share or none.
    #[must_use]
    pub fn divided(self, shares: u64) -> Self {
        if shares <= 1 {
            return self;
        }
        let shares = i128::from(shares);
        let (whole, mut rest) = (self.whole.div_euclid(shares), self.whole.rem_euclid(shares));
        // Long division, nine digits at a time, so that nothing overflows.
        let (mut parts, mut below, mut scale) = (0_i128, self.parts, ONE);
        while scale > 1 {
            let step = 1_000_000_000.min(scale);
            scale /= step;
            rest = rest * step + below / scale;
            below %= scale;
            parts = parts * step + rest / shares;
            rest %= shares;
        }
        Self { whole, parts }
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self { whole: number.into(), parts: 0 }
    }
}

/// What lies below the last digit that is kept.
#[derive(Default)]
struct Rest {
    first: i128,
    more: bool,
}

impl Rest {
    fn take(&mut self, is_first: bool, digit: i128) {
        if is_first {
            self.first = digit;
        } else {
            self.more |= digit != 0;
        }
    }

    fn rounds_up(&self, parts: i128) -> bool {
        self.first > 5 || (self.first == 5 && (self.more || parts % 2 == 1))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, amount) = if self.whole < 0 { ("-", Self::ZERO.minus(*self)) } else { ("", *self) };
        if amount.parts == 0 {
            return write!(f, "{sign}{}", amount.whole);
        }
        let parts = format!("{:028}", amount.parts);
        write!(f, "{sign}{}.{}", amount.whole, parts.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn numbers_read_and_write_alike() {
        for (text, written) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("10000.01", "10000.01"),
            ("0.1", "0.1"),
            ("-0.1", "-0.1"),
            ("-12.5", "-12.5"),
            ("1e3", "1000"),
            ("1.5E+2", "150"),
            ("12e-3", "0.012"),
            ("1e-7", "0.0000001"),
            ("0.000e30", "0"),
            ("9007199254740993", "9007199254740993"),
            ("9999999999999999999999999999.9", "9999999999999999999999999999.9"),
            ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
            ("0.00000000000000000000000000005", "0"),
            ("0.00000000000000000000000000015", "0.0000000000000000000000000002"),
            ("0.000000000000000000000000000050001", "0.0000000000000000000000000001"),
            ("0.99999999999999999999999999999", "1"),
            ("1e-400", "0"),
        ] {
            assert_eq!(of(text).to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_or_too_large_is_refused() {
        for text in
            ["", "-", ".5", "5.", "+1", "1e", "1e1.5", "NaN", "inf", "0x1", "1_0", " 1", "1,5", "1e28", "-1e400", "٣"]
        {
            assert!(Decimal::parse(text).is_err(), "{text}");
        }
        assert!(Decimal::from_f64(f64::NAN).is_err());
        assert!(Decimal::from_f64(f64::INFINITY).is_err());
        assert_eq!(Decimal::from_f64(10_000.01).unwrap(), of("10000.01"));
    }

    #[test]
    fn a_hundred_thousand_tenths_are_ten_thousand() {
        let sum = (0..100_001).fold(Decimal::ZERO, |sum, _| sum.plus(of("0.1")));
        assert_eq!(sum, of("10000.1"));
        assert_eq!((0..100_001).fold(sum, |sum, _| sum.minus(of("0.1"))), Decimal::ZERO);
    }

    #[test]
    fn shares_are_rounded_down_at_the_last_digit() {
        for (number, shares, share) in [
            ("10", 4, "2.5"),
            ("1", 3, "0.3333333333333333333333333333"),
            ("-1", 3, "-0.3333333333333333333333333334"),
            ("7", 1, "7"),
            ("7", 0, "7"),
            ("123456789012345678.9", 1_000_000_007, "123456788.1481481618629628669592599312"),
        ] {
            assert_eq!(of(number).divided(shares), of(share), "{number} / {shares}");
        }
    }

    proptest! {
        #[test]
        fn sums_are_those_of_whole_numbers(numbers in prop::collection::vec((-10_i64.pow(15)..10_i64.pow(15), 0_u32..6), 0..40)) {
            // In millionths.
            let plain: i128 = numbers.iter().map(|(n, places)| i128::from(*n) * 10_i128.pow(6 - places)).sum();
            let text = |(n, places): &(i64, u32)| format!("{n}e-{places}");
            let sum = numbers.iter().fold(Decimal::ZERO, |sum, number| sum.plus(of(&text(number))));
            prop_assert_eq!(sum, of(&format!("{plain}e-6")));
            prop_assert_eq!(of(&sum.to_string()), sum);
            let left = numbers.iter().rev().fold(sum, |sum, number| sum.minus(of(&text(number))));
            prop_assert_eq!(left, Decimal::ZERO);
        }

        #[test]
        fn doubles_come_back(number in -1e27_f64..1e27, small in -1.0_f64..1.0) {
            prop_assert_eq!(Decimal::from_f64(number).unwrap().to_f64(), number);
            let back = Decimal::from_f64(small).unwrap().to_f64();
            prop_assert!((back - small).abs() <= 1e-28);
        }

        #[test]
        fn the_order_is_that_of_numbers(a in any::<i64>(), b in any::<i64>()) {
            let of = |n: i64| of(&format!("{n}e-9"));
            prop_assert_eq!(of(a).cmp(&of(b)), a.cmp(&b));
        }

        #[test]
        fn shares_times_their_number_fall_short_by_less_than_a_digit_each(n in any::<i64>(), shares in 1_u64..50) {
            let number = of(&format!("{n}e-9"));
            let share = number.divided(shares);
            let back = (0..shares).fold(Decimal::ZERO, |sum, _| sum.plus(share));
            prop_assert!(back <= number);
            let digits = Decimal { whole: 0, parts: i128::from(shares) };
            prop_assert!(number.minus(back) < digits);
        }
    }
}
