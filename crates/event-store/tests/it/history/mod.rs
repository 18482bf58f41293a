//! The past of a real log: states, causes, and queries that stay cheap.

mod causes;
mod earlier;
mod states;
