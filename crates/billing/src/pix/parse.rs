//! Reading a BR Code: strict about structure and check, tolerant of fields of other schemes beside Pix's own.

use std::str::FromStr;

use recado_kernel::Money;

use super::code::{BrCode, GUI, Initiation, NO_TXID, Receiver};
use super::tlv::{fields, value};
use super::{PixError, crc};
use crate::amount_text::parse_amount;

/// `63`, length `04` and the four digits.
const CRC_FIELD: usize = 8;

impl FromStr for BrCode {
    type Err = PixError;

    fn from_str(text: &str) -> Result<Self, PixError> {
        let text = text.trim();
        if !text.starts_with("000201") {
            return Err(PixError::NotABrCode);
        }
        let all = fields(text, 0)?;
        match all.last() {
            Some(("63", found)) if found.len() == 4 && text.len() >= CRC_FIELD => {
                let expected = crc::printed(&text.as_bytes()[..text.len() - 4]);
                if *found != expected {
                    return Err(PixError::Crc { expected, found: (*found).to_owned() });
                }
            }
            _ => return Err(PixError::Missing("63 (check)")),
        }
        let required = |id: &str, name: &'static str| value(&all, id).ok_or(PixError::Missing(name));
        if required("53", "53 (currency)")? != "986" {
            return Err(PixError::Value("53 (currency)"));
        }
        if required("58", "58 (country)")? != "BR" {
            return Err(PixError::Value("58 (country)"));
        }
        let postal_code = value(&all, "61").map(str::to_owned);
        Ok(Self {
            initiation: initiation(value(&all, "01"))?,
            receiver: receiver(&all)?,
            category: required("52", "52 (category)")?.to_owned(),
            amount: value(&all, "54").map(amount).transpose()?,
            name: required("59", "59 (name)")?.to_owned(),
            city: required("60", "60 (city)")?.to_owned(),
            postal_code,
            txid: txid(value(&all, "62").unwrap_or_default())?,
        })
    }
}

fn initiation(field: Option<&str>) -> Result<Option<Initiation>, PixError> {
    match field {
        None => Ok(None),
        Some("11") => Ok(Some(Initiation::Many)),
        Some("12") => Ok(Some(Initiation::Once)),
        Some(_) => Err(PixError::Value("01 (use)")),
    }
}

/// The account that calls itself Pix; ids 26 to 51 belong to payment schemes.
fn receiver(all: &[(&str, &str)]) -> Result<Receiver, PixError> {
    for (_, account) in all.iter().filter(|(id, _)| ("26"..="51").contains(id)) {
        // The template of another scheme need not be ours to read.
        let Ok(account) = fields(account, 0) else { continue };
        if !value(&account, "00").is_some_and(|gui| gui.eq_ignore_ascii_case(GUI)) {
            continue;
        }
        let owned = |id| value(&account, id).filter(|text| !text.is_empty()).map(str::to_owned);
        return match (owned("01"), owned("25")) {
            (_, Some(location)) => Ok(Receiver::Location(location)),
            (Some(key), None) => Ok(Receiver::Key { key, description: owned("02") }),
            (None, None) => Err(PixError::Missing("26 (key or address)")),
        };
    }
    Err(PixError::NotPix)
}

fn amount(text: &str) -> Result<Money, PixError> {
    let amount = parse_amount(text).map_err(|_| PixError::Value("54 (amount)"))?;
    if amount.is_zero() { Err(PixError::Value("54 (amount)")) } else { Ok(amount) }
}

fn txid(additional: &str) -> Result<Option<String>, PixError> {
    let additional = fields(additional, 0)?;
    Ok(value(&additional, "05").filter(|txid| *txid != NO_TXID && !txid.is_empty()).map(str::to_owned))
}
