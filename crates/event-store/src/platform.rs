//! What every use case is given: the log, the vault, the time and randomness.

use std::sync::{Arc, Mutex, PoisonError};

use recado_kernel::id::new_uuid_v7;
use recado_kernel::{AccountId, Actor, Clock, CommandId, CommandMeta, Door, Rng, Timestamp};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{EventLog, Vault};

/// The ground a context stands on. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Appends and wake-ups.
    pub log: EventLog,
    /// Content, personal data, secrets.
    pub vault: Vault,
    /// The application clock.
    pub clock: Arc<dyn Clock>,
    rng: Arc<Mutex<Box<dyn Rng>>>,
}

impl Platform {
    /// Puts the ground together. `rng` must be the operating system's outside tests.
    #[must_use]
    pub fn new(log: EventLog, vault: Vault, clock: Arc<dyn Clock>, rng: Box<dyn Rng>) -> Self {
        Self { log, vault, clock, rng: Arc::new(Mutex::new(rng)) }
    }

    /// The connection pool, for queries of projections.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        self.log.pool()
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lends the generator.
    pub fn with_rng<T>(&self, use_it: impl FnOnce(&mut dyn Rng) -> T) -> T {
        use_it(self.rng.lock().unwrap_or_else(PoisonError::into_inner).as_mut())
    }

    /// A new time-ordered UUID.
    #[must_use]
    pub fn new_uuid(&self) -> Uuid {
        let now = self.now();
        self.with_rng(|rng| new_uuid_v7(now, rng))
    }

    /// `N` random bytes, for tokens.
    #[must_use]
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.with_rng(|rng| rng.fill(&mut bytes));
        bytes
    }

    /// Circumstances of a new command that happens now.
    #[must_use]
    pub fn meta(&self, account: AccountId, actor: Actor, door: Door) -> CommandMeta {
        CommandMeta::new(CommandId::from_uuid(self.new_uuid()), account, actor, door, self.now())
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platform(…)")
    }
}
