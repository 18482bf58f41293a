//! The simulator's tables. All its SQL is here and in `views`.

pub(crate) mod messages;
pub(crate) mod phones;
pub(crate) mod sessions;
