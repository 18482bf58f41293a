//! Accounts on a real PostgreSQL, mails in a real folder.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod mails;
mod passwords;
mod privacy;
mod register;
mod sign_in;
mod smtp;
mod staff;
mod tokens;
mod world;
