//! A person of the operator: support, finance, admin. Created by the command line, signs in through the same door as everybody.
//!
//! It protects: one creation, and nothing but its own password. Its e-mail shares the accounts' uniqueness ("email" claim), so one
//! address is either a customer or staff. The password hash is inside the events, encrypted, as in [`super::account`]. Personal data
//! is sealed under the subject "staff/<id>" of the operator's own account ([`crate::OPERATOR`]).

mod command;
mod error;
mod event;
pub mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use command::StaffCommand;
pub use error::StaffError;
pub use event::StaffEvent;
pub use policy::StaffRole;
pub use state::Staff;
