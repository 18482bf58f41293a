//! Leases: what only one process may be or do at a time (a leader, a rebuild, a server's own name). A row with an expiry by the database's
//! clock and a fencing token; never an open transaction, which would hold every reader of the cluster back.
//!
//! ```no_run
//! # async fn example(pool: &sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
//! use recado_event_store::lease;
//! let term = std::time::Duration::from_secs(10);
//! if let Some(lease) = lease::acquire(pool, "month closing", "server-1", term).await? {
//!     // … work; every few seconds:
//!     if !lease.renew(pool, term).await? {
//!         return Ok(()); // somebody else goes on
//!     }
//!     // and inside each transaction that stores something:
//!     let mut transaction = pool.begin().await?;
//!     lease.fence(&mut transaction).await?;
//!     transaction.commit().await?;
//!     lease.release(pool).await?;
//! }
//! # Ok(()) }
//! ```

use std::time::Duration;

use recado_kernel::Timestamp;
use sqlx::{PgConnection, PgPool};
use tokio::sync::watch;

use crate::StoreError;

/// A lease somebody held when it was acquired; whether it still holds is known by [`Self::renew`] and [`Self::fence`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is leased.
    pub name: String,
    /// By whom.
    pub holder: String,
    /// Grows with every acquisition: whoever has a smaller one is not the holder any more.
    pub token: i64,
}

/// A lease as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// What is leased.
    pub name: String,
    /// By whom.
    pub holder: String,
    /// Since when.
    pub acquired_at: Timestamp,
    /// Until when, if there is no further sign of life.
    pub expires_at: Timestamp,
}

/// Why a transaction under a lease must not be committed.
#[derive(Debug, thiserror::Error)]
pub enum FenceError {
    /// Somebody else holds it now, or it ran out.
    #[error("the lease {0} is held by somebody else or has run out")]
    Lost(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes the lease if nobody holds it. The same holder may take it again: its earlier token is then worth nothing. `None`: it is taken.
///
/// # Errors
/// The database.
pub async fn acquire(pool: &PgPool, name: &str, holder: &str, term: Duration) -> Result<Option<Lease>, StoreError> {
    let token: Option<i64> = sqlx::query_scalar(
        "INSERT INTO lease AS l (name, holder, token, expires_at)
         VALUES ($1, $2, pg_current_xact_id()::text::bigint, clock_timestamp() + make_interval(secs => $3))
         ON CONFLICT (name) DO UPDATE
            SET holder = excluded.holder, token = GREATEST(l.token + 1, excluded.token), acquired_at = excluded.acquired_at,
                expires_at = excluded.expires_at
          WHERE l.expires_at < clock_timestamp() OR l.holder = excluded.holder
         RETURNING token",
    )
    .bind(name)
    .bind(holder)
    .bind(term.as_secs_f64())
    .fetch_optional(pool)
    .await?;
    Ok(token.map(|token| Lease { name: name.to_owned(), holder: holder.to_owned(), token }))
}

/// The leases whose name begins with `prefix` and that have not run out, by name.
///
/// # Errors
/// The database.
pub async fn held(pool: &PgPool, prefix: &str) -> Result<Vec<Held>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT name, holder, acquired_at, expires_at FROM lease
          WHERE starts_with(name, $1) AND expires_at >= clock_timestamp() ORDER BY name",
    )
    .bind(prefix)
    .fetch_all(pool)
    .await?)
}

/// Holds the lease for as long as this process lives, taking it again when it was lost, and gives it back when `stop` turns true: how a
/// server says that it is alive.
pub async fn keep(pool: &PgPool, name: &str, holder: &str, term: Duration, mut stop: watch::Receiver<bool>) {
    let mut lease: Option<Lease> = None;
    while !*stop.borrow() {
        let held = match &lease {
            Some(lease) => lease.renew(pool, term).await,
            None => Ok(false),
        };
        match held {
            Ok(true) => {}
            Ok(false) => match acquire(pool, name, holder, term).await {
                Ok(taken) => lease = taken,
                Err(error) => tracing::warn!(name, %error, "a lease could not be taken"),
            },
            Err(error) => tracing::warn!(name, %error, "a lease could not be renewed"),
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(term / 3) => {}
        }
    }
    if let Some(lease) = lease {
        // One that cannot be given back runs out.
        drop(lease.release(pool).await);
    }
}

/// Removes leases that ran out a day ago. The token of one that comes back is still greater than all before: it begins with the
/// transaction's id.
///
/// # Errors
/// The database.
pub async fn sweep(pool: &PgPool) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM lease WHERE expires_at < clock_timestamp() - interval '1 day'").execute(pool).await?;
    Ok(())
}

impl Lease {
    /// A sign of life: holds for another `term` from now. `false` when the lease is lost, also when it ran out and nobody took it: what
    /// was done since then was not protected.
    ///
    /// # Errors
    /// The database; the lease may still hold.
    pub async fn renew(&self, pool: &PgPool, term: Duration) -> Result<bool, StoreError> {
        let renewed = sqlx::query(
            "UPDATE lease SET expires_at = clock_timestamp() + make_interval(secs => $3)
              WHERE name = $1 AND token = $2 AND expires_at >= clock_timestamp()",
        )
        .bind(&self.name)
        .bind(self.token)
        .bind(term.as_secs_f64())
        .execute(pool)
        .await?;
        Ok(renewed.rows_affected() > 0)
    }

    /// Ties a transaction to the lease: nobody can take it over before the transaction has ended.
    ///
    /// # Errors
    /// [`FenceError::Lost`]: roll back.
    pub async fn fence(&self, db: &mut PgConnection) -> Result<(), FenceError> {
        let held: Option<bool> = sqlx::query_scalar(
            "SELECT true FROM lease WHERE name = $1 AND token = $2 AND expires_at >= clock_timestamp() FOR SHARE",
        )
        .bind(&self.name)
        .bind(self.token)
        .fetch_optional(db)
        .await
        .map_err(StoreError::from)?;
        held.map(|_| ()).ok_or_else(|| FenceError::Lost(self.name.clone()))
    }

    /// Gives it back, so that nobody has to wait for its end. Harmless when it is lost.
    ///
    /// # Errors
    /// The database; the lease then runs out by itself.
    pub async fn release(self, pool: &PgPool) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM lease WHERE name = $1 AND token = $2").bind(&self.name).bind(self.token).execute(pool).await?;
        Ok(())
    }
}
