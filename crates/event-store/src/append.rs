//! What one command stores, and the single statement that stores many of them.

use recado_kernel::CommandMeta;
use serde_json::Value;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::{AppendError, NewContent, NewWork, Position, StoreError};

/// An event about to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Wire name.
    pub event_type: String,
    /// Wire version.
    pub event_version: String,
    /// The serialised event.
    pub payload: Value,
}

/// A uniqueness claim: within `scope` only one owner may hold `key`. Personal values are passed as keyed digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// E.g. "email", "live_number".
    pub scope: String,
    /// The unique value (or its digest).
    pub key: String,
    /// Who holds it, usually an aggregate id.
    pub owner: String,
}

/// Rows that must be stored together with the events, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Alongside {
    /// New work (queue, outbox, timers); an id that exists already is left as it is.
    pub work: Vec<NewWork>,
    /// Work that is no longer wanted, by id.
    pub cancel_work: Vec<Uuid>,
    /// New vault content.
    pub content: Vec<NewContent>,
    /// Content to destroy, by id.
    pub erase_content: Vec<Uuid>,
    /// Claims to take; one taken by somebody else fails the append.
    pub claims: Vec<Claim>,
    /// Claims to give back (only if held by `owner`).
    pub release: Vec<Claim>,
}

/// Everything one command stores.
#[derive(Debug, Clone)]
pub struct Append {
    /// Circumstances, copied to every event.
    pub meta: CommandMeta,
    /// `Aggregate::TYPE`.
    pub aggregate_type: &'static str,
    /// Id within the type.
    pub aggregate_id: String,
    /// Sequence of the last event the decision was based on; 0 for a new aggregate.
    pub expected_sequence: i64,
    /// The decision.
    pub events: Vec<NewEvent>,
    /// What goes with it.
    pub alongside: Alongside,
}

/// What the store answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Where the last event stands.
    pub position: Position,
    /// The aggregate's last sequence.
    pub sequence: i64,
    /// The command id was known: nothing was stored now, the answer is the earlier one's.
    pub replayed: bool,
}

const APPEND: &str = r"
WITH wanted AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[])
        AS w(account_id, command_id, aggregate_type, aggregate_id, last_sequence)
), fresh AS (
    INSERT INTO command_log (account_id, command_id, aggregate_type, aggregate_id, last_sequence)
    SELECT account_id, command_id, aggregate_type, aggregate_id, last_sequence FROM wanted
    ON CONFLICT DO NOTHING
    RETURNING account_id, command_id
), new_event AS (
    INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                        actor, door, command_id, correlation_id, causation_id, occurred_at)
    SELECT e.account_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload,
           jsonb_build_object('command_id', e.command_id, 'actor', e.actor), e.actor, e.door, e.command_id, e.correlation_id,
           e.causation_id, e.occurred_at
      FROM unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::jsonb[],
                  $14::text[], $15::text[], $16::uuid[], $17::uuid[], $18::timestamptz[]) WITH ORDINALITY
        AS e(account_id, command_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
             actor, door, correlation_id, causation_id, occurred_at, ordinal)
      JOIN fresh f USING (account_id, command_id)
     ORDER BY e.ordinal
    RETURNING account_id, command_id, txid, global_position
), new_work AS (
    INSERT INTO work (id, topic, lane, account_id, subject, payload, due_at, correlation_id, causation_id)
    SELECT w.id, w.topic, w.lane, w.account_id, w.subject, w.payload, w.due_at, w.correlation_id, w.command_id
      FROM unnest($19::uuid[], $20::uuid[], $21::uuid[], $22::text[], $23::text[], $24::text[], $25::jsonb[], $26::timestamptz[], $48::uuid[]) WITH ORDINALITY
        AS w(account_id, command_id, id, topic, lane, subject, payload, due_at, correlation_id, ordinal)
      JOIN fresh f USING (account_id, command_id)
     ORDER BY w.ordinal
    ON CONFLICT (id) DO NOTHING
    RETURNING topic, lane, due_at
), lane AS (
    INSERT INTO work_lane AS l (topic, lane, due_at)
    SELECT topic, lane, min(due_at) FROM new_work GROUP BY topic, lane ORDER BY topic, lane
    ON CONFLICT (topic, lane) DO UPDATE
       SET signals = l.signals + 1, due_at = GREATEST(l.not_before, LEAST(l.due_at, excluded.due_at))
), cancelled AS (
    DELETE FROM work w USING unnest($27::uuid[], $28::uuid[], $29::uuid[]) AS c(account_id, command_id, id), fresh f
     WHERE w.id = c.id AND f.account_id = c.account_id AND f.command_id = c.command_id
), new_content AS (
    INSERT INTO content (id, account_id, ciphertext, expires_at)
    SELECT c.id, c.account_id, c.ciphertext, c.expires_at
      FROM unnest($30::uuid[], $31::uuid[], $32::uuid[], $33::bytea[], $34::timestamptz[]) AS c(account_id, command_id, id, ciphertext, expires_at)
      JOIN fresh f USING (account_id, command_id)
), erased AS (
    DELETE FROM content t USING unnest($35::uuid[], $36::uuid[], $37::uuid[]) AS x(account_id, command_id, id), fresh f
     WHERE t.id = x.id AND t.account_id = x.account_id AND f.account_id = x.account_id AND f.command_id = x.command_id
), taken AS (
    INSERT INTO claim (scope, key, owner)
    SELECT c.scope, c.key, c.owner
      FROM unnest($38::uuid[], $39::uuid[], $40::text[], $41::text[], $42::text[]) AS c(account_id, command_id, scope, key, owner)
      JOIN fresh f USING (account_id, command_id)
), released AS (
    DELETE FROM claim k USING unnest($43::uuid[], $44::uuid[], $45::text[], $46::text[], $47::text[]) AS r(account_id, command_id, scope, key, owner), fresh f
     WHERE k.scope = r.scope AND k.key = r.key AND k.owner = r.owner AND f.account_id = r.account_id AND f.command_id = r.command_id
)
SELECT f.account_id, f.command_id, max(n.txid) AS txid, max(n.global_position) AS position
  FROM fresh f LEFT JOIN new_event n USING (account_id, command_id)
 GROUP BY f.account_id, f.command_id";

