//! The connections on which lanes are claimed and let go. Their statements are few, take arrays of any length and are the same all day:
//! each is planned once and always walks the indexes. Left to itself PostgreSQL plans anew for every array and, as long as the tables are
//! small, reads all lanes to find some of them (measured with 10,000 lanes, 200 of them due: 74 ms instead of 7 to claim).

use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{PgConnection, PgPool};

use crate::{StoreError, limits};

/// All workers of a process share them; each statement takes milliseconds.
const CONNECTIONS: u32 = 4;
const ACQUIRE_WITHIN: Duration = Duration::from_secs(5);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    main: PgPool,
    own: PgPool,
}

impl Desk {
    /// Beside `main`, to the same database; connects when it is used.
    pub(crate) fn beside(main: &PgPool) -> Self {
        let own = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE_WITHIN)
            .after_connect(|db, _| Box::pin(settle(db)))
            .connect_lazy_with((*main.connect_options()).clone());
        Self { main: main.clone(), own }
    }

    /// The connections, as long as the process has a database at all.
    pub(crate) fn pool(&self) -> Result<&PgPool, StoreError> {
        if self.main.is_closed() { Err(sqlx::Error::PoolClosed.into()) } else { Ok(&self.own) }
    }
}

async fn settle(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    limits::for_session(db, limits::EVERYDAY).await?;
    sqlx::query(
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false),
                set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false), set_config('jit', 'off', false)",
    )
    .execute(db)
    .await?;
    Ok(())
}
