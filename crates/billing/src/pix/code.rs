//! A BR Code as data, and its text (billing.md 2.1).

use std::fmt;

use recado_kernel::Money;

use super::tlv::push;
use super::{PixError, PixKey, Txid, crc, normalise, tlv};

/// How every Pix code calls itself (field 26-00).
pub(super) const GUI: &str = "br.gov.bcb.pix";
/// A code without reference carries this.
pub(super) const NO_TXID: &str = "***";
const NAME_LIMIT: usize = 25;
const CITY_LIMIT: usize = 15;
const LOCATION_LIMIT: usize = 77;

/// How often a code may be paid (field 01).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiation {
    /// `11`: again and again. Static codes of ours leave the field out, which means the same.
    Many,
    /// `12`: once.
    Once,
}

/// Who is paid (field 26).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receiver {
    /// Static: a key, and a text for the payer if there is room.
    Key {
        /// As it stands in the code.
        key: String,
        /// Field 26-02.
        description: Option<String>,
    },
    /// Dynamic: the bank's address of the charge.
    Location(String),
}

/// A Pix code, always in the form in which it is printed. `to_string` gives "copia e cola".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrCode {
    pub(super) initiation: Option<Initiation>,
    pub(super) receiver: Receiver,
    pub(super) category: String,
    pub(super) amount: Option<Money>,
    pub(super) name: String,
    pub(super) city: String,
    pub(super) postal_code: Option<String>,
    pub(super) txid: Option<String>,
}

impl BrCode {
    /// A static code: pays to `key`. Name and city are put into the letters every bank can show.
    ///
    /// # Errors
    /// [`PixError::Name`], [`PixError::City`].
    pub fn for_key(key: &PixKey, name: &str, city: &str) -> Result<Self, PixError> {
        Self::new(None, Receiver::Key { key: key.text(), description: None }, name, city)
    }

    /// A dynamic code: the bank at `location` knows the charge. The address has no scheme: `pix.example.com/v2/cobv/…`.
    ///
    /// # Errors
    /// [`PixError::Location`], [`PixError::Name`], [`PixError::City`].
    pub fn for_location(location: &str, name: &str, city: &str) -> Result<Self, PixError> {
        let printable = location.bytes().all(|byte| byte.is_ascii_graphic());
        let host = location.split_once('/').filter(|(host, path)| host.contains('.') && !path.is_empty());
        if location.len() > LOCATION_LIMIT || !printable || location.contains("://") || host.is_none() {
            return Err(PixError::Location);
        }
        Self::new(Some(Initiation::Once), Receiver::Location(location.to_owned()), name, city)
    }

    fn new(initiation: Option<Initiation>, receiver: Receiver, name: &str, city: &str) -> Result<Self, PixError> {
        let (name, city) = (normalise(name, NAME_LIMIT), normalise(city, CITY_LIMIT));
        let says_something = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if !says_something(&name) {
            return Err(PixError::Name);
        }
        if !says_something(&city) {
            return Err(PixError::City);
        }
        let category = "0000".to_owned();
        Ok(Self { initiation, receiver, category, amount: None, name, city, postal_code: None, txid: None })
    }

    /// Fixes the amount; without it the payer types it.
    ///
    /// # Errors
    /// [`PixError::Amount`]: zero, negative or too large.
    pub fn with_amount(mut self, amount: Money) -> Result<Self, PixError> {
        if amount <= Money::ZERO || amount > Money::from_cents(999_999_999_999) {
            return Err(PixError::Amount);
        }
        self.amount = Some(amount);
        Ok(self)
    }

    /// Sets the reference by which the receipt is recognised. Dynamic codes ignore it.
    #[must_use]
    pub fn with_txid(mut self, txid: &Txid) -> Self {
        self.txid = Some(txid.to_string());
        self
    }

    /// Sets the text for the payer, cut to the room the key leaves; dynamic codes have none.
    #[must_use]
    pub fn with_description(mut self, text: &str) -> Self {
        if let Receiver::Key { key, description } = &mut self.receiver {
            // Three fields with four characters in front of each.
            let room = tlv::LONGEST.saturating_sub(GUI.len() + key.len() + 12);
            *description = Some(normalise(text, room)).filter(|text| !text.is_empty());
        }
        self
    }

    /// Sets the receiver's CEP.
    ///
    /// # Errors
    /// [`PixError::PostalCode`].
    pub fn with_postal_code(mut self, digits: &str) -> Result<Self, PixError> {
        if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PixError::PostalCode);
        }
        self.postal_code = Some(digits.to_owned());
        Ok(self)
    }

    /// How often it may be paid, where the code says so.
    #[must_use]
    pub const fn initiation(&self) -> Option<Initiation> {
        self.initiation
    }

    /// Who is paid.
    #[must_use]
    pub const fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// The fixed amount.
    #[must_use]
    pub const fn amount(&self) -> Option<Money> {
        self.amount
    }

    /// The receiver's name as printed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The city as printed.
    #[must_use]
    pub fn city(&self) -> &str {
        &self.city
    }

    /// The receiver's CEP.
    #[must_use]
    pub fn postal_code(&self) -> Option<&str> {
        self.postal_code.as_deref()
    }

    /// The reference, if there is one.
    #[must_use]
    pub fn txid(&self) -> Option<&str> {
        self.txid.as_deref()
    }
}

impl fmt::Display for BrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut code = String::with_capacity(256);
        push(&mut code, "00", "01");
        match self.initiation {
            Some(Initiation::Many) => push(&mut code, "01", "11"),
            Some(Initiation::Once) => push(&mut code, "01", "12"),
            None => {}
        }
        let mut account = String::new();
        push(&mut account, "00", GUI);
        match &self.receiver {
            Receiver::Key { key, description } => {
                push(&mut account, "01", key);
                if let Some(text) = description {
                    push(&mut account, "02", text);
                }
            }
            Receiver::Location(location) => push(&mut account, "25", location),
        }
        push(&mut code, "26", &account);
        push(&mut code, "52", &self.category);
        push(&mut code, "53", "986");
        if let Some(amount) = self.amount {
            push(&mut code, "54", &amount.to_string());
        }
        push(&mut code, "58", "BR");
        push(&mut code, "59", &self.name);
        push(&mut code, "60", &self.city);
        if let Some(postal_code) = &self.postal_code {
            push(&mut code, "61", postal_code);
        }
        let mut additional = String::new();
        push(&mut additional, "05", self.txid.as_deref().unwrap_or(NO_TXID));
        push(&mut code, "62", &additional);
        code.push_str("6304");
        code.push_str(&crc::printed(code.as_bytes()));
        f.write_str(&code)
    }
}
