//! Putting other tables in the living ones' place: one short transaction.

use std::time::Duration;

use sqlx::PgConnection;

use super::shadow::drop_schema;
use super::{Rebuild, RebuildError, definition, quoted};
use crate::projection::layout::{self, LiveRow};
use crate::projection::step::{self, Cursor, lanes_column};
use crate::projection::window::{self, Share};
use crate::{Position, StoreError};

/// The rest that may be folded while the living checkpoint is held.
const REST: i64 = 2_000;
const ROLLBACK_TRIES: u32 = 120;
const BETWEEN_TRIES: Duration = Duration::from_millis(250);

/// How a try ended.
pub(super) enum Swapped {
    /// The new tables serve.
    Done,
    /// The living tables ran ahead too far: build on.
    TooFarBehind,
    /// A table was in use for longer than we make its readers wait.
    TablesInUse,
    /// The shadow is not ours any more.
    TakenOver,
}

impl Rebuild {
    /// Tries to put the shadow in place.
    pub(super) async fn swap_in(&self, cursor: Cursor) -> Result<Swapped, RebuildError> {
        let mut transaction = self.log.pool().begin().await?;
        let db = &mut *transaction;
        // Rows before tables, as every stepper does.
        let living = layout::lock(db, self.name()).await?;
        let ours: Option<String> = sqlx::query_scalar(
            "SELECT definition FROM projection WHERE name = $1 AND fence = $2 AND txid = $3 AND position = $4 FOR UPDATE",
        )
        .bind(self.row())
        .bind(cursor.fence)
        .bind(cursor.position.txid)
        .bind(cursor.position.position)
        .fetch_optional(&mut *db)
        .await?;
        let Some(definition) = ours else { return Ok(Swapped::TakenOver) };
        if definition::digest(db, "public", self.tables()).await? != definition {
            return Err(RebuildError::DefinitionChanged(self.name().to_owned()));
        }
        let foremost = living.iter().map(LiveRow::at).max().unwrap_or_default();
        let Some(reached) = self.fold_rest(db, cursor.position, foremost).await? else { return Ok(Swapped::TooFarBehind) };
        if !self.exchange(db, &self.shadow_schema()).await? {
            return Ok(Swapped::TablesInUse);
        }
        self.retire_rows(db, &definition).await?;
        sqlx::query(
            "UPDATE projection SET txid = $2, position = $3, fence = $4, status = 'running', error = NULL, updated_at = clock_timestamp()
              WHERE base = $1 AND role = 'live'",
        )
        .bind(self.name())
        .bind(reached.txid)
        .bind(reached.position)
        .bind(next_fence(&living))
        .execute(&mut *db)
        .await?;
        sqlx::query("DELETE FROM projection WHERE name = $1").bind(self.row()).execute(&mut *db).await?;
        transaction.commit().await?;
        self.tell_everybody();
        Ok(Swapped::Done)
    }

    /// The shadow must not be behind what readers have already seen. `None` when that is more than one window.
    async fn fold_rest(&self, db: &mut PgConnection, from: Position, until: Position) -> Result<Option<Position>, RebuildError> {
        if from >= until {
            return Ok(Some(from));
        }
        let share = Share::of(self.projection.as_ref(), 0, 1);
        let rest = window::read(&mut *db, share, from, Some(until), REST).await?;
        if rest.end.is_some_and(|end| end < until) {
            return Ok(None);
        }
        if !rest.wanted.is_empty() {
            step::project_into(self.projection.as_ref(), Some(&self.shadow_schema()), &rest, db).await?;
            step::set_search_path(db, "public").await?;
        }
        Ok(Some(until))
    }

