//! `Idempotency-Key`: a request that comes again is answered as it was the first time (24 hours), and is carried out once even if nobody
//! knows any more whether it was. (Not in plugzapi-api.md: the originals have none.)
//!
//! The key is stored, with the id of the command to come, before anything is carried out. Whoever finds it
//! * answered: gets the same status and body;
//! * held by a request that is under way: waits a little, then is told 409;
//! * held by nobody (a crash between acceptance and answer): goes on under the same command id, so a message that was accepted is found
//!   again and not sent twice.
//!
//! Keys belong to an instance, on the integrator's routes to the account. Another body or route under the same key is refused (409).

mod body;
mod guard;
mod store;

pub(crate) use guard::{guard, is_read};
pub use store::sweep;
