//! JSON lines.

use recado_kernel::{AccountId, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{End, Line, Next, Opening, VERSION, moment, signature, signature_text};
use crate::audit::fields::{COUNT, Fields, NAMES, string};

pub(super) fn opening(opening: &Opening) -> String {
    let optional = |at: Option<Timestamp>| at.map_or_else(|| "null".to_owned(), |at| format!("\"{}\"", moment(at)));
    format!(
        "{{\"recado_audit\":{VERSION},\"account\":\"{}\",\"from\":{},\"until\":{},\"after_ordinal\":{},\"previous_head\":\"{}\",\"exported_at\":\"{}\"}}\n",
        opening.account,
        optional(opening.from),
        optional(opening.until),
        opening.after_ordinal,
        opening.previous_head,
        moment(opening.exported_at)
    )
}

pub(super) fn line(line: &Line) -> String {
    let mut text = format!("{{\"ordinal\":{}", line.ordinal);
    match &line.fields {
        None => text.push_str(",\"archived\":true"),
        Some(fields) => {
            for (name, value) in NAMES.iter().zip(&fields.0) {
                text.push_str(",\"");
                text.push_str(name);
                text.push_str("\":");
                match *name {
                    "sequence" | "payload" => text.push_str(value),
                    "causation_id" if value.is_empty() => text.push_str("null"),
                    _ => string(value, &mut text),
                }
            }
        }
    }
    text.push_str(&format!(",\"leaf\":\"{}\",\"head\":\"{}\"}}\n", line.leaf, line.head));
    text
}

pub(super) fn end(end: &End) -> String {
    format!(
        "{{\"end\":true,\"count\":{},\"last_ordinal\":{},\"head\":\"{}\",\"opening\":\"{}\",\"content\":\"{}\",\"public_key\":\"{}\",\"signature\":\"{}\"}}\n",
        end.count,
        end.last_ordinal,
        end.head,
        end.opening,
        end.content,
        end.public_key,
        signature_text(&end.signature)
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadOpening {
    recado_audit: u32,
    account: AccountId,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    after_ordinal: i64,
    previous_head: String,
    exported_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadEvent<'a> {
    ordinal: i64,
    #[serde(default)]
    archived: bool,
    account: Option<String>,
    aggregate_type: Option<String>,
    aggregate_id: Option<String>,
    sequence: Option<i64>,
    event_type: Option<String>,
    event_version: Option<String>,
    occurred_at: Option<String>,
    recorded_at: Option<String>,
    actor: Option<String>,
    door: Option<String>,
    command_id: Option<String>,
    correlation_id: Option<String>,
    causation_id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    leaf: String,
    head: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadEnd {
    #[serde(rename = "end")]
    _end: bool,
    count: i64,
    last_ordinal: i64,
    head: String,
    opening: String,
    content: String,
    public_key: String,
    signature: String,
}

pub(super) fn read_opening(text: &str) -> Result<Opening, String> {
    let read: ReadOpening = json(text)?;
    if read.recado_audit != VERSION {
        return Err(format!("format version {} is not known here; this program reads version {VERSION}", read.recado_audit));
    }
    Ok(Opening {
        account: read.account,
        from: read.from,
        until: read.until,
        after_ordinal: read.after_ordinal,
        previous_head: hash(&read.previous_head)?,
        exported_at: read.exported_at,
    })
}

pub(super) fn read_next(text: &str) -> Result<Next, String> {
    if text.starts_with("{\"end\":") {
        let read: ReadEnd = json(text)?;
        return Ok(Next::End(End {
            count: read.count,
            last_ordinal: read.last_ordinal,
            head: hash(&read.head)?,
            opening: hash(&read.opening)?,
            content: hash(&read.content)?,
            public_key: read.public_key.parse().map_err(|_| "the public key is not 64 hex digits".to_owned())?,
            signature: signature(&read.signature)?,
        }));
    }
    let read: ReadEvent<'_> = json(text)?;
    let (leaf, head) = (hash(&read.leaf)?, hash(&read.head)?);
    let fields = if read.archived { None } else { Some(fields(&read)?) };
    Ok(Next::Event(Box::new(Line { ordinal: read.ordinal, fields, leaf, head })))
}

fn fields(read: &ReadEvent<'_>) -> Result<Fields, String> {
    let sequence = read.sequence.map(|sequence| sequence.to_string());
    let payload = read.payload.map(|payload| payload.get().to_owned());
    // In the order of NAMES.
    let given: [Option<String>; COUNT] = [
        read.account.clone(),
        read.aggregate_type.clone(),
        read.aggregate_id.clone(),
        sequence,
        read.event_type.clone(),
        read.event_version.clone(),
        read.occurred_at.clone(),
        read.recorded_at.clone(),
        read.actor.clone(),
        read.door.clone(),
        read.command_id.clone(),
        read.correlation_id.clone(),
        Some(read.causation_id.clone().unwrap_or_default()),
        payload,
    ];
    let mut fields: [String; COUNT] = Default::default();
    for ((slot, value), name) in fields.iter_mut().zip(given).zip(NAMES) {
        *slot = value.ok_or_else(|| format!("the field {name} is missing"))?;
    }
    Ok(Fields(fields))
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("it is no line of an export ({error})"))
}

fn hash(text: &str) -> Result<crate::audit::Digest, String> {
    text.parse().map_err(|error: crate::audit::InvalidDigest| error.to_string())
}
