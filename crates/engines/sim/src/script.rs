//! Numbers that misbehave on purpose, chosen by their last four digits as test card numbers are (whatsapp-web-engine.md 11(b)).

use recado_kernel::PhoneNumber;

/// How a virtual phone behaves as the recipient of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Receives when on; reads and answers when a person does.
    Ordinary,
    /// …0001: reads and answers at once.
    AnswersAtOnce,
    /// …0131: never reads.
    NeverReads,
    /// …0404: has no WhatsApp.
    NotOnWhatsApp,
    /// …0463: WhatsApp restricts whoever writes to it.
    Restricts,
    /// …0515: the sender's line drops after the message, and comes back.
    DropsLine,
    /// …0911: the sender is banned after the message: its session is unlinked.
    Bans,
}

impl Script {
    /// By the last four digits.
    #[must_use]
    pub fn of(number: &PhoneNumber) -> Self {
        match number.as_str().get(number.as_str().len().saturating_sub(4)..) {
            Some("0001") => Self::AnswersAtOnce,
            Some("0131") => Self::NeverReads,
            Some("0404") => Self::NotOnWhatsApp,
            Some("0463") => Self::Restricts,
            Some("0515") => Self::DropsLine,
            Some("0911") => Self::Bans,
            _ => Self::Ordinary,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_last_four_digits_decide() {
        for (number, script) in [
            ("5562900000001", Script::AnswersAtOnce),
            ("5562900000404", Script::NotOnWhatsApp),
            ("5562900000131", Script::NeverReads),
            ("5562900010002", Script::Ordinary),
        ] {
            assert_eq!(Script::of(&number.parse().unwrap()), script, "{number}");
        }
    }
}
