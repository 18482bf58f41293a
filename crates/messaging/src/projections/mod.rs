//! Read models: each file holds its table's meaning, how events change it, and the queries that read it.

pub mod contacts_seen;
pub mod guards;
pub(crate) mod instance_lanes;
pub mod instances;
pub mod messages;
pub mod opt_outs;
pub mod queue;
