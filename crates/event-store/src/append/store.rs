//! Binding a group of commands to its statement.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres, Row as _};
use uuid::Uuid;

use super::statement::{Parts, Promise, text};
use super::{Append, NewEvent, Refusal, key, last_sequence};
use crate::{Position, StoreError};

type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// Stores `appends` in one statement. Results come in the order of the input; `None` marks a command id that was known (never with
/// [`Promise::AllNew`], which refuses instead).
pub(crate) async fn append_all(
    db: &mut PgConnection,
    promise: Promise,
    appends: &[Append],
) -> Result<Vec<Option<Position>>, Refusal> {
    let parts = Parts::of(appends);
    let statement = bind_sides(bind_events(sqlx::query(text(promise, parts)), appends), parts, appends);
    match promise {
        Promise::AllNew => {
            let row = statement.fetch_one(db).await.map_err(Refusal::of)?;
            let txid: Option<i64> = row.try_get("txid").map_err(StoreError::from)?;
            let positions: Option<Vec<i64>> = row.try_get("positions").map_err(StoreError::from)?;
            Ok(in_order(appends, txid.unwrap_or_default(), &positions.unwrap_or_default()))
        }
        Promise::None => {
            let rows = statement.fetch_all(db).await.map_err(Refusal::of)?;
            let mut positions = vec![None; appends.len()];
            for row in rows {
                let found: (Uuid, Uuid) =
                    (row.try_get("account_id").map_err(StoreError::from)?, row.try_get("command_id").map_err(StoreError::from)?);
                let (txid, position): (Option<i64>, Option<i64>) =
                    (row.try_get("txid").map_err(StoreError::from)?, row.try_get("position").map_err(StoreError::from)?);
                let at = Position { txid: txid.unwrap_or_default(), position: position.unwrap_or_default() };
                for (slot, _) in positions.iter_mut().zip(appends).filter(|(_, append)| key(append) == found) {
                    *slot = Some(at);
                }
            }
            Ok(positions)
        }
    }
}

/// Positions rise in the order of the events: each command's last one is where its last event stands.
fn in_order(appends: &[Append], txid: i64, positions: &[i64]) -> Vec<Option<Position>> {
    let mut stored = 0;
    appends
        .iter()
        .map(|append| {
            stored += append.events.len();
            let last = if append.events.is_empty() { None } else { positions.get(stored - 1) };
            Some(last.map_or_else(Position::default, |position| Position { txid, position: *position }))
        })
        .collect()
}

fn bind_events<'q>(statement: Statement<'q>, appends: &'q [Append]) -> Statement<'q> {
    let flat: Vec<(&Append, i64, &NewEvent)> =
        appends.iter().flat_map(|a| (1..).zip(&a.events).map(move |(n, event)| (a, a.expected_sequence + n, event))).collect();
    let (accounts, commands): (Vec<Uuid>, Vec<Uuid>) = appends.iter().map(key).unzip();
    let (event_accounts, event_commands): (Vec<Uuid>, Vec<Uuid>) = flat.iter().map(|(a, ..)| key(a)).unzip();
    statement
        .bind(accounts)
        .bind(commands)
        .bind(appends.iter().map(|a| a.aggregate_type).collect::<Vec<_>>())
        .bind(appends.iter().map(|a| a.aggregate_id.as_str()).collect::<Vec<_>>())
        .bind(appends.iter().map(last_sequence).collect::<Vec<_>>())
        .bind(event_accounts)
        .bind(event_commands)
        .bind(flat.iter().map(|(a, ..)| a.aggregate_type).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, ..)| a.aggregate_id.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(_, sequence, _)| *sequence).collect::<Vec<_>>())
        .bind(flat.iter().map(|(.., e)| e.event_type.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(.., e)| e.event_version.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(.., e)| e.payload.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, ..)| a.meta.actor.to_string()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, ..)| a.meta.door.as_str()).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, ..)| a.meta.correlation_id).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, ..)| a.meta.causation_id).collect::<Vec<_>>())
        .bind(flat.iter().map(|(a, ..)| a.meta.occurred_at).collect::<Vec<_>>())
}

fn bind_sides<'q>(mut statement: Statement<'q>, parts: Parts, appends: &'q [Append]) -> Statement<'q> {
    if parts.work {
        let work = Side::of(appends, |a| &a.alongside.work);
        statement = work
            .owners(statement)
            .bind(work.column(|w| w.id))
            .bind(work.column(|w| w.topic.as_str()))
            .bind(work.column(|w| w.lane.as_str()))
            .bind(work.column(|w| w.subject.as_str()))
            .bind(work.column(|w| &w.payload))
            .bind(work.column(|w| w.due_at))
            .bind(work.correlations.clone());
    }
    if parts.cancel_work {
        let cancel = Side::of(appends, |a| &a.alongside.cancel_work);
        statement = cancel.owners(statement).bind(cancel.column(|id| *id));
    }
    if parts.content {
        let content = Side::of(appends, |a| &a.alongside.content);
        statement = content
            .owners(statement)
            .bind(content.column(|c| c.id))
            .bind(content.column(|c| c.ciphertext.as_slice()))
            .bind(content.column(|c| c.expires_at));
    }
    if parts.erase_content {
        let erase = Side::of(appends, |a| &a.alongside.erase_content);
        statement = erase.owners(statement).bind(erase.column(|id| *id));
    }
    for (wanted, list) in [
        (parts.claims, (|a: &Append| &a.alongside.claims) as fn(&Append) -> &Vec<super::Claim>),
        (parts.release, |a: &Append| &a.alongside.release),
    ] {
        if wanted {
            let claims = Side::of(appends, list);
            statement = claims
                .owners(statement)
                .bind(claims.column(|c| c.scope.as_str()))
                .bind(claims.column(|c| c.key.as_str()))
                .bind(claims.column(|c| c.owner.as_str()));
        }
    }
    statement
}

/// Side rows of many appends, each with the command it belongs to.
struct Side<'a, T> {
    accounts: Vec<Uuid>,
    commands: Vec<Uuid>,
    correlations: Vec<Uuid>,
    items: Vec<&'a T>,
}

impl<'a, T> Side<'a, T> {
    fn of(appends: &'a [Append], list: impl Fn(&'a Append) -> &'a Vec<T>) -> Self {
        let mut side = Self { accounts: vec![], commands: vec![], correlations: vec![], items: vec![] };
        for append in appends {
            let (account, command) = key(append);
            for item in list(append) {
                side.accounts.push(account);
                side.commands.push(command);
                side.correlations.push(append.meta.correlation_id);
                side.items.push(item);
            }
        }
        side
    }

    fn owners<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        statement.bind(self.accounts.clone()).bind(self.commands.clone())
    }

    fn column<C>(&self, value: impl Fn(&'a T) -> C) -> Vec<C> {
        self.items.iter().map(|item| value(item)).collect()
    }
}
