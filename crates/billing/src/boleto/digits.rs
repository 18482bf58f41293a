//! Check digits (billing.md 3.1, 3.2).

/// Weights 2, 1, 2, 1… from the right, the digits of each product added.
pub(super) fn modulo_10(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let product = u32::from(*digit) * if place % 2 == 0 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    low_digit((10 - sum % 10) % 10)
}

/// Weights 2 to 9 repeated from the right; 0, 10 and 11 become 1.
pub(super) fn modulo_11<'a>(digits: impl DoubleEndedIterator<Item = &'a u8>) -> u8 {
    let weights = (2..=9).cycle();
    let sum: u32 = digits.rev().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match 11 - sum % 11 {
        10 | 11 => 1,
        digit => low_digit(digit),
    }
}

/// Digits as numbers; `None` when there is anything else.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    text.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect()
}

/// Digits as text.
pub(super) fn write(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// The last digit of a number.
pub(super) fn low_digit(number: u32) -> u8 {
    u8::try_from(number % 10).unwrap_or_default()
}
