//! Processor time, which a busy machine does not change: of this process and of PostgreSQL's, from /proc.

use std::collections::HashMap;
use std::path::Path;

/// Ticks of 10 ms.
const TICK_US: f64 = 10_000.0;

/// Processor time so far, in ticks, by process.
#[derive(Debug)]
pub struct CpuTime {
    ours: u64,
    other: u64,
    postgres: HashMap<u32, u64>,
}

/// Microseconds spent between two looks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spent {
    /// By this process.
    pub client_us: f64,
    /// By another process that was looked at.
    pub other_us: f64,
    /// By the server's processes.
    pub postgres_us: f64,
}

impl CpuTime {
    /// Looks at this process and at every child of `postmaster`. Processes that ended in between are not counted.
    pub fn now(postmaster: u32) -> Self {
        let mut postgres = HashMap::new();
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            if let Some((parent, ticks)) = stat(&entry.path())
                && parent == postmaster
            {
                postgres.insert(pid, ticks);
            }
        }
        Self { ours: stat(Path::new("/proc/self")).map_or(0, |(_, ticks)| ticks), other: 0, postgres }
    }

    /// The same, looking at process `pid` as well.
    pub fn of(postmaster: u32, pid: u32) -> Self {
        let other = stat(&Path::new("/proc").join(pid.to_string())).map_or(0, |(_, ticks)| ticks);
        Self { other, ..Self::now(postmaster) }
    }

    /// What was spent since `earlier`.
    pub fn since(&self, earlier: &Self) -> Spent {
        let postgres: u64 =
            self.postgres.iter().map(|(pid, ticks)| ticks.saturating_sub(earlier.postgres.get(pid).copied().unwrap_or(0))).sum();
        let us = |now: u64, earlier: u64| now.saturating_sub(earlier) as f64 * TICK_US;
        Spent {
            client_us: us(self.ours, earlier.ours),
            other_us: us(self.other, earlier.other),
            postgres_us: postgres as f64 * TICK_US,
        }
    }
}

/// Parent and ticks (user and system) of a process.
fn stat(folder: &Path) -> Option<(u32, u64)> {
    let text = std::fs::read_to_string(folder.join("stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
    Some((u32::try_from(number(1)?).ok()?, number(11)? + number(12)?))
}

/// Memory of a process that is in RAM (MB).
pub fn memory_mb(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1_024.0
}