/// Stores `appends` in one statement. Results come in the order of the input; `None` marks a command id that was known.
pub(crate) async fn append_all(db: &mut PgConnection, appends: &[Append]) -> Result<Vec<Option<Position>>, AppendError> {
    // One column vector per statement parameter; side rows repeat the command they belong to.
    let flat: Vec<(&Append, i64, &NewEvent)> =
        appends.iter().flat_map(|a| (1..).zip(&a.events).map(move |(n, event)| (a, a.expected_sequence + n, event))).collect();
    let (command_accounts, command_ids): (Vec<Uuid>, Vec<Uuid>) = appends.iter().map(key).unzip();
    let work = Flat::of(appends, |a| &a.alongside.work);
    let cancel = Flat::of(appends, |a| &a.alongside.cancel_work);
    let content = Flat::of(appends, |a| &a.alongside.content);
    let erase = Flat::of(appends, |a| &a.alongside.erase_content);
    let claims = Flat::of(appends, |a| &a.alongside.claims);
    let release = Flat::of(appends, |a| &a.alongside.release);
    let rows = sqlx::query(APPEND)
        .bind(&command_accounts)
        .bind(&command_ids)
        .bind(appends.iter().map(|a| a.aggregate_type).collect::<Vec<_>>())
        .bind(appends.iter().map(|a| a.aggregate_id.as_str()).collect::<Vec<_>>())
        .bind(appends.iter().map(last_sequence).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.meta.account_id.as_uuid()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.meta.command_id.as_uuid()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.aggregate_type).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.aggregate_id.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(_, sequence, _)| *sequence).collect::<Vec<_>>())
        .bind(flat.iter().map(|(_, _, e)| e.event_type.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(_, _, e)| e.event_version.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(_, _, e)| &e.payload).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.meta.actor.to_string()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.meta.door.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.meta.correlation_id).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.meta.causation_id).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, _, _)| a.meta.occurred_at).collect::<Vec<_>>())
        .bind(&work.accounts)
        .bind(&work.commands)
        .bind(work.column(|w| w.id))
        .bind(work.column(|w| w.topic.as_str()))
        .bind(work.column(|w| w.lane.as_str()))
        .bind(work.column(|w| w.subject.as_str()))
        .bind(work.column(|w| &w.payload))
        .bind(work.column(|w| w.due_at))
        .bind(&cancel.accounts)
        .bind(&cancel.commands)
        .bind(cancel.column(|id| *id))
        .bind(&content.accounts)
        .bind(&content.commands)
        .bind(content.column(|c| c.id))
        .bind(content.column(|c| c.ciphertext.as_slice()))
        .bind(content.column(|c| c.expires_at))
        .bind(&erase.accounts)
        .bind(&erase.commands)
        .bind(erase.column(|id| *id))
        .bind(&claims.accounts)
        .bind(&claims.commands)
        .bind(claims.column(|c| c.scope.as_str()))
        .bind(claims.column(|c| c.key.as_str()))
        .bind(claims.column(|c| c.owner.as_str()))
        .bind(&release.accounts)
        .bind(&release.commands)
        .bind(release.column(|c| c.scope.as_str()))
        .bind(release.column(|c| c.key.as_str()))
        .bind(release.column(|c| c.owner.as_str()))
        .bind(&work.correlations)
        .fetch_all(db)
        .await
        .map_err(refusal)?;
    let mut positions = vec![None; appends.len()];
    for row in rows {
        let found = (
            row.try_get::<Uuid, _>("account_id").map_err(StoreError::from)?,
            row.try_get::<Uuid, _>("command_id").map_err(StoreError::from)?,
        );
        let position = Position {
            txid: row.try_get::<Option<i64>, _>("txid").map_err(StoreError::from)?.unwrap_or_default(),
            position: row.try_get::<Option<i64>, _>("position").map_err(StoreError::from)?.unwrap_or_default(),
        };
        for (slot, append) in positions.iter_mut().zip(appends) {
            if key(append) == found {
                *slot = Some(position);
            }
        }
    }
    Ok(positions)
}

