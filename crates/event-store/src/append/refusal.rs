//! Why PostgreSQL refused a group, and which of its commands was to blame.

use super::{Append, key};
use crate::{AppendError, StoreError};

/// Why a statement stored nothing.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A key was there already.
    Taken {
        /// The table of the key.
        table: String,
        /// PostgreSQL's words: `Key (a, b)=(x, y) already exists.`
        detail: String,
    },
    /// Another transaction held a row for too long, or the two waited for each other. In a group one member's trouble is everybody's.
    Locked(StoreError),
    /// Anything else.
    Store(StoreError),
}

/// 55P03: a lock took too long; 57014: the statement did; 40P01: a deadlock.
const LOCK_TROUBLE: [&str; 3] = ["55P03", "57014", "40P01"];

impl Refusal {
    pub(super) fn of(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|inner| inner.code());
        if code.is_some_and(|code| LOCK_TROUBLE.contains(&code.as_ref())) {
            return Self::Locked(error.into());
        }
        let Some(violation) = error.as_database_error().filter(|inner| inner.is_unique_violation()) else {
            return Self::Store(error.into());
        };
        let detail =
            violation.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().and_then(|pg| pg.detail()).unwrap_or_default();
        Self::Taken { table: violation.table().unwrap_or_default().to_owned(), detail: detail.to_owned() }
    }

    /// The command whose key it was. `None` when PostgreSQL's words do not tell (it may speak another language).
    pub(crate) fn culprit(&self, appends: &[Append]) -> Option<usize> {
        let Self::Taken { table, detail } = self else { return None };
        let (_, values) = detail.split_once(")=(")?;
        let is = |wanted: &str| values.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(')'));
        appends.iter().position(|append| match table.as_str() {
            "command_log" => {
                let (account, command) = key(append);
                is(&format!("{account}, {command}"))
            }
            "claim" => append.alongside.claims.iter().any(|claim| is(&format!("{}, {}", claim.scope, claim.key))),
            _ => {
                let stem = format!("{}, {}, ", append.aggregate_type, append.aggregate_id);
                (1..).zip(&append.events).any(|(n, _)| is(&format!("{stem}{}", append.expected_sequence + n)))
            }
        })
    }
}

impl From<Refusal> for AppendError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) | Refusal::Locked(error) => Self::Store(error),
            Refusal::Taken { table, detail } if table == "claim" => Self::ClaimTaken { scope: scope_of(&detail) },
            Refusal::Taken { .. } => Self::Conflict,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// `Key (scope, key)=(email, …) already exists.` names the scope; the key is not repeated anywhere.
fn scope_of(detail: &str) -> String {
    detail
        .split_once(")=(")
        .and_then(|(_, rest)| rest.split_once(','))
        .map_or_else(|| "value".to_owned(), |(scope, _)| scope.to_owned())
}
