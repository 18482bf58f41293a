//! SQL of the simulator's directory.

pub(super) mod calls;
pub(super) mod chats;
pub(super) mod contacts;
pub(super) mod groups;
pub(super) mod notices;
pub(super) mod people;
pub(super) mod tags;
