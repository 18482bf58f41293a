//! Whatever is done to a file is found, at its line.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use recado_kernel::AccountId;
use uuid::Uuid;

use super::*;
use crate::audit::fields::COUNT;
use crate::audit::{AuditKeys, Fields, Writer};

fn account() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(0xACC0))
}

fn fields(account: AccountId, n: i64) -> Fields {
    let given: [String; COUNT] = [
        account.to_string(),
        "message".into(),
        Uuid::from_u128(7).to_string(),
        n.to_string(),
        "message.sent".into(),
        "1".into(),
        "2026-10-05T12:00:00.000000Z".into(),
        format!("2026-10-05T12:00:00.{n:06}Z"),
        if n % 2 == 0 { "=cmd|x".into() } else { "system:sender".into() },
        "job".into(),
        Uuid::from_u128(8).to_string(),
        Uuid::from_u128(9).to_string(),
        if n == 1 { String::new() } else { Uuid::from_u128(8).to_string() },
        r#"{"reason":"não, \"assim\"","type":"message.sent"}"#.into(),
    ];
    Fields(given)
}

/// A file whose third event is archived, as lines with their ends.
fn file(format: Format, account: AccountId, events: i64, after: i64) -> Vec<String> {
    let keys = AuditKeys::for_tests(1);
    let previous_head = if after == 0 { Digest::genesis(account) } else { Digest::of(b"x") };
    let now = "2026-10-06T00:00:00Z".parse().unwrap();
    let opening = Opening { account, from: None, until: Some(now), after_ordinal: after, previous_head, exported_at: now };
    let (mut writer, first) = Writer::opening(format, &opening);
    let mut lines: Vec<String> = first.split_inclusive('\n').map(str::to_owned).collect();
    for n in 1..=events {
        lines.push(if n == 3 { writer.archived(fields(account, n).leaf()) } else { writer.event(fields(account, n)).unwrap() });
    }
    lines.push(writer.end(&keys).unwrap());
    lines
}

fn check(text: &[u8]) -> Result<Verified, Broken> {
    match verify(text, Expected::default()) {
        Ok(verified) => Ok(verified),
        Err(VerifyError::Broken(broken)) => Err(broken),
        Err(VerifyError::Io(error)) => unreachable!("{error}"),
    }
}

fn broken(lines: &[String]) -> Broken {
    check(lines.concat().as_bytes()).unwrap_err()
}

const FORMATS: [Format; 2] = [Format::Jsonl, Format::Csv];

#[test]
fn a_sound_file_verifies_from_the_beginning_and_from_the_middle() {
    for format in FORMATS {
        for after in [0, 41] {
            let verified = check(file(format, account(), 5, after).concat().as_bytes()).unwrap();
            assert_eq!((verified.events, verified.archived, verified.first_ordinal), (5, 1, after + 1));
            assert_eq!(verified.account, account().to_string());
        }
        assert_eq!(check(file(format, account(), 0, 0).concat().as_bytes()).unwrap().events, 0);
    }
}

#[test]
fn removed_repeated_and_swapped_lines_are_named() {
    for format in FORMATS {
        let lines = file(format, account(), 5, 0);
        // The line of the first event.
        let first = usize::try_from(format.opening_lines()).unwrap();
        let number = |index: usize| u64::try_from(index).unwrap() + 1;
        let edit = |change: &dyn Fn(&mut Vec<String>)| {
            let mut edited = lines.clone();
            change(&mut edited);
            broken(&edited)
        };
        let removed = edit(&|lines| drop(lines.remove(first + 1)));
        assert_eq!(removed, Broken { line: number(first + 1), flaw: Flaw::Missing { from: 2, to: 2 } });
        let repeated = edit(&|lines| lines.insert(first + 2, lines[first + 1].clone()));
        assert_eq!(repeated, Broken { line: number(first + 2), flaw: Flaw::Repeated(2) });
        let swapped = edit(&|lines| lines.swap(first, first + 1));
        assert_eq!(swapped, Broken { line: number(first), flaw: Flaw::Missing { from: 1, to: 1 } });
        let last_event_gone = edit(&|lines| drop(lines.remove(first + 4)));
        assert!(matches!(last_event_gone.flaw, Flaw::WrongEnd { .. }), "{last_event_gone}");
        assert_eq!(last_event_gone.line, number(first + 4));
        let cut_off = edit(&|lines| drop(lines.pop()));
        assert_eq!(cut_off, Broken { line: number(first + 5), flaw: Flaw::CutOff });
        let more = edit(&|lines| lines.push(lines[first].clone()));
        assert_eq!(more, Broken { line: number(first + 6), flaw: Flaw::AfterTheEnd });
    }
}

