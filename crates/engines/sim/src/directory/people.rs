//! People of the simulated WhatsApp: pure. Who they are is made up from their digits, so that it is the same everywhere and for ever.

use recado_kernel::PhoneNumber;

/// What somebody says about themselves who never said anything.
pub(crate) const ABOUT: &str = "Disponível";

const FIRST: [&str; 16] = [
    "Ana", "Bruno", "Carla", "Diego", "Elisa", "Fábio", "Gabriela", "Heitor", "Iara", "João", "Karina", "Lucas", "Marina",
    "Nelson", "Olívia", "Pedro",
];
const LAST: [&str; 11] =
    ["Almeida", "Barros", "Cardoso", "Dias", "Esteves", "Freitas", "Gomes", "Lima", "Moraes", "Nunes", "Prado"];

/// The smallest prime above 10^15: numbers have at most 15 digits, so multiplication modulo it is a permutation of them.
const PRIME: u128 = 1_000_000_000_000_037;
const FACTOR: u128 = 736_481_920_374_651;

/// The name somebody shows who never chose one.
pub(crate) fn shown_name(number: &PhoneNumber) -> String {
    let sum = value(number.as_str());
    let pick = |from: &[&'static str], by: u128| from[usize::try_from(by % from.len() as u128).unwrap_or_default()];
    format!("{} {} (simulado)", pick(&FIRST, sum % 1_009), pick(&LAST, sum / 7 % 1_013))
}

/// The other form of a Brazilian mobile number: without its ninth digit, or with it. `None` for every other number.
pub(crate) fn twin(number: &PhoneNumber) -> Option<PhoneNumber> {
    let digits = number.as_str();
    let local = digits.strip_prefix("55")?.get(2..)?;
    let area = digits.get(2..4)?;
    match (local.len(), local.as_bytes().first()?) {
        (9, b'9') => format!("55{area}{}", &local[1..]).parse().ok(),
        // 2 to 5 begin the numbers of landlines, which never had one.
        (8, first) if !(b'2'..=b'5').contains(first) => format!("55{area}9{local}").parse().ok(),
        _ => None,
    }
}

/// The hidden id of a number; the same for both forms of a Brazilian mobile number.
pub(crate) fn lid(number: &PhoneNumber) -> String {
    let canonical = match twin(number) {
        Some(twin) if twin.as_str().len() < number.as_str().len() => twin,
        _ => number.clone(),
    };
    // Shifted, so that it has no fewer digits than real ones.
    format!("{}@lid", value(canonical.as_str()) * FACTOR % PRIME + 10_000_000_000_000_000)
}

/// The number behind a hidden id, in the form without the ninth digit.
pub(crate) fn number_of_lid(lid: &str) -> Option<PhoneNumber> {
    let shifted: u128 = lid.strip_suffix("@lid")?.parse().ok()?;
    let hidden = shifted.checked_sub(10_000_000_000_000_000).filter(|hidden| *hidden < PRIME)?;
    (hidden * power(FACTOR, PRIME - 2) % PRIME).to_string().parse().ok()
}

fn value(digits: &str) -> u128 {
    digits.parse().unwrap_or_default()
}

/// `base` to the `exponent`, modulo [`PRIME`].
fn power(mut base: u128, mut exponent: u128) -> u128 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn number(text: &str) -> PhoneNumber {
        text.parse().unwrap()
    }

    #[test]
    fn brazilian_mobile_numbers_have_two_forms() {
        assert_eq!(twin(&number("5562988887777")), Some(number("556288887777")));
        assert_eq!(twin(&number("556288887777")), Some(number("5562988887777")));
        assert_eq!(twin(&number("556232123456")), None, "a landline");
        assert_eq!(twin(&number("14155550123")), None, "another country");
    }

    #[test]
    fn a_hidden_id_is_one_for_both_forms_and_leads_back() {
        for text in ["556288887777", "14155550123", "351912345678", "99999999999999", "10000000"] {
            let number = number(text);
            assert_eq!(number_of_lid(&lid(&number)), Some(number.clone()), "{text}");
            assert!(lid(&number).len() == "12345678901234567@lid".len(), "{}", lid(&number));
        }
        assert_eq!(lid(&number("5562988887777")), lid(&number("556288887777")));
        assert_ne!(lid(&number("5562988887777")), lid(&number("5562988887778")));
        for bad in ["1@lid", "x@lid", "99999999999999999999999999@lid"] {
            assert_eq!(number_of_lid(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_say_that_nobody_is_real() {
        assert!(shown_name(&number("5562988887777")).ends_with("(simulado)"));
        assert_eq!(shown_name(&number("5562988887777")), shown_name(&number("5562988887777")));
    }
}
