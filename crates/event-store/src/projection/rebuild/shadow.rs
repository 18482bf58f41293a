//! The shadow tables: made anew, or found again after a kill.

use sqlx::PgConnection;

use super::{Rebuild, RebuildError, definition, quoted};
use crate::lease::Lease;
use crate::projection::step::Cursor;
use crate::{Position, StoreError};

impl Rebuild {
    /// Shadow tables and their checkpoint, under our fence. Those of an earlier run go on if the living tables still have the definition
    /// they were made from; otherwise everything begins anew.
    pub(super) async fn prepare(&self, lease: &Lease) -> Result<Cursor, RebuildError> {
        let mut transaction = self.log.pool().begin().await?;
        let living = definition::digest(&mut transaction, "public", self.tables()).await?;
        let begun: Option<(i64, i64)> =
            sqlx::query_as("UPDATE projection SET fence = $2, status = 'running', error = NULL WHERE name = $1 AND definition = $3 RETURNING txid, position")
                .bind(self.row())
                .bind(lease.token)
                .bind(&living)
                .fetch_optional(&mut *transaction)
                .await?;
        let shadow = self.shadow_schema();
        let position = match begun {
            Some((txid, position)) if definition::digest(&mut transaction, &shadow, self.tables()).await? == living => {
                Position { txid, position }
            }
            _ => {
                self.begin_anew(&mut transaction, &living, lease.token).await?;
                Position::default()
            }
        };
        transaction.commit().await?;
        Ok(Cursor { position, fence: lease.token })
    }

    async fn begin_anew(&self, db: &mut PgConnection, living: &str, token: i64) -> Result<(), RebuildError> {
        let shadow = self.shadow_schema();
        drop_schema(db, &shadow).await?;
        sqlx::query(&format!("CREATE SCHEMA {}", quoted(&shadow))).execute(&mut *db).await?;
        for table in self.tables() {
            for statement in definition::statements(db, table, &shadow).await? {
                sqlx::query(&statement).execute(&mut *db).await?;
            }
        }
        let made = definition::digest(db, &shadow, self.tables()).await?;
        if made != living {
            return Err(RebuildError::Unsupported {
                table: self.tables().join(", "),
                reason: "its definition has something this program does not know how to copy".to_owned(),
            });
        }
        sqlx::query(
            "INSERT INTO projection AS p (name, fence, definition) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET txid = 0, position = 0, fence = excluded.fence, definition = excluded.definition,
                                              status = 'running', error = NULL, updated_at = clock_timestamp()",
        )
        .bind(self.row())
        .bind(token)
        .bind(living)
        .execute(db)
        .await?;
        Ok(())
    }

    /// Fresh statistics, so that the first queries after the swap are planned for what the tables hold.
    pub(super) async fn analyse(&self) -> Result<(), StoreError> {
        for table in self.tables() {
            let statement = format!("ANALYZE {}.{}", quoted(&self.shadow_schema()), quoted(table));
            sqlx::query(&statement).execute(self.log.pool()).await?;
        }
        Ok(())
    }
}

pub(super) async fn drop_schema(db: &mut PgConnection, schema: &str) -> Result<(), StoreError> {
    sqlx::query(&format!("DROP SCHEMA IF EXISTS {} CASCADE", quoted(schema))).execute(db).await?;
    Ok(())
}
