//! The vectors of billing.md 3.2 to 3.4 (G20) and properties 17 and 18.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use recado_kernel::Money;

use super::*;

const BARCODE: &str = "34191165600000149901090000012380057123457000";
const LINHA: &str = "34191.09008 00012.380051 71234.570001 1 16560000014990";

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn title(number: &str) -> ItauTitle<'_> {
    ItauTitle { portfolio: "109", number, branch: "0057", account: "12345" }
}

fn itau(number: &str, value: &str) -> Barcode {
    let free_field = title(number).free_field().unwrap();
    Barcode::assemble("341", Some(date("2026-12-10")), Some(value.parse().unwrap()), &free_field).unwrap()
}

#[test]
fn g20_the_worked_example() {
    assert_eq!(title("00000123").free_field().unwrap(), "1090000012380057123457000");
    let built = itau("00000123", "149.90");
    assert_eq!((built.to_string().as_str(), built.linha().as_str()), (BARCODE, LINHA));
    assert_eq!(built.check_digit(), 1);
    for text in [BARCODE, LINHA, &LINHA.replace([' ', '.'], ""), &format!("  {LINHA}\n")] {
        let read = Barcode::read(text).unwrap();
        assert_eq!(read, built);
        assert_eq!((read.bank().as_str(), read.factor(), read.value()), ("341", 1656, Some(Money::from_cents(14_990))));
        assert_eq!(read.due(date("2026-11-20")), DueDate::On(date("2026-12-10")));
        assert_eq!(read.free_field(), "1090000012380057123457000");
    }
    let old = Barcode::read("34196565500002680161572189766660167451459000").unwrap();
    assert_eq!(old.linha(), "34191.57213 89766.660164 74514.590004 6 56550000268016");
    assert_eq!(Barcode::read(&old.linha()).unwrap(), old);
}

#[test]
fn g20_check_digits_at_the_edge() {
    for (number, barcode) in [
        ("00000005", "34191165600000099901090000000570057123457000"),
        ("00000012", "34191165600000099901090000001230057123457000"),
        ("00000002", "34191165600000099901090000000240057123457000"),
    ] {
        assert_eq!(itau(number, "99.90").to_string(), barcode);
        assert_eq!(Barcode::read(barcode).unwrap().check_digit(), 1);
    }
}

#[test]
fn g20_factors_begin_again_in_2025() {
    for (day, expected) in [
        ("2000-07-03", 1000),
        ("2025-02-20", 9998),
        ("2025-02-21", 9999),
        ("2025-02-22", 1000),
        ("2025-02-23", 1001),
        ("2026-12-10", 1656),
        ("2049-10-13", 9999),
    ] {
        assert_eq!(factor(date(day)).unwrap(), expected, "{day}");
    }
    assert_eq!(factor(date("2000-07-02")), Err(BoletoError::TooEarly(date("2000-07-02"))));
    assert_eq!(decode_factor(1656, date("2002-05-01")), DueDate::On(date("2002-04-20")));
    assert_eq!(decode_factor(1656, date("2026-11-20")), DueDate::On(date("2026-12-10")));
    assert_eq!(decode_factor(0, date("2026-11-20")), DueDate::None);
    // In the gap of 500 days, and below the first factor.
    let in_the_gap = date("2026-11-20") + Days::new(5_501);
    assert_eq!(decode_factor(factor(in_the_gap).unwrap(), date("2026-11-20")), DueDate::Undefined);
    assert_eq!(decode_factor(999, date("2026-11-20")), DueDate::Undefined);
}

#[test]
fn a_boleto_without_value_or_due_date() {
    let open = Barcode::assemble("001", None, None, &"0".repeat(25)).unwrap();
    assert_eq!((open.value(), open.due(date("2026-11-20"))), (None, DueDate::None));
    assert_eq!(Barcode::read(&open.linha()).unwrap(), open);
}

#[test]
fn what_is_wrong_is_named() {
    let utility = "846700000017435900240209024050002435842210108119";
    for (text, problem) in [
        (utility, BoletoError::Utility),
        (&utility[..44], BoletoError::Utility),
        ("34191.09008 00012.380051 71234.570001 1 1656000001499", BoletoError::Length(46)),
        ("", BoletoError::Length(0)),
        ("34191x09008", BoletoError::NotDigits),
        ("34191.09009 00012.380051 71234.570001 1 16560000014990", BoletoError::FieldCheck { field: 1, expected: 8, found: 9 }),
        ("34191.09008 00012.380061 71234.570001 1 16560000014990", BoletoError::FieldCheck { field: 2, expected: 9, found: 1 }),
        ("34191.09008 00012.380051 71234.570001 2 16560000014990", BoletoError::GeneralCheck { expected: 1, found: 2 }),
        ("34181165600000149901090000012380057123457000", BoletoError::Currency(8)),
    ] {
        assert_eq!(Barcode::read(text), Err(problem), "{text}");
    }
    let free = "1090000012380057123457000";
    let assemble = |bank, value, free: &str| Barcode::assemble(bank, None, value, free);
    assert_eq!(assemble("34", None, free), Err(BoletoError::Bank));
    assert_eq!(assemble("841", None, free), Err(BoletoError::Bank));
    assert_eq!(assemble("341", None, &free[1..]), Err(BoletoError::FreeField));
    for cents in [0, -5, 10_000_000_000] {
        assert_eq!(assemble("341", Some(Money::from_cents(cents)), free), Err(BoletoError::Value));
    }
    assert!(assemble("341", Some(Money::from_cents(9_999_999_999)), free).is_ok());
    assert!(title("123").free_field().is_err());
}