#[test]
fn another_accounts_line_is_told_apart_from_a_changed_one() {
    let other = AccountId::from_uuid(Uuid::from_u128(0xBEEF));
    for format in FORMATS {
        let first = usize::try_from(format.opening_lines()).unwrap();
        let mut lines = file(format, account(), 5, 0);
        lines[first] = file(format, other, 5, 0)[first].clone();
        assert_eq!(broken(&lines).flaw, Flaw::OtherAccount(other.to_string()));
        let mut lines = file(format, account(), 5, 0);
        lines[first] = lines[first].replace("system:sender", "system:sended");
        assert_eq!(broken(&lines), Broken { line: format.opening_lines() + 1, flaw: Flaw::Changed });
    }
}

/// The head is the same whether an event stands in full or as its hash: only the signature over the lines tells.
#[test]
fn an_event_replaced_by_its_hash_or_put_back_is_found() {
    for format in FORMATS {
        let first = usize::try_from(format.opening_lines()).unwrap();
        let lines = file(format, account(), 5, 0);
        let end = u64::try_from(lines.len()).unwrap();
        let Next::Event(genuine) = format.read_next(lines[first].trim_end()).unwrap() else { unreachable!() };
        let mut redacted = lines.clone();
        redacted[first] = format.write_line(&Line { fields: None, ..*genuine });
        assert_eq!(broken(&redacted), Broken { line: end, flaw: Flaw::ContentChanged });
        let Next::Event(archived) = format.read_next(lines[first + 2].trim_end()).unwrap() else { unreachable!() };
        assert_eq!(archived.fields, None);
        let mut put_back = lines.clone();
        put_back[first + 2] = format.write_line(&Line { fields: Some(fields(account(), 3)), ..*archived });
        assert_eq!(broken(&put_back), Broken { line: end, flaw: Flaw::ContentChanged });
        // Nor does a hash of one's own in the end line help.
        let content = Digest::of(redacted[..redacted.len() - 1].concat().as_bytes());
        let Next::End(signed) = format.read_next(lines.last().unwrap().trim_end()).unwrap() else { unreachable!() };
        *redacted.last_mut().unwrap() = format.write_end(&End { content, ..signed });
        assert_eq!(broken(&redacted), Broken { line: end, flaw: Flaw::BadSignature });
    }
}

#[test]
fn the_end_line_holds_the_hash_of_every_line_before_it() {
    for format in FORMATS {
        let lines = file(format, account(), 5, 0);
        let (last, before) = lines.split_last().unwrap();
        assert!(last.contains(&Digest::of(before.concat().as_bytes()).to_string()), "{last}");
    }
}

