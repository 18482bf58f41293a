//! The words every context shares: identifiers, money, billing months, phone numbers, documents, time, randomness,
//! and who did what through which door. No I/O, no clock, no randomness of its own; compiles to wasm.

pub mod actor;
pub mod clock;
pub mod competencia;
pub mod contact;
pub mod document;
pub mod email;
pub mod id;
pub mod locale;
pub mod money;
pub mod name;
pub mod phone;
pub mod rng;
pub mod sealed;
pub mod secret;

pub use actor::{Actor, Cause, CommandMeta, Door};
pub use clock::{Clock, ManualClock};
pub use competencia::Competencia;
pub use document::Document;
pub use email::Email;
pub use id::{AccountId, CommandId, InstanceId, InvoiceId, MessageId, StaffId, UserId, WireId};
pub use locale::Locale;
pub use money::Money;
pub use name::Name;
pub use phone::{ChatAddress, PhoneNumber};
pub use rng::{Rng, SeededRng};
pub use sealed::Sealed;
pub use secret::Secret;

/// UTC moment; the zone is applied in the domain, never in SQL.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
