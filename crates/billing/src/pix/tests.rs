//! The vectors of billing.md 2.2 (G19) and property 16.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use recado_kernel::Money;

use super::*;

const KEY: &str = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";

fn code(amount: &str, txid: &str) -> BrCode {
    let code = BrCode::for_key(&KEY.parse().unwrap(), "Recado Tecnologia Ltda", "São Paulo").unwrap();
    code.with_amount(amount.parse().unwrap()).unwrap().with_txid(&txid.parse().unwrap())
}

#[test]
fn g19_static_codes() {
    let expected = "00020126580014br.gov.bcb.pix01367d9f0335-8dcc-4054-9bf9-0dbd61d369065204000053039865406149.905802BR5922Recado Tecnologia Ltda6009Sao Paulo62210517FAT202611A00001236304C309";
    let printed = code("149.90", "FAT202611A0000123").to_string();
    assert_eq!(printed, expected);
    assert_eq!(printed.len(), 171);
    // The check begins with a zero.
    assert!(code("99.90", "FAT202610A0000005").to_string().ends_with("62210517FAT202610A000000563040F13"));
}

#[test]
fn g19_dynamic_code() {
    let location = "pix.example.com/v2/cobv/8b3da2f39a4140d1a91abd93113bd441";
    let code = BrCode::for_location(location, "Recado Tecnologia Ltda", "São Paulo").unwrap();
    let expected = "00020101021226780014br.gov.bcb.pix2556pix.example.com/v2/cobv/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR5922Recado Tecnologia Ltda6009Sao Paulo62070503***630494BD";
    assert_eq!(code.to_string(), expected);
    let read: BrCode = expected.parse().unwrap();
    assert_eq!((read.receiver(), read.txid()), (&Receiver::Location(location.into()), None));
    assert_eq!(read, code);
}

#[test]
fn the_check_value_and_the_example_of_the_central_bank() {
    assert_eq!(crc16(b"123456789"), 0x29B1);
    let example = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D";
    let read: BrCode = example.parse().unwrap();
    let key = "123e4567-e12b-12d1-a456-426655440000";
    assert_eq!(read.receiver(), &Receiver::Key { key: key.into(), description: None });
    assert_eq!((read.name(), read.city(), read.amount(), read.txid()), ("Fulano de Tal", "BRASILIA", None, None));
    assert_eq!(BrCode::for_key(&key.parse().unwrap(), "Fulano de Tal", "BRASILIA").unwrap().to_string(), example);
}

#[test]
fn names_are_put_into_plain_letters() {
    assert_eq!(normalise("Açaí & Cia Comércio de Alimentos", 25), "Acai Cia Comercio de Alim");
    assert_eq!(normalise("Santa Bárbara d'Oeste", 15), "Santa Barbara d");
    assert_eq!(normalise("  ½  ﬁm™ \u{a0}№ 1º ", 25), "12 fimTM No 1o");
    assert_eq!(normalise("東京", 25), "");
}

#[test]
fn what_cannot_be_paid_is_refused() {
    let key: PixKey = KEY.parse().unwrap();
    assert_eq!(BrCode::for_key(&key, "東京", "São Paulo"), Err(PixError::Name));
    assert_eq!(BrCode::for_key(&key, "Recado", " - "), Err(PixError::City));
    let code = BrCode::for_key(&key, "Recado", "Olinda").unwrap();
    for cents in [0, -1, 1_000_000_000_000] {
        assert_eq!(code.clone().with_amount(Money::from_cents(cents)), Err(PixError::Amount));
    }
    let longest = code.clone().with_amount(Money::from_cents(999_999_999_999)).unwrap();
    assert!(longest.to_string().contains("54139999999999.99"));
    assert_eq!(code.with_postal_code("01001-000"), Err(PixError::PostalCode));
    for location in ["https://pix.example.com/v2/1", "pix.example.com", "pix.example.com/", &format!("a.b/{}", "x".repeat(74))] {
        assert_eq!(BrCode::for_location(location, "Recado", "Olinda"), Err(PixError::Location), "{location}");
    }
}

