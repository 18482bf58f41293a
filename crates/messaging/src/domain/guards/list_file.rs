//! The opt-out list as a file people can open in a spreadsheet, and files they bring along.

use recado_kernel::ChatAddress;

/// Largest file, in bytes.
pub const LARGEST_FILE: usize = 4 * 1024 * 1024;
/// Most lines of a file: what is stored while a browser waits.
pub const MOST_ROWS: usize = 20_000;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 200;
/// Most bad lines that are told one by one.
const MOST_TOLD: usize = 100;

/// One contact of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Line of the file, 1 for the first.
    pub line: u64,
    /// Who.
    pub contact: ChatAddress,
    /// Why, as written in the second column.
    pub reason: Option<String>,
}

/// A line that names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Line of the file.
    pub line: u64,
    /// The beginning of what stands there.
    pub text: String,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadList {
    /// Contacts, in order; one that stands there twice counts once.
    pub rows: Vec<ListRow>,
    /// Lines that name nobody: the first hundred.
    pub bad: Vec<BadRow>,
    /// How many there are.
    pub bad_count: u64,
}

/// Why a file is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFile {
    /// More than [`LARGEST_FILE`] bytes.
    #[error("the file is too large")]
    TooLarge,
    /// More than [`MOST_ROWS`] lines.
    #[error("the file has too many lines")]
    TooManyRows,
    /// Neither UTF-8 nor Latin-1 text: U+0000 stands in it.
    #[error("the file is no text")]
    NoText,
}

/// Reads a file: UTF-8 (with or without its mark) or the Windows code page, `;`, `,` or tabs between columns, quotes as spreadsheets write
/// them. The first column is the number; a heading is left out. A leading apostrophe, our own protection against formulas, is taken off.
///
/// # Errors
/// See [`InvalidFile`]; single bad lines are no error.
pub fn read_list(bytes: &[u8]) -> Result<ReadList, InvalidFile> {
    if bytes.len() > LARGEST_FILE {
        return Err(InvalidFile::TooLarge);
    }
    if bytes.contains(&0) {
        return Err(InvalidFile::NoText);
    }
    let text = text_of(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut read = ReadList::default();
    let mut seen = std::collections::HashSet::new();
    for (count, record) in reader.records().enumerate() {
        if count >= MOST_ROWS {
            return Err(InvalidFile::TooManyRows);
        }
        // Text from memory that is UTF-8 already: a record cannot fail.
        let Ok(record) = record else { return Err(InvalidFile::NoText) };
        let line = record.position().map_or(0, csv::Position::line);
        let first = unprotected(record.get(0).unwrap_or_default());
        match first.parse::<ChatAddress>() {
            Ok(contact) if contact.is_person() => {
                if seen.insert(contact.written_forms().swap_remove(0)) {
                    let reason = record.get(1).map(unprotected).filter(|reason| !reason.is_empty());
                    let reason = reason.map(|reason| reason.chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect());
                    read.rows.push(ListRow { line, contact, reason });
                }
            }
            // A heading, or an empty line between.
            _ if first.is_empty() && record.iter().all(str::is_empty) => {}
            _ if count == 0 && !first.bytes().any(|byte| byte.is_ascii_digit()) => {}
            _ => {
                read.bad_count += 1;
                if read.bad.len() < MOST_TOLD {
                    read.bad.push(BadRow { line, text: first.chars().take(40).collect() });
                }
            }
        }
    }
    Ok(read)
}

/// Spreadsheets on Windows write their old code page; as text its letters only matter in reasons.
fn text_of(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text: String = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    // One kind of line end: else the reader's line numbers lag behind by one.
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The one that stands most often in the first line; `;` when none does (one column).
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    let best = [b';', b',', b'\t'].into_iter().max_by_key(|delimiter| (count(*delimiter), *delimiter == b';'));
    best.unwrap_or(b';')
}

fn unprotected(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell).trim()
}

/// One line of our own file, with `;` between the cells: what Brazilian spreadsheets expect. A cell that a spreadsheet would take for a
/// formula begins with an apostrophe.
#[must_use]
pub fn csv_line(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&harmless(cell))).collect();
    format!("{}\r\n", cells.join(";"))
}

fn harmless(cell: &str) -> String {
    let plain: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let formula = plain.trim_start().starts_with(['=', '+', '-', '@', '|', '%']);
    if formula { format!("'{plain}") } else { plain }
}

fn quoted(cell: &str) -> String {
    let must = cell.contains([';', ',', '"', '\'']) || cell.starts_with(' ') || cell.ends_with(' ');
    if must { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
#[path = "list_file_tests.rs"]
mod tests;
