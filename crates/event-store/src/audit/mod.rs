//! The sealed chain: every account's events, hashed in reading order, so that a change, a removal, an insertion or another order is
//! found and named. `docs/audit.md` says how it works and what it proves.
//!
//! * [`AuditSeal`] seals as a projection, so appends never wait for each other.
//! * [`check`] compares the whole log with its seals.
//! * [`Exporter`] writes an account's history as a file; [`verify`] proves one without any database.
//! * [`Sealed`], [`Walk`] and [`mark_archived`] are for whoever moves old events out of the database.

mod archived;
mod check;
mod digest;
mod export;
mod fields;
mod keys;
mod period;
mod rows;
mod seal;
mod state;
mod verify;
mod walk;

pub use archived::{mark_archived, mark_archived_in_tx, unmark_archived};
pub use check::{Checked, Finding, Tampering, check, check_account};
pub use digest::{Digest, InvalidDigest};
pub(crate) use digest::{from_hex, to_hex};
pub(crate) use export::head_after;
pub use export::{End, ExportError, Exporter, Format, Line, Opening, Writer};
pub use fields::{Fields, canonical_json};
pub use keys::{AuditKeys, PublicKey};
pub use period::{InvalidPeriod, Period};
pub use seal::{AUDIT_SEAL, AuditSeal};
pub use state::{SealState, seal_state, sealed_up_to};
pub use verify::{Broken, Expected, Flaw, Verified, Verifier, VerifyError, verify};
pub use walk::{Sealed, Walk, WalkError};
