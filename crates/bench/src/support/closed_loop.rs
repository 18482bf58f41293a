//! As many tasks as wanted, each beginning the next operation when the last one ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::{Bench, CpuTime, Spent};

/// Operations per second and how long one took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Operations per second.
    pub per_second: f64,
    /// Half of them took at most this long (ms).
    pub p50_ms: f64,
    /// 99 of 100 took at most this long (ms).
    pub p99_ms: f64,
    /// How many there were.
    pub count: u64,
    /// Processor time of one (µs).
    pub cpu: Spent,
}

/// Runs `operation(task, n)` on `tasks` tasks for about `span`; `n` counts up within each task. The time of whatever was begun is counted.
pub async fn closed_loop<F, O>(bench: &Bench, tasks: usize, span: Duration, operation: F) -> anyhow::Result<Figure>
where
    F: Fn(usize, u64) -> O + Send + Sync + 'static,
    O: Future<Output = anyhow::Result<()>> + Send,
{
    let operation = Arc::new(operation);
    let over = Arc::new(AtomicBool::new(false));
    let (postmaster, begin) = (bench.postmaster(), Instant::now());
    let cpu = CpuTime::now(postmaster);
    let loops: Vec<_> = (0..tasks)
        .map(|task| {
            let (operation, over) = (operation.clone(), over.clone());
            tokio::spawn(async move {
                let mut took = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let start = Instant::now();
                    operation(task, took.len() as u64).await?;
                    took.push(start.elapsed());
                }
                anyhow::Ok(took)
            })
        })
        .collect();
    tokio::time::sleep(span).await;
    over.store(true, Ordering::Relaxed);
    let mut took = Vec::new();
    for task in loops {
        took.extend(task.await.context("a task of the load broke")??);
    }
    let span = begin.elapsed();
    Ok(figure(took, span, CpuTime::now(postmaster).since(&cpu)))
}

fn figure(mut took: Vec<Duration>, span: Duration, spent: Spent) -> Figure {
    took.sort_unstable();
    let at =
        |share: usize| took.get(took.len() * share / 100).or(took.last()).copied().unwrap_or_default().as_secs_f64() * 1_000.0;
    let count = took.len() as u64;
    let each = count.max(1) as f64;
    let cpu = Spent { client_us: spent.client_us / each, postgres_us: spent.postgres_us / each, ..Spent::default() };
    Figure { per_second: count as f64 / span.as_secs_f64(), p50_ms: at(50), p99_ms: at(99), count, cpu }
}

/// The middle one; of an even number the lower of the two.
pub fn median(figures: &[Figure]) -> Option<Figure> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_the_operations_and_the_median_is_one_of_them() {
        let took: Vec<_> = (1..=100).rev().map(Duration::from_millis).collect();
        let all = figure(took, Duration::from_secs(2), Spent::default());
        assert_eq!((all.per_second, all.p50_ms.round(), all.p99_ms.round()), (50.0, 51.0, 100.0));
        let slower = Figure { per_second: 1.0, ..all };
        let faster = Figure { per_second: 99.0, ..all };
        assert_eq!(median(&[faster, slower, all]), Some(all));
        assert_eq!(median(&[]), None);
    }
}
