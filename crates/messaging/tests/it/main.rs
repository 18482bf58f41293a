//! The core of messaging on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod feed;
mod golden;
mod guards;
mod isolation;
mod keeping;
mod life;
mod media;
mod messages;
mod sessions;
mod stage;
mod subscriptions;
mod webhooks;
