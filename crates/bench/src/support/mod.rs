//! What every measurement needs: a durable PostgreSQL of its own, a closed loop of tasks, medians.

mod closed_loop;
mod cpu;
mod server;
mod statements;

pub use closed_loop::{Figure, closed_loop, median};
pub use cpu::{CpuTime, Spent, memory_mb};
pub use server::Bench;
