//! The event store: cqrs-es aggregates on PostgreSQL with idempotent commands, gapless subscriptions, durable work and a vault.
//! It knows no domain type.
//!
//! * [`EventLog`] appends in group commits and wakes readers.
//! * [`CommandBus`] runs one command on one aggregate: load, decide, append once, return the position.
//! * [`Projection`]s fold events into tables (or into durable [`work`]) with a checkpoint in the same transaction.
//! * [`stored`]: event types and versions; old ones are brought up to date while they are read.
//! * [`work`]: leased lanes for everything that acts on the world, timers included.
//! * [`gather`]: many small questions, one statement.
//! * [`vault`]: content and personal data, encrypted and erasable.
//! * [`history`]: reading the log for people: time lines, causes, earlier states.
//! * [`audit`]: the sealed chain, its exports and their proof.
//! * [`partitions`], [`archive`], [`repair`], [`prune`], [`limits`]: keeping a log that grows for years in order.
#![doc = include_str!("../README.md")]

pub mod append;
pub mod archive;
pub mod audit;
pub mod bus;
pub mod error;
pub mod gather;
pub mod health;
pub mod history;
mod hot;
pub mod lease;
pub mod limits;
pub mod log;
pub mod migrations;
pub mod partitions;
pub mod platform;
pub mod projection;
pub mod prune;
pub mod reader;
pub mod record;
pub mod repair;
pub mod store;
pub mod stored;
pub mod vault;
mod wake;
pub mod work;
mod writer;

pub use append::{Alongside, Append, Appended, Claim, NewEvent};
pub use bus::{CommandBus, CommandOutcome, Loaded};
pub use error::{AppendError, CommandError, StoreError};
pub use gather::Gather;
pub use log::EventLog;
pub use platform::Platform;
pub use projection::{Projection, ProjectionError, Projector};
pub use record::{Position, RecordedEvent};
pub use store::PgEventStore;
pub use stored::{StoredEvent, Upcaster};
pub use vault::{MasterKey, NewContent, Opened, Vault, VaultError};
pub use wake::AppendCounts;
pub use work::{ClaimedWork, NewWork, Outcome, WorkHandler, Worker};