    /// Tables of `incoming` become the living ones, those become the retired ones; what was retired before is dropped. `false` when a
    /// table is in use for longer than its readers should wait behind us: roll back.
    async fn exchange(&self, db: &mut PgConnection, incoming: &str) -> Result<bool, StoreError> {
        let (aside, retired) = (format!("{incoming}_aside"), self.retired_schema());
        let mut tables = self.tables().to_vec();
        tables.sort_unstable();
        let move_table = |from: &str, table: &str, to: &str| {
            format!("ALTER TABLE {}.{} SET SCHEMA {}", quoted(from), quoted(table), quoted(to))
        };
        // Deadlocks are noticed after one second: whoever waits for us and makes us wait gets its turn before that.
        let mut statements = vec!["SET LOCAL lock_timeout = '300ms'".to_owned(), format!("CREATE SCHEMA {}", quoted(&aside))];
        statements.extend(tables.iter().map(|table| move_table("public", table, &aside)));
        statements.extend(tables.iter().map(|table| move_table(incoming, table, "public")));
        for schema in [incoming, &retired] {
            statements.push(format!("DROP SCHEMA IF EXISTS {} CASCADE", quoted(schema)));
        }
        statements.push(format!("ALTER SCHEMA {} RENAME TO {}", quoted(&aside), quoted(&retired)));
        for statement in statements {
            match sqlx::query(&statement).execute(&mut *db).await {
                Ok(_) => {}
                Err(error) if is_lock_trouble(&error) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// The living checkpoints as they are become those of the retired tables.
    async fn retire_rows(&self, db: &mut PgConnection, definition: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM projection WHERE base = $1 AND role = 'retired'").bind(self.name()).execute(&mut *db).await?;
        sqlx::query(
            "INSERT INTO projection (name, lanes, txid, position, fence, status, error, definition, updated_at)
             SELECT name || '/retired', lanes, txid, position, fence, status, error, $2, clock_timestamp()
               FROM projection WHERE base = $1 AND role = 'live'",
        )
        .bind(self.name())
        .bind(definition)
        .execute(db)
        .await?;
        Ok(())
    }

    /// Puts the retired tables back, with the checkpoint they had; they catch up by themselves. The tables that served until now are
    /// retired in turn, so that a rollback can be rolled back.
    ///
    /// # Errors
    /// [`RebuildError::NothingRetired`], [`RebuildError::DefinitionChanged`], [`RebuildError::TablesInUse`], or the database.
    pub async fn rollback(&self) -> Result<(), RebuildError> {
        for _ in 0..ROLLBACK_TRIES {
            if self.try_rollback().await? {
                return Ok(());
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        Err(RebuildError::TablesInUse(self.name().to_owned()))
    }

    async fn try_rollback(&self) -> Result<bool, RebuildError> {
        let mut transaction = self.log.pool().begin().await?;
        let db = &mut *transaction;
        let living = layout::lock(db, self.name()).await?;
        let retired: Vec<(String, i16, i64, i64, Option<String>)> = sqlx::query_as(
            "SELECT split_part(name, '/', 1), lanes, txid, position, definition FROM projection
              WHERE base = $1 AND role = 'retired' ORDER BY name FOR UPDATE",
        )
        .bind(self.name())
        .fetch_all(&mut *db)
        .await?;
        let now = definition::digest(db, "public", self.tables()).await?;
        match retired.first() {
            None => return Err(RebuildError::NothingRetired(self.name().to_owned())),
            Some((_, _, _, _, definition)) if definition.as_deref() != Some(&now) => {
                return Err(RebuildError::DefinitionChanged(self.name().to_owned()));
            }
            Some(_) => {}
        }
        if !self.exchange(db, &self.retired_schema()).await? {
            return Ok(false);
        }
        self.retire_rows(db, &now).await?;
        sqlx::query("DELETE FROM projection WHERE base = $1 AND role = 'live'").bind(self.name()).execute(&mut *db).await?;
        for (name, lanes, txid, position, _) in &retired {
            sqlx::query("INSERT INTO projection (name, lanes, txid, position, fence) VALUES ($1, $2, $3, $4, $5)")
                .bind(name)
                .bind(lanes_column(u16::try_from(*lanes).unwrap_or(1)))
                .bind(txid)
                .bind(position)
                .bind(next_fence(&living))
                .execute(&mut *db)
                .await?;
        }
        transaction.commit().await?;
        self.tell_everybody();
        Ok(true)
    }

    /// Drops the retired tables: their room is needed, or nobody wants to go back any more.
    ///
    /// # Errors
    /// [`RebuildError::NothingRetired`], or the database.
    pub async fn forget(&self) -> Result<(), RebuildError> {
        let mut transaction = self.log.pool().begin().await?;
        let rows = sqlx::query("DELETE FROM projection WHERE base = $1 AND role = 'retired'")
            .bind(self.name())
            .execute(&mut *transaction)
            .await?;
        if rows.rows_affected() == 0 {
            return Err(RebuildError::NothingRetired(self.name().to_owned()));
        }
        drop_schema(&mut transaction, &self.retired_schema()).await?;
        transaction.commit().await?;
        Ok(())
    }

    fn tell_everybody(&self) {
        self.log.progress().forget(self.name());
        self.log.ring();
    }
}

fn next_fence(living: &[LiveRow]) -> i64 {
    living.iter().map(|row| row.fence).max().unwrap_or_default() + 1
}

/// 55P03: a lock took too long. 40P01: two waited for each other.
fn is_lock_trouble(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "55P03" || code == "40P01")
}
