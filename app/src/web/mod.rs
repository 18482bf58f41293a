//! The panel's side of HTTP: who asks, what they may send, how they are answered.

pub mod cookies;
pub mod download;
pub mod failure;
pub mod flash;
pub mod form_key;
pub mod headers;
pub mod live;
pub mod look;
pub mod page;
pub mod posted;
pub mod state;
pub mod upload;
pub mod visit;
