//! What the outside may ask; each file is a part of [`Billing`](crate::Billing).

pub mod account_month;
pub mod close_month;
pub mod costs;
pub mod forget_person;
mod invoices;
pub mod months;
pub mod pay_by_pix;
pub mod preview_month;
pub(crate) mod settle_invoice;
