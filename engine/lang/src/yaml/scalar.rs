//! What a plain scalar means: the rules of the original tool's loader, which is neither YAML 1.1 nor 1.2 throughout.

/// The meaning of a plain scalar.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// `null`, `~`, nothing, and the numbers that JSON cannot hold.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number: the file's numbers are doubles.
    Number(f64),
    /// Everything else. Dates stay text here, although the original turns them into timestamps.
    Text,
}

/// Resolves an unquoted scalar.
pub fn resolve_plain(text: &str) -> Resolved {
    // Most scalars are words, whose first letter says that they are nothing else.
    let begins_a_word = |byte: &u8| byte.is_ascii_alphabetic() && !b"nNtTfF".contains(byte);
    if text.as_bytes().first().is_some_and(begins_a_word) {
        return Resolved::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "true" | "True" | "TRUE" => return Resolved::Bool(true),
        "false" | "False" | "FALSE" => return Resolved::Bool(false),
        // A number to the loader, which the round trip through JSON then turns into null.
        _ if is_infinite_or_nan(text) => return Resolved::Null,
        _ => {}
    }
    // A number that a double cannot hold stays text; minus zero is zero in JSON.
    match integer(text).or_else(|| float(text)) {
        Some(number) if number.is_finite() => Resolved::Number(number + 0.0),
        _ => Resolved::Text,
    }
}

/// Whether the loader takes a text for a whole number.
pub(super) fn is_integer(text: &str) -> bool {
    integer(text).is_some_and(f64::is_finite)
}

/// Whether the loader takes a text for a number of any kind.
pub(super) fn is_float(text: &str) -> bool {
    is_infinite_or_nan(text) || float(text).is_some_and(f64::is_finite)
}

/// Whether the original loader takes a plain scalar for a timestamp, as YAML 1.1 does: `2012-10-17`, or with a time behind
/// it. Here it is text.
pub fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start())),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    match (parts.as_slice(), time) {
        ([year, month, day], None) => digits(year, 4..=4) && digits(month, 2..=2) && digits(day, 2..=2),
        ([year, month, day], Some(time)) => {
            let clock = time.get(..time.find(['.', 'Z', 'z', '+', '-', ' ']).unwrap_or(time.len())).unwrap_or_default();
            let clock: Vec<&str> = clock.split(':').collect();
            digits(year, 4..=4)
                && digits(month, 1..=2)
                && digits(day, 1..=2)
                && matches!(clock.as_slice(), [h, m, s] if digits(h, 1..=2) && digits(m, 2..=2) && digits(s, 2..=2))
        }
        _ => false,
    }
}

