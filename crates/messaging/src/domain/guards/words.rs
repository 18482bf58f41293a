//! The words by which a contact leaves and comes back.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longest word, in characters.
const LONGEST: usize = 40;
/// Most words of a kind.
const MOST: usize = 30;
/// What may stand around a word: marks of emphasis of WhatsApp and the end of a sentence.
const AROUND: [char; 12] = ['.', '!', '?', ',', ';', ':', '*', '_', '~', '"', '\'', '`'];

/// What a text said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// "No more messages", by this word of ours.
    Out(String),
    /// "Messages again", by this word of ours.
    Back(String),
}

/// The words of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyWords {
    /// To leave.
    pub out: Vec<String>,
    /// To come back.
    pub back: Vec<String>,
}

/// Why words cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWords {
    /// More than 30 of a kind.
    #[error("at most 30 words")]
    TooMany,
    /// Longer than 40 characters, or with control characters.
    #[error("a word has 1 to 40 characters")]
    Word,
    /// The same word to leave and to come back.
    #[error("the same word for leaving and for coming back")]
    Both,
}

impl Default for KeyWords {
    fn default() -> Self {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self { out: own(&["SAIR", "PARAR", "STOP", "CANCELAR"]), back: own(&["VOLTAR"]) }
    }
}

impl KeyWords {
    /// Checks what people typed, one word per line (or between commas); empty ones and repeats are left out.
    ///
    /// # Errors
    /// See [`InvalidWords`].
    pub fn read(out: &str, back: &str) -> Result<Self, InvalidWords> {
        let words = Self { out: listed(out)?, back: listed(back)? };
        let leaving: BTreeSet<String> = words.out.iter().map(|word| folded(word)).collect();
        let both = words.back.iter().any(|word| leaving.contains(&folded(word)));
        if both { Err(InvalidWords::Both) } else { Ok(words) }
    }

    /// What `text` says if it is one of the words and nothing else; case, accents and the marks around it do not matter.
    #[must_use]
    pub fn heard(&self, text: &str) -> Option<Heard> {
        // Long texts are the usual case: not worth a copy.
        if text.len() > LONGEST * 8 {
            return None;
        }
        let said = folded(text);
        let matching = |words: &[String]| words.iter().find(|word| !said.is_empty() && folded(word) == said).cloned();
        matching(&self.out).map(Heard::Out).or_else(|| matching(&self.back).map(Heard::Back))
    }
}

fn listed(text: &str) -> Result<Vec<String>, InvalidWords> {
    let mut seen = BTreeSet::new();
    let mut words = vec![];
    for word in text.split(['\n', ',', ';']).map(str::trim).filter(|word| !word.is_empty()) {
        if word.chars().count() > LONGEST || word.chars().any(char::is_control) || folded(word).is_empty() {
            return Err(InvalidWords::Word);
        }
        if seen.insert(folded(word)) {
            words.push(word.to_uppercase());
        }
    }
    if words.len() > MOST { Err(InvalidWords::TooMany) } else { Ok(words) }
}

/// Lower case, without accents, without what may stand around, one blank between words.
#[must_use]
pub fn folded(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        // Some letters (a dotted capital I) grow a mark when they are lowered.
        .filter(|c| !is_combining_mark(*c))
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let joined = words.join(" ");
    joined.trim_matches(|c: char| AROUND.contains(&c) || c.is_whitespace()).to_owned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn out(word: &str) -> Option<Heard> {
        Some(Heard::Out(word.to_owned()))
    }

    #[test]
    fn the_whole_text_counts_in_any_case_and_with_any_accent() {
        let words = KeyWords::default();
        for text in ["SAIR", "sair", " Sair\n", "sáir", "*SAIR*", "Sair!", "\u{200e}sair\u{200f}", "ＳＡＩＲ", "sa\u{301}ir"]
        {
            assert_eq!(words.heard(text), out("SAIR"), "{text:?}");
        }
        assert_eq!(words.heard("voltar"), Some(Heard::Back("VOLTAR".to_owned())));
        for text in ["", "  ", "!", "quero sair", "sair agora", "sai r", "sairei", &"sair ".repeat(100)] {
            assert_eq!(words.heard(text), None, "{text:?}");
        }
    }

    #[test]
    fn words_are_checked() {
        let words = KeyWords::read("sair\nNão quero mais, SAIR", "Quero de volta").unwrap();
        assert_eq!(words.out, ["SAIR", "NÃO QUERO MAIS"]);
        assert_eq!(words.heard("nao  quero\tMAIS"), out("NÃO QUERO MAIS"));
        assert_eq!(KeyWords::read("sair", "SAÍR"), Err(InvalidWords::Both));
        assert_eq!(KeyWords::read(&"x".repeat(41), ""), Err(InvalidWords::Word));
        assert_eq!(KeyWords::read("!!", ""), Err(InvalidWords::Word));
        let many: Vec<String> = (0..31).map(|n| format!("p{n}")).collect();
        assert_eq!(KeyWords::read(&many.join("\n"), ""), Err(InvalidWords::TooMany));
        assert_eq!(KeyWords::read("", "").unwrap().heard("sair"), None);
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in ".{0,60}") {
            prop_assert_eq!(folded(&folded(&text)), folded(&text));
        }

        #[test]
        fn every_spelling_of_a_word_is_heard(upper in any::<[bool; 8]>(), before in "[ \n*_!]{0,4}", after in "[ \r\n.!*~]{0,4}") {
            let word: String = "CANCELAR".chars().zip(upper).map(|(c, up)| if up { c } else { c.to_ascii_lowercase() }).collect();
            prop_assert_eq!(KeyWords::default().heard(&format!("{before}{word}{after}")), out("CANCELAR"));
        }

        #[test]
        fn more_than_the_word_is_not_the_word(extra in "[a-z]{1,10}") {
            prop_assert_eq!(KeyWords::default().heard(&format!("sair {extra}")), None);
        }
    }
}
