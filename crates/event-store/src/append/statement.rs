//! The text of the one statement that stores a group of commands. Only the parts that the group needs are in it: an absent part costs
//! nothing, not even its plan. There are few texts, each prepared once per connection.

use std::sync::OnceLock;

use super::Append;

/// What is known about the command ids of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// All are believed new: one that is not makes the statement fail, by the key of `command_log`. The cheap text.
    AllNew,
    /// Some may have been carried out: those store nothing.
    None,
}

/// Which side tables a group writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Parts {
    pub work: bool,
    pub cancel_work: bool,
    pub content: bool,
    pub erase_content: bool,
    pub claims: bool,
    pub release: bool,
}

impl Parts {
    pub(super) fn of(appends: &[Append]) -> Self {
        let any = |wanted: fn(&Append) -> bool| appends.iter().any(wanted);
        Self {
            work: any(|a| !a.alongside.work.is_empty()),
            cancel_work: any(|a| !a.alongside.cancel_work.is_empty()),
            content: any(|a| !a.alongside.content.is_empty()),
            erase_content: any(|a| !a.alongside.erase_content.is_empty()),
            claims: any(|a| !a.alongside.claims.is_empty()),
            release: any(|a| !a.alongside.release.is_empty()),
        }
    }

    const fn index(self) -> usize {
        (self.work as usize)
            | (self.cancel_work as usize) << 1
            | (self.content as usize) << 2
            | (self.erase_content as usize) << 3
            | (self.claims as usize) << 4
            | (self.release as usize) << 5
    }

    #[cfg(test)]
    fn all() -> impl Iterator<Item = Self> {
        (0..64_usize).map(|bits| Self {
            work: bits & 1 > 0,
            cancel_work: bits & 2 > 0,
            content: bits & 4 > 0,
            erase_content: bits & 8 > 0,
            claims: bits & 16 > 0,
            release: bits & 32 > 0,
        })
    }
}

/// The statement for these parts. Its parameters are arrays: commands, events, then each part in the order of [`Parts`]' fields.
pub(super) fn text(promise: Promise, parts: Parts) -> &'static str {
    static TEXTS: [OnceLock<String>; 128] = [const { OnceLock::new() }; 128];
    let slot = parts.index() + if promise == Promise::AllNew { 64 } else { 0 };
    TEXTS[slot].get_or_init(|| write(promise, parts))
}

/// Numbers the parameters.
struct Parameters {
    last: usize,
    /// Rows must be numbered, because a join may mix them up.
    numbered: bool,
}

impl Parameters {
    /// `(SELECT unnest($n::t[]) AS column, … ) AS alias`: the arrays are walked in step and row by row, where `FROM unnest(…, …)` would
    /// first write every array to a buffer of its own. `ordinal` numbers the rows.
    fn rows(&mut self, alias: &str, columns: &[(&str, &str)]) -> String {
        let first = self.last + 1;
        let arrays: Vec<String> = columns
            .iter()
            .map(|(name, kind)| {
                self.last += 1;
                format!("unnest(${}::{kind}[]) AS {name}", self.last)
            })
            .collect();
        let ordinal =
            if self.numbered { format!(", generate_series(1, cardinality(${first})) AS ordinal") } else { String::new() };
        format!("(SELECT {}{ordinal}) AS {alias}", arrays.join(", "))
    }
}

/// A lane that is due already and in nobody's hands need not be told of new work: whoever takes it looks, and cannot take it before we
/// have committed, because the row stays locked by us until then.
const LANE_MUST_KNOW: &str = "l.leased_by IS NOT NULL OR l.due_at > GREATEST(l.not_before, excluded.due_at)";

/// Side rows carry the command they belong to.
const OWNER: [(&str, &str); 2] = [("account_id", "uuid"), ("command_id", "uuid")];

