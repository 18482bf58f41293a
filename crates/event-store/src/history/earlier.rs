//! What was known of things before a page of events: read for all of them at once, and never more than a few events each.

use std::collections::HashMap;

use recado_kernel::AccountId;
use sqlx::PgPool;

use crate::{RecordedEvent, StoreError};

/// The earlier events of one thing, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// Its first event, unless that is on the page itself.
    pub first: Option<RecordedEvent>,
    /// The last ones before the page, without the first.
    pub recent: Vec<RecordedEvent>,
}

impl Earlier {
    /// Do the recent ones follow the first without a gap? If not, what happened in between is not known here.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match (&self.first, self.recent.first()) {
            (Some(_), Some(recent)) => recent.sequence == 2,
            _ => true,
        }
    }
}

/// For every thing on `page`: its first event and up to `most` events before its oldest one on the page. One query, whatever the
/// number of things; things by (type, id).
///
/// # Errors
/// The database, or a row that cannot be decoded.
pub async fn earlier(
    pool: &PgPool,
    account: AccountId,
    page: &[RecordedEvent],
    most: i64,
) -> Result<HashMap<(String, String), Earlier>, StoreError> {
    let mut oldest: HashMap<(&str, &str), i64> = HashMap::new();
    for event in page.iter().filter(|event| event.account_id == account) {
        let sequence = oldest.entry((&event.aggregate_type, &event.aggregate_id)).or_insert(event.sequence);
        *sequence = event.sequence.min(*sequence);
    }
    oldest.retain(|_, sequence| *sequence > 1);
    if oldest.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query(&earlier_statement())
        .bind(oldest.keys().map(|(kind, _)| *kind).collect::<Vec<_>>())
        .bind(oldest.keys().map(|(_, id)| *id).collect::<Vec<_>>())
        .bind(oldest.values().copied().collect::<Vec<_>>())
        .bind(account.as_uuid())
        .bind(most)
        .fetch_all(pool)
        .await?;
    let mut found: HashMap<(String, String), Earlier> = HashMap::new();
    for row in &rows {
        let event = RecordedEvent::from_row(row)?;
        let of = found.entry((event.aggregate_type.clone(), event.aggregate_id.clone())).or_default();
        if event.sequence == 1 { of.first = Some(event) } else { of.recent.push(event) }
    }
    for of in found.values_mut() {
        of.recent.sort_unstable_by_key(|event| event.sequence);
    }
    Ok(found)
}

/// The statement behind [`earlier`], for whoever asks the planner about it: types, ids, sequences, account, most.
#[must_use]
pub fn earlier_statement() -> String {
    let columns = RecordedEvent::COLUMNS;
    format!(
        "SELECT {columns} FROM unnest($1::text[], $2::text[], $3::bigint[]) AS p(kind, id, before)
          CROSS JOIN LATERAL (
              SELECT {columns} FROM events e
               WHERE e.aggregate_type = p.kind AND e.aggregate_id = p.id AND e.sequence = 1 AND e.account_id = $4
              UNION ALL
              (SELECT {columns} FROM events e
                WHERE e.aggregate_type = p.kind AND e.aggregate_id = p.id AND e.sequence > 1 AND e.sequence < p.before AND e.account_id = $4
                ORDER BY e.sequence DESC LIMIT $5)) e"
    )
}