/// The aggregate's sequence after this append.
pub(crate) fn last_sequence(append: &Append) -> i64 {
    append.expected_sequence + i64::try_from(append.events.len()).unwrap_or(i64::MAX)
}

fn key(append: &Append) -> (Uuid, Uuid) {
    (append.meta.account_id.as_uuid(), append.meta.command_id.as_uuid())
}

/// Side rows of many appends, each with the command it belongs to.
struct Flat<'a, T> {
    accounts: Vec<Uuid>,
    commands: Vec<Uuid>,
    correlations: Vec<Uuid>,
    items: Vec<&'a T>,
}

impl<'a, T> Flat<'a, T> {
    fn of(appends: &'a [Append], list: impl Fn(&'a Append) -> &'a Vec<T>) -> Self {
        let mut flat = Self { accounts: vec![], commands: vec![], correlations: vec![], items: vec![] };
        for append in appends {
            for item in list(append) {
                flat.accounts.push(append.meta.account_id.as_uuid());
                flat.commands.push(append.meta.command_id.as_uuid());
                flat.correlations.push(append.meta.correlation_id);
                flat.items.push(item);
            }
        }
        flat
    }

    fn column<C>(&self, value: impl Fn(&'a T) -> C) -> Vec<C> {
        self.items.iter().map(|item| value(item)).collect()
    }
}

fn refusal(error: sqlx::Error) -> AppendError {
    let violation = error.as_database_error().filter(|inner| inner.is_unique_violation());
    // Only the keys of `claim` and `events` can collide: everything else in the statement says ON CONFLICT.
    match violation.map(|inner| {
        (
            inner.table().unwrap_or_default().to_owned(),
            inner.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().and_then(|pg| pg.detail()).map(str::to_owned),
        )
    }) {
        Some((table, detail)) if table == "claim" => {
            AppendError::ClaimTaken { scope: scope_of(detail.as_deref().unwrap_or_default()) }
        }
        Some(_) => AppendError::Conflict,
        None => AppendError::Store(error.into()),
    }
}

/// `Key (scope, key)=(email, …) already exists.` names the scope; the key is not repeated anywhere.
fn scope_of(detail: &str) -> String {
    detail
        .split_once(")=(")
        .and_then(|(_, rest)| rest.split_once(','))
        .map_or_else(|| "value".to_owned(), |(scope, _)| scope.to_owned())
}