fn write(promise: Promise, parts: Parts) -> String {
    let guarded = promise == Promise::None;
    let mut parameters = Parameters { last: 0, numbered: guarded };
    let mut side = |alias: &str, columns: &[(&str, &str)]| parameters.rows(alias, &[&OWNER, columns].concat());
    // Rows of a command that was carried out before are left out.
    let joined = if guarded { " JOIN fresh USING (account_id, command_id)" } else { "" };
    let only_fresh = |alias: &str| {
        if guarded {
            format!(
                " AND EXISTS (SELECT 1 FROM fresh f WHERE f.account_id = {alias}.account_id AND f.command_id = {alias}.command_id)"
            )
        } else {
            String::new()
        }
    };
    // Without a join the rows come as they were given.
    let in_order = if guarded { " ORDER BY ordinal" } else { "" };
    let stored_columns = if guarded { "account_id, command_id, txid, global_position" } else { "txid, global_position" };
    let mut ctes = Vec::new();

    let commands = side("c", &[("aggregate_type", "text"), ("aggregate_id", "text"), ("last_sequence", "bigint")]);
    let (ignore, returning) = if guarded { (" ON CONFLICT DO NOTHING", " RETURNING account_id, command_id") } else { ("", "") };
    ctes.push(format!(
        "fresh AS (INSERT INTO command_log (account_id, command_id, aggregate_type, aggregate_id, last_sequence)
           SELECT account_id, command_id, aggregate_type, aggregate_id, last_sequence FROM {commands}{ignore}{returning})"
    ));
    let events = side(
        "e",
        &[
            ("aggregate_type", "text"),
            ("aggregate_id", "text"),
            ("sequence", "bigint"),
            ("event_type", "text"),
            ("event_version", "text"),
            ("payload", "text"),
            ("actor", "text"),
            ("door", "text"),
            ("correlation_id", "uuid"),
            ("causation_id", "uuid"),
            ("occurred_at", "timestamptz"),
        ],
    );
    // The transaction id is asked for once, not once a row.
    ctes.push(format!(
        "stored AS (INSERT INTO events (txid, account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
                                        actor, door, command_id, correlation_id, causation_id, occurred_at)
           SELECT (SELECT log_txid()), account_id, aggregate_type, aggregate_id, sequence, event_type,
                  event_version, payload::jsonb, actor, door, command_id, correlation_id, causation_id, occurred_at
             FROM {events}{joined}{in_order}
           RETURNING {stored_columns})"
    ));
    if parts.work {
        let rows = side(
            "w",
            &[
                ("id", "uuid"),
                ("topic", "text"),
                ("lane", "text"),
                ("subject", "text"),
                ("payload", "jsonb"),
                ("due_at", "timestamptz"),
                ("correlation_id", "uuid"),
            ],
        );
        let once = if guarded { " ON CONFLICT (id) DO NOTHING" } else { "" };
        ctes.push(format!(
            "new_work AS (INSERT INTO work (id, topic, lane, account_id, subject, payload, due_at, correlation_id, causation_id)
               SELECT id, topic, lane, account_id, subject, payload, due_at, correlation_id, command_id FROM {rows}{joined}{in_order}{once}
               RETURNING topic, lane, due_at),
             lanes AS (INSERT INTO work_lane AS l (topic, lane, due_at)
               SELECT topic, lane, min(due_at) FROM new_work GROUP BY topic, lane ORDER BY topic, lane
               ON CONFLICT (topic, lane) DO UPDATE
                  SET signals = l.signals + 1, due_at = GREATEST(l.not_before, LEAST(l.due_at, excluded.due_at))
                WHERE {LANE_MUST_KNOW})"
        ));
    }
    if parts.cancel_work {
        let rows = side("x", &[("id", "uuid")]);
        ctes.push(format!(
            "cancelled AS (DELETE FROM work w USING {rows} WHERE w.id = x.id AND w.account_id = x.account_id{})",
            only_fresh("x")
        ));
    }
    if parts.content {
        let rows = side("t", &[("id", "uuid"), ("ciphertext", "bytea"), ("expires_at", "timestamptz")]);
        ctes.push(format!(
            "new_content AS (INSERT INTO content (id, account_id, ciphertext, expires_at)
               SELECT id, account_id, ciphertext, expires_at FROM {rows}{joined})"
        ));
    }
    if parts.erase_content {
        let rows = side("x", &[("id", "uuid")]);
        ctes.push(format!(
            "erased AS (DELETE FROM content t USING {rows} WHERE t.id = x.id AND t.account_id = x.account_id{})",
            only_fresh("x")
        ));
    }
    let claim = [("scope", "text"), ("key", "text"), ("owner", "text")];
    if parts.claims {
        let rows = side("k", &claim);
        ctes.push(format!("taken AS (INSERT INTO claim (scope, key, owner) SELECT scope, key, owner FROM {rows}{joined})"));
    }
    if parts.release {
        let rows = side("r", &claim);
        ctes.push(format!(
            "released AS (DELETE FROM claim k USING {rows} WHERE k.scope = r.scope AND k.key = r.key AND k.owner = r.owner{})",
            only_fresh("r")
        ));
    }
    let answer = if guarded {
        "SELECT f.account_id, f.command_id, max(s.txid) AS txid, max(s.global_position) AS position
           FROM fresh f LEFT JOIN stored s USING (account_id, command_id) GROUP BY f.account_id, f.command_id"
    } else {
        "SELECT max(txid) AS txid, array_agg(global_position ORDER BY global_position) AS positions FROM stored"
    };
    format!("WITH {}\n{answer}", ctes.join(",\n"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// Texts are put together, so no literal tells whether they are SQL: PostgreSQL does.
    #[tokio::test]
    async fn postgresql_accepts_every_text() {
        use sqlx::Executor as _;
        let database = recado_testkit::TestDatabase::create().await;
        let mut connection = database.pool.acquire().await.unwrap();
        for promise in [Promise::AllNew, Promise::None] {
            for parts in Parts::all() {
                let text = text(promise, parts);
                let prepared = connection.prepare(text).await;
                assert!(prepared.is_ok(), "{:?}\n{text}", prepared.err());
            }
        }
    }
}