#[test]
fn a_chain_rewritten_by_somebody_without_the_key_is_not_signed() {
    let lines = file(Format::Jsonl, account(), 4, 0);
    let opening = Format::Jsonl.read_opening(lines[0].trim_end()).unwrap();
    let (mut writer, first) = Writer::opening(Format::Jsonl, &opening);
    let mut forged = vec![first, writer.event(fields(account(), 1)).unwrap()];
    forged.push(writer.end(&AuditKeys::for_tests(2)).unwrap());
    // Signed with a key of their own: sound by itself, but not ours.
    assert_eq!(check(forged.concat().as_bytes()).unwrap().public_key, AuditKeys::for_tests(2).public_key().unwrap().to_string());
    let ours = Expected { public_key: Some(AuditKeys::for_tests(1).public_key().unwrap()), head: None };
    assert!(matches!(
        verify(forged.concat().as_bytes(), ours),
        Err(VerifyError::Broken(Broken { line: 3, flaw: Flaw::OtherKey(_) }))
    ));
    // With our key's name and their signature.
    let (ours, theirs) = (AuditKeys::for_tests(1).public_key().unwrap(), AuditKeys::for_tests(2).public_key().unwrap());
    forged[2] = forged[2].replace(&theirs.to_string(), &ours.to_string());
    assert_eq!(broken(&forged), Broken { line: 3, flaw: Flaw::BadSignature });
}

#[test]
fn an_edited_opening_is_line_one() {
    let mut lines = file(Format::Jsonl, account(), 4, 0);
    lines[0] = lines[0].replace("\"from\":null", "\"from\":\"2026-10-01T03:00:00.000000Z\"");
    assert_eq!(broken(&lines), Broken { line: 1, flaw: Flaw::OpeningChanged });
    let mut lines = file(Format::Jsonl, account(), 4, 7);
    lines[0] = lines[0].replace("\"after_ordinal\":7", "\"after_ordinal\":0");
    assert_eq!(broken(&lines), Broken { line: 1, flaw: Flaw::WrongBeginning });
}

#[test]
fn a_head_noted_earlier_is_found_or_missed() {
    let text = file(Format::Jsonl, account(), 5, 0).concat();
    let head = fields(account(), 1).leaf();
    let head = Digest::genesis(account()).then(head);
    let expected = Expected { head: Some(head), public_key: None };
    assert_eq!(verify(text.as_bytes(), expected).unwrap().expected_head_at, Some(1));
    let genesis = Expected { head: Some(Digest::genesis(account())), public_key: None };
    assert_eq!(verify(text.as_bytes(), genesis).unwrap().expected_head_at, Some(0));
    let other = Expected { head: Some(Digest::of(b"other")), public_key: None };
    let missed = verify(text.as_bytes(), other).unwrap_err();
    assert!(matches!(missed, VerifyError::Broken(Broken { line: 7, flaw: Flaw::HeadNotFound })), "{missed}");
}

#[test]
fn other_files_are_no_exports() {
    for text in ["", "hello", "hello\n", "{}\n", "recado_audit,1\n", "\u{feff}recado_audit,1\n"] {
        let found = check(text.as_bytes()).unwrap_err();
        assert!(matches!(found.flaw, Flaw::NotAnExport | Flaw::CutOff), "{text:?}: {found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No byte is insignificant: each flip is found, and before the end of the line it is in (a flipped line end makes two lines one).
    #[test]
    fn any_flipped_byte_is_found_at_its_line(csv in any::<bool>(), at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
        let format = FORMATS[usize::from(csv)];
        let mut text = file(format, account(), 5, 0).concat().into_bytes();
        let at = at.index(text.len());
        let line = 1 + text[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        text[at] ^= flip;
        let found = check(&text);
        prop_assert!(found.is_err(), "byte {at} of line {line} may be {}", text[at]);
        let named = found.unwrap_err().line;
        // The names of the columns belong to the opening.
        let opening = format.opening_lines();
        prop_assert!(named == line || (named <= opening && line <= opening), "line {line} was changed, {named} named");
    }

    #[test]
    fn any_truncation_is_found(csv in any::<bool>(), keep in any::<prop::sample::Index>()) {
        let text = file(FORMATS[usize::from(csv)], account(), 5, 0).concat();
        prop_assert!(check(&text.as_bytes()[..keep.index(text.len())]).is_err());
    }
}
