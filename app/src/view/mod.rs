//! What pages are made of. Nothing here asks for data: it is handed in.

pub mod badge;
pub mod confirm;
pub mod empty;
pub mod field;
pub mod heading;
pub mod icons;
pub mod logo;
pub mod preferences;
pub mod qr;
pub mod render;
pub mod secret;
pub mod shell;