#[test]
fn a_boleto_is_compared_with_its_invoice() {
    let boleto = Barcode::read(BARCODE).unwrap();
    let (value, due) = (Money::from_cents(14_990), date("2026-12-10"));
    assert_eq!(boleto.agrees_with(Some(value), Some(due)), Ok(()));
    assert_eq!(boleto.agrees_with(None, None), Ok(()));
    let other = Money::from_cents(14_991);
    assert_eq!(boleto.agrees_with(Some(other), None), Err(BoletoError::OtherValue { expected: other, found: value }));
    let found = "2026-12-10".to_owned();
    let expected = date("2026-12-11");
    assert_eq!(boleto.agrees_with(None, Some(expected)), Err(BoletoError::OtherDueDate { expected, found }));
}

/// The remainder behind the general check digit.
fn remainder(barcode: &str) -> u32 {
    let without = format!("{}{}", &barcode[..4], &barcode[5..]);
    without.bytes().rev().zip((2..=9).cycle()).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum::<u32>() % 11
}

/// The barcode a linha stands for, whatever its check digits.
fn barcode_of(linha: &str) -> String {
    [&linha[..4], &linha[32..47], &linha[4..9], &linha[10..20], &linha[21..31]].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, failure_persistence: None, ..ProptestConfig::default() })]

    /// Property 17.
    #[test]
    fn a_changed_digit_is_noticed(
        bank in "[0-79][0-9]{2}", days in 0..18_000_u64, cents in 1..10_000_000_000_i64, free in "[0-9]{25}",
        place in 0..47_usize, digit in 0..10_u8
    ) {
        let due = date("2000-07-03") + Days::new(days);
        let boleto = Barcode::assemble(&bank, Some(due), Some(Money::from_cents(cents)), &free).unwrap();
        prop_assert_eq!(&Barcode::read(&boleto.to_string()).unwrap(), &boleto);
        prop_assert_eq!(&Barcode::read(&boleto.linha()).unwrap(), &boleto);
        prop_assert_eq!((boleto.value(), boleto.due(due)), (Some(Money::from_cents(cents)), DueDate::On(due)));

        let linha = boleto.linha_digits();
        let mut changed = linha.clone().into_bytes();
        prop_assume!(changed[place] != b'0' + digit);
        changed[place] = b'0' + digit;
        let changed = String::from_utf8(changed).unwrap();
        let unnoticeable = |barcode: &str| matches!(remainder(barcode), 0 | 1 | 10);
        let excused = place >= 33 && unnoticeable(&barcode_of(&linha)) && unnoticeable(&barcode_of(&changed));
        prop_assert!(excused || Barcode::read(&changed).is_err(), "{linha} {changed}");

        // A swap of neighbours inside a field passes mod 10 when they are 0 and 9; the general check must notice it.
        if (4..8).contains(&place) || (10..19).contains(&place) || (21..30).contains(&place) {
            let mut swapped = linha.clone().into_bytes();
            swapped.swap(place, place + 1);
            let swapped = String::from_utf8(swapped).unwrap();
            let excused = unnoticeable(&barcode_of(&linha)) && unnoticeable(&barcode_of(&swapped));
            prop_assert!(swapped == linha || excused || Barcode::read(&swapped).is_err());
        }
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text in "\\PC{0,60}", digits in "[0-9]{40,50}") {
        let _ = Barcode::read(&text);
        let _ = Barcode::read(&digits);
    }
}

/// Property 18, every day of it.
#[test]
fn a_factor_read_near_its_day_is_that_day() {
    for day in date("2000-07-03").iter_days().take_while(|day| *day <= date("2060-12-31")) {
        let factor = factor(day).unwrap();
        for read_on in [day, day - Days::new(5_500), day + Days::new(3_000)] {
            assert_eq!(decode_factor(factor, read_on), DueDate::On(day), "{day} read on {read_on}");
        }
        assert!((1_000..=9_999).contains(&factor));
    }
}
