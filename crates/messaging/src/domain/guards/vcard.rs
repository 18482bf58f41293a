//! The number's own contact card, for "salve nosso contato" (vCard 3.0, RFC 2426).

use recado_kernel::PhoneNumber;

/// Octets of a line before it is folded.
const LINE: usize = 75;

/// A card that every telephone reads: name, and the number with the `waid` that makes WhatsApp offer a chat.
#[must_use]
pub fn vcard(name: &str, number: &PhoneNumber) -> String {
    let name = escaped(name);
    let lines = [
        "BEGIN:VCARD".to_owned(),
        "VERSION:3.0".to_owned(),
        format!("FN:{name}"),
        format!("N:{name};;;;"),
        format!("ORG:{name}"),
        format!("TEL;TYPE=CELL;waid={number}:{}", number.to_display()),
        "END:VCARD".to_owned(),
    ];
    lines.iter().map(|line| format!("{}\r\n", fold(line))).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Breaks a long line between characters; what follows begins with a blank.
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_breaks_the_card() {
        let number: PhoneNumber = "5562988887777".parse().unwrap();
        let card = vcard("Pão; Cia, \\ \r\nEND:VCARD", &number);
        assert!(card.contains("FN:Pão\\; Cia\\, \\\\ \\nEND:VCARD\r\n"), "{card}");
        assert_eq!(card.matches("\r\nEND:VCARD\r\n").count(), 1);
        assert!(card.contains("TEL;TYPE=CELL;waid=5562988887777:+55 62 98888-7777\r\n"));
        let long = vcard(&"ã".repeat(100), &number);
        assert!(long.split("\r\n").all(|line| line.len() <= LINE), "{long}");
        assert_eq!(long.replace("\r\n ", "").matches('ã').count(), 300);
    }
}