#[test]
fn damaged_codes_are_named() {
    let good = code("149.90", "FAT202611A0000123").to_string();
    assert_eq!("https://example.com".parse::<BrCode>(), Err(PixError::NotABrCode));
    assert!(matches!(good[..150].parse::<BrCode>(), Err(PixError::Structure { .. } | PixError::Missing(_))));
    assert!(matches!(good.replace("149.90", "149.91").parse::<BrCode>(), Err(PixError::Crc { .. })));
    assert!(matches!(good.replace("C309", "c309").parse::<BrCode>(), Err(PixError::Crc { .. })));
    let other_currency = good.replace("5303986", "5303840");
    let other_currency = &other_currency[..other_currency.len() - 4];
    let sealed = format!("{other_currency}{:04X}", crc16(other_currency.as_bytes()));
    assert_eq!(sealed.parse::<BrCode>(), Err(PixError::Value("53 (currency)")));
    // Hostile: lengths beyond the end, inside a letter, nothing at all.
    for text in ["", "00020199", "000201", "0002016304", "00020126ãã", "000201260á6304AAAA"] {
        assert!(text.parse::<BrCode>().is_err(), "{text}");
    }
}

#[test]
fn a_description_takes_the_room_the_key_leaves() {
    let longest = format!("{}@{}.com", "a".repeat(60), "b".repeat(12));
    let code = BrCode::for_key(&longest.parse().unwrap(), "Recado", "Olinda").unwrap().with_description("Mensalidade");
    assert_eq!(code.receiver(), &Receiver::Key { key: longest, description: None });
    let code = BrCode::for_key(&KEY.parse().unwrap(), "Recado", "Olinda").unwrap().with_description(&"é".repeat(90));
    assert_eq!(code.to_string().parse::<BrCode>().unwrap(), code);
    assert!(code.to_string().contains("2699"), "the template is full to the last byte");
}

fn any_code() -> impl Strategy<Value = BrCode> {
    let key = prop_oneof![
        any::<u128>().prop_map(|id| uuid::Uuid::from_u128(id).to_string()),
        "[a-z]{1,20}@[a-z]{1,20}\\.com",
        "\\+55[1-9]{2}9[0-9]{8}",
        Just("12ABC34501DE35".to_owned()),
    ];
    let text = "[A-Za-zÀ-ÿ0-9 .&'-]{0,40}";
    (key, text, text, prop::option::of(1..1_000_000_000_000_i64), prop::option::of("[A-Za-z0-9]{1,25}"), "\\PC{0,60}").prop_map(
        |(key, name, city, amount, txid, description)| {
            let code = BrCode::for_key(&key.parse().unwrap(), &format!("N{name}"), &format!("C{city}")).unwrap();
            let code = code.with_description(&description);
            let code = txid.map_or(code.clone(), |txid| code.with_txid(&txid.parse().unwrap()));
            amount.map_or(code.clone(), |cents| code.with_amount(Money::from_cents(cents)).unwrap())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Property 16.
    #[test]
    fn what_is_built_is_read_back_and_one_changed_character_is_noticed(code in any_code(), place: prop::sample::Index, byte in 0x20..0x7f_u8) {
        let printed = code.to_string();
        prop_assert!(printed.is_ascii());
        prop_assert_eq!(&printed.parse::<BrCode>().unwrap(), &code);
        for (_, value) in tlv::fields(&printed, 0).unwrap() {
            prop_assert!(value.len() <= 99);
        }
        let place = place.index(printed.len());
        let mut changed = printed.clone().into_bytes();
        prop_assume!(changed[place] != byte);
        changed[place] = byte;
        prop_assume!(!changed.starts_with(b" ") && !changed.ends_with(b" "));
        prop_assert!(String::from_utf8(changed).unwrap().parse::<BrCode>().is_err());
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text in "\\PC{0,80}", tail in "[0-9]{0,60}") {
        prop_assert!(text.parse::<BrCode>().is_err());
        let text = format!("000201{tail}{text}");
        prop_assert!(text.parse::<BrCode>().is_err());
    }
}
