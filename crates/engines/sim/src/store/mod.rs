//! The simulator's tables. All its SQL is here, in `views` and in `conversation`.

pub(crate) mod content;
pub(crate) mod held;
pub(crate) mod messages;
pub(crate) mod parts;
pub(crate) mod phones;
pub(crate) mod receipts;
pub(crate) mod sessions;
