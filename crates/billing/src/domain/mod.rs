//! What protects the money: an account's month closes once, an invoice is issued once. Pure.

pub mod account_month;
pub mod invoice;
