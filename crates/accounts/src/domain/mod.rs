//! The pure rules of accounts: no I/O, no clock, no randomness.

pub mod account;
pub mod lockout;
pub mod password;
pub mod staff;

#[cfg(test)]
mod golden;