fn integer(text: &str) -> Option<f64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = match digits.get(..2) {
        Some("0b") => power_of_two(&digits[2..], 1)?,
        Some("0o") => power_of_two(&digits[2..], 3)?,
        Some("0x") => power_of_two(&digits[2..], 4)?,
        _ if is_digits(digits) => digits.parse().ok()?,
        _ => return None,
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// Digits of base `2^bits`, rounded to the nearest double.
fn power_of_two(digits: &str, bits: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    let mut head: u128 = 0;
    let mut dropped: i32 = 0;
    for digit in digits.chars() {
        let digit = u128::from(digit.to_digit(1 << bits)?);
        if head >> 120 == 0 {
            head = head << bits | digit;
        } else {
            // Far below the last bit that a double keeps; all that matters is whether anything is there.
            head |= u128::from(digit != 0);
            dropped = dropped.saturating_add(1);
        }
    }
    Some(head as f64 * 2f64.powi(dropped.saturating_mul(bits.cast_signed())))
}

fn is_infinite_or_nan(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let mantissa_fits = match (whole, fraction) {
        // The loader takes `.5` but not `-.5`.
        ("", Some(fraction)) => unsigned.len() == text.len() && is_digits(fraction),
        (whole, fraction) => is_digits(whole) && fraction.is_none_or(|digits| digits.is_empty() || is_digits(digits)),
    };
    let exponent_fits = exponent.is_none_or(|digits| is_digits(digits.strip_prefix(['-', '+']).unwrap_or(digits)));
    (mantissa_fits && exponent_fits).then(|| text.parse().ok())?
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_the_original_loader_makes_of_them() {
        use Resolved::{Bool, Null, Number, Text};
        let table: &[(&[&str], Resolved)] = &[
            (&["", "~", "null", "Null", "NULL"], Null),
            (&[".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN"], Null),
            (&["true", "True", "TRUE"], Bool(true)),
            (&["false", "False", "FALSE"], Bool(false)),
            (&["0", "-0", "+0", "00", "0x0", "-0.0", "0e5", "0."], Number(0.0)),
            (
                &["10", "010", "+10", "10.", "10.0", "1e1", "1E1", "1e+1", "100e-1", "0xa", "0xA", "0o12", "0b1010"],
                Number(10.0),
            ),
            (&["-10", "-010", "-0xA", "-0o12", "-0b1010", "-1e1"], Number(-10.0)),
            (&["017"], Number(17.0)),
            (&["08"], Number(8.0)),
            (&["0o17"], Number(15.0)),
            (&["0x1F"], Number(31.0)),
            (&["0x200"], Number(512.0)),
            (&["007"], Number(7.0)),
            (&["0b101"], Number(5.0)),
            (&["1e3", "1.e3"], Number(1000.0)),
            (&["1E5"], Number(100_000.0)),
            (&[".5", ".5e0", "5.e-1"], Number(0.5)),
            (&["1.50"], Number(1.5)),
            (&["4.39"], Number(4.39)),
            (&["9007199254740993", "0x20000000000001"], Number(9_007_199_254_740_992.0)),
            (&["0x20000000000003"], Number(9_007_199_254_740_996.0)),
            (&["0x1000000000000000000000000000000000000000"], Number(2f64.powi(156))),
            // Halfway between two doubles but for the last digit, which lies beyond what is kept of the head.
            (&["0x100000000000008000000000000000000000000000000000001"], Number(1.0f64.next_up() * 2f64.powi(200))),
            (&["0x100000000000008000000000000000000000000000000000000"], Number(2f64.powi(200))),
            (
                &[
                    "yes",
                    "no",
                    "on",
                    "off",
                    "y",
                    "n",
                    "Yes",
                    "OFF",
                    "tRUE",
                    "nULL",
                    "NIL",
                    "none",
                    "0X1f",
                    "0B11",
                    "0O7",
                    "0x",
                    "0b",
                    "0o",
                    "0b12",
                    "0o8",
                    "0xg",
                    "1_000",
                    "12:30",
                    "12:30:45",
                    "1:2:3",
                    "1,000",
                    "10k",
                    "-.5",
                    "+.5",
                    "1e400",
                    "1e",
                    "e1",
                    "1e+",
                    ".",
                    "-",
                    "+",
                    "--1",
                    "+-1",
                    ".e1",
                    "1.2.3",
                    "4.39.0",
                    "-.nan",
                    ".iNF",
                    "inf",
                    "NaN",
                    "infinity",
                    "2012-10-17",
                    "2024-01-01T10:00:00Z",
                    "/*",
                    "<<",
                    "é",
                    "1é",
                    "٣",
                ],
                Text,
            ),
        ];
        for (texts, expected) in table {
            for text in *texts {
                assert_eq!(resolve_plain(text), *expected, "{text:?}");
            }
        }
        assert_eq!(resolve_plain(&"9".repeat(400)), Text);
        assert_eq!(resolve_plain(&format!("0x{}", "f".repeat(400))), Text);
        assert!(matches!(resolve_plain("-0"), Number(zero) if zero.is_sign_positive()));
    }

    #[test]
    fn timestamps_are_told_from_other_text() {
        for yes in ["2012-10-17", "2024-01-01T10:00:00Z", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5"] {
            assert!(is_timestamp(yes), "{yes}");
        }
        for no in
            ["", "2012-10", "2012-10-1", "12-10-2017", "2012-10-17x", "2024-01-01T10", "4.39.0", "10:00:00", "漢-字-x"]
        {
            assert!(!is_timestamp(no), "{no}");
        }
    }
}
