//! Contact cards as text (vCard 3.0, RFC 2426), the form WhatsApp carries them in.

use super::ContactCard;

impl ContactCard {
    /// The card as it was received, or one made of name, numbers and description.
    #[must_use]
    pub fn to_vcard(&self) -> String {
        if let Some(vcard) = &self.vcard {
            return vcard.clone();
        }
        let name = escaped(&self.name);
        let mut card = format!("BEGIN:VCARD\nVERSION:3.0\nN:;{name};;;\nFN:{name}\n");
        for phone in &self.phones {
            let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
            card.push_str(&format!("TEL;type=CELL;type=VOICE;waid={digits}:+{digits}\n"));
        }
        if let Some(description) = self.business_description.as_deref().filter(|text| !text.is_empty()) {
            card.push_str(&format!("X-WA-BIZ-DESCRIPTION:{}\nX-WA-BIZ-NAME:{name}\n", escaped(description)));
        }
        card.push_str("END:VCARD");
        card
    }
}

/// RFC 2426, section 4: backslash, semicolon, comma and line ends are written with a backslash.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}
