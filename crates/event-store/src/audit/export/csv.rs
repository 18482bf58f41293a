//! Comma-separated values (RFC 4180, lines end in LF). A cell that a spreadsheet would calculate is written with an apostrophe in front,
//! and so is one that begins with an apostrophe: reading takes one away.

use recado_kernel::Timestamp;

use super::{End, Line, Next, Opening, VERSION, moment, signature, signature_text};
use crate::audit::fields::{COUNT, Fields, NAMES};

const OPENING: &str = "recado_audit";
const END: &str = "end";

pub(super) fn opening(opening: &Opening) -> String {
    let optional = |at: Option<Timestamp>| at.map(moment).unwrap_or_default();
    let first = record(&[
        OPENING,
        &VERSION.to_string(),
        &opening.account.to_string(),
        &optional(opening.from),
        &optional(opening.until),
        &opening.after_ordinal.to_string(),
        &opening.previous_head.to_string(),
        &moment(opening.exported_at),
    ]);
    first + &columns()
}

fn columns() -> String {
    let mut names = vec!["ordinal"];
    names.extend(NAMES);
    names.extend(["archived", "leaf", "head"]);
    record(&names)
}

pub(super) fn line(line: &Line) -> String {
    let (ordinal, leaf, head) = (line.ordinal.to_string(), line.leaf.to_string(), line.head.to_string());
    let mut cells = vec![ordinal.as_str()];
    match &line.fields {
        Some(fields) => cells.extend(fields.0.iter().map(String::as_str)),
        None => cells.extend([""; COUNT]),
    }
    cells.extend([if line.fields.is_none() { "true" } else { "" }, &leaf, &head]);
    record(&cells)
}

pub(super) fn end(end: &End) -> String {
    record(&[
        END,
        &end.count.to_string(),
        &end.last_ordinal.to_string(),
        &end.head.to_string(),
        &end.opening.to_string(),
        &end.content.to_string(),
        &end.public_key.to_string(),
        &signature_text(&end.signature),
    ])
}

pub(super) fn read_opening(text: &str) -> Result<Opening, String> {
    // Two lines, the second being the names of the columns.
    let (first, names) = text.split_once('\n').ok_or_else(|| "the line with the names of the columns is missing".to_owned())?;
    if format!("{names}\n") != columns() {
        return Err("the names of the columns are others than expected".into());
    }
    let cells = cells(first)?;
    let [kind, version, account, from, until, after, previous, exported] = cells.as_slice() else {
        return Err("it is no opening line of an export".into());
    };
    if kind != OPENING || *version != VERSION.to_string() {
        return Err(format!("format version {version} is not known here; this program reads version {VERSION}"));
    }
    let optional = |text: &str| if text.is_empty() { Ok(None) } else { timestamp(text).map(Some) };
    Ok(Opening {
        account: account.parse().map_err(|error: recado_kernel::id::InvalidId| error.to_string())?,
        from: optional(from)?,
        until: optional(until)?,
        after_ordinal: number(after)?,
        previous_head: hash(previous)?,
        exported_at: timestamp(exported)?,
    })
}

pub(super) fn read_next(text: &str) -> Result<Next, String> {
    let mut cells = cells(text)?;
    if cells.first().is_some_and(|first| first == END) {
        let [_, count, last_ordinal, head, opening, content, public_key, signed] = cells.as_slice() else {
            return Err("the end line has another number of cells".into());
        };
        return Ok(Next::End(End {
            count: number(count)?,
            last_ordinal: number(last_ordinal)?,
            head: hash(head)?,
            opening: hash(opening)?,
            content: hash(content)?,
            public_key: public_key.parse().map_err(|_| "the public key is not 64 hex digits".to_owned())?,
            signature: signature(signed)?,
        }));
    }
    if cells.len() != COUNT + 4 {
        return Err(format!("it has {} cells instead of {}", cells.len(), COUNT + 4));
    }
    let tail = cells.split_off(COUNT + 1);
    let ordinal = number(&cells.remove(0))?;
    let [archived, leaf, head] = tail.as_slice() else { return Err("cells are missing".into()) };
    let fields = match archived.as_str() {
        "true" => None,
        _ => Some(Fields(cells.try_into().map_err(|_| "cells are missing".to_owned())?)),
    };
    Ok(Next::Event(Box::new(Line { ordinal, fields, leaf: hash(leaf)?, head: hash(head)? })))
}

fn record(cells: &[&str]) -> String {
    let mut text = String::new();
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            text.push(',');
        }
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { "'" } else { "" };
        if cell.contains([',', '"', '\r', '\n']) {
            text.push_str(&format!("\"{guard}{}\"", cell.replace('"', "\"\"")));
        } else {
            text.push_str(guard);
            text.push_str(cell);
        }
    }
    text.push('\n');
    text
}

/// The cells of one record that stands on one line. Other spellings of the same cells are refused by whoever compares them with ours.
fn cells(text: &str) -> Result<Vec<String>, String> {
    let mut found = vec![];
    let mut rest = text;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            None => {
                let at = rest.find(',').unwrap_or(rest.len());
                (rest[..at].to_owned(), &rest[at..])
            }
            Some(quoted) => quoted_cell(quoted)?,
        };
        found.push(cell.strip_prefix('\'').map(str::to_owned).unwrap_or(cell));
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(found),
            None => return Err("something follows a closing quotation mark".into()),
        }
    }
}

fn quoted_cell(text: &str) -> Result<(String, &str), String> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"').ok_or_else(|| "a quotation mark is not closed".to_owned())?;
        cell.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Ok((cell, after)),
        }
    }
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text:?} is no number"))
}

fn timestamp(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("{text:?} is no moment"))
}

fn hash(text: &str) -> Result<crate::audit::Digest, String> {
    text.parse().map_err(|error: crate::audit::InvalidDigest| error.to_string())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_is_text() {
        assert_eq!(record(&["=1+1", "+55", "-1", "@x", "a", "'q"]), "'=1+1,'+55,'-1,'@x,a,''q\n");
    }

    proptest! {
        #[test]
        fn cells_read_back_as_they_were(given in prop::collection::vec("[ -~]{0,6}|é|=x|'|\"", 1..6)) {
            let cell_texts: Vec<&str> = given.iter().map(String::as_str).collect();
            let written = record(&cell_texts);
            prop_assert_eq!(cells(written.trim_end_matches('\n')).unwrap(), given);
        }
    }
}
