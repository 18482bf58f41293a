//! What was folded from events that are in archives now: taken over from the living tables, never silently lost.

use super::{Rebuild, RebuildError, quoted};
use crate::partitions::{Month, STRUCTURE_LOCK, first_id};
use crate::{Position, archive, limits};

impl Rebuild {
    /// The months out of the log that this read model was folded from.
    ///
    /// # Errors
    /// [`RebuildError::Archived`] when it cannot say which of its rows belong to them.
    pub(super) async fn archived(&self) -> Result<Vec<Month>, RebuildError> {
        let months = archive::months_with(self.log.pool(), self.projection.event_types()).await?;
        if !months.is_empty() && self.projection.message_rows().is_empty() {
            let months = months.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Err(RebuildError::Archived { name: self.name().to_owned(), months });
        }
        Ok(months)
    }

    /// The same once our checkpoint is stored: a month that left the log since the first look counts as well, and none leaves it any more
    /// before this rebuild has read it, because whoever moves one looks at the checkpoints under the same lock.
    ///
    /// # Errors
    /// See [`Self::archived`].
    pub(super) async fn archived_beside_our_checkpoint(&self) -> Result<Vec<Month>, RebuildError> {
        let mut transaction = self.log.pool().begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(STRUCTURE_LOCK).execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.archived().await
    }

    /// Copies the rows of these months into the shadow, before anything is folded into it. A run that was cut off does it again.
    pub(super) async fn take_over(&self, months: &[Month], reached: Position) -> Result<(), RebuildError> {
        if reached != Position::default() {
            return Ok(());
        }
        for month in months {
            for (table, column) in self.projection.message_rows() {
                let (shadow, table, column) = (quoted(&self.shadow_schema()), quoted(table), quoted(column));
                // One month per transaction: an open one holds every reader of the log back.
                let statement = format!(
                    "INSERT INTO {shadow}.{table} SELECT * FROM public.{table} WHERE {column} >= $1::uuid AND {column} < $2::uuid
                     ON CONFLICT DO NOTHING"
                );
                let mut transaction = self.log.pool().begin().await?;
                limits::within(&mut transaction, limits::LONG).await?;
                sqlx::query(&statement)
                    .bind(smallest_uuid(*month))
                    .bind(smallest_uuid(month.next()))
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }
}

fn smallest_uuid(month: Month) -> String {
    format!("{}-0000-0000-000000000000", first_id(month))
}
