//! What a bench found: rows of figures, and targets that were met or not.

use serde::Serialize;
use serde_json::Value;

use super::machine::{Machine, machine};

/// The outcome of one bench.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The bench's name.
    pub bench: String,
    /// What it ran on.
    pub machine: Machine,
    /// Figures; the columns are the bench's own.
    pub rows: Vec<Value>,
    /// What was promised and what was measured.
    pub targets: Vec<Target>,
}

/// One promise.
#[derive(Debug, Serialize)]
pub struct Target {
    /// What is promised, with its unit.
    pub name: String,
    /// The promise.
    pub target: f64,
    /// The measurement.
    pub measured: f64,
    /// Kept?
    pub ok: bool,
}

impl Target {
    /// A figure that must not be larger.
    pub fn at_most(name: &str, target: f64, measured: f64) -> Self {
        Self { name: name.to_owned(), target, measured, ok: measured <= target }
    }

    /// A figure that must not be smaller.
    pub fn at_least(name: &str, target: f64, measured: f64) -> Self {
        Self { name: name.to_owned(), target, measured, ok: measured >= target }
    }
}

impl Report {
    /// An empty report.
    pub fn new(bench: &str) -> Self {
        Self { bench: bench.to_owned(), machine: machine(), rows: Vec::new(), targets: Vec::new() }
    }

    /// A circumstance without which the figures mean little.
    pub fn note(&mut self, name: &str, value: &Value) {
        self.rows.insert(0, serde_json::json!({ name: value }));
    }

    /// For people.
    pub fn readable(&self) -> String {
        let mut text = format!("{} on {} x {}\n", self.bench, self.machine.cores, self.machine.cpu);
        for row in &self.rows {
            let cells: Vec<String> = row
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| format!("{name} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
                .collect();
            text.push_str(&format!("  {}\n", cells.join("  ")));
        }
        for target in &self.targets {
            let verdict = if target.ok { "ok  " } else { "MISS" };
            text.push_str(&format!("  {verdict} {}: {} (target {})\n", target.name, target.measured, target.target));
        }
        text.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_has_the_agreed_shape() {
        let mut report = Report::new("x");
        report.rows.push(serde_json::json!({"page": "/entrar", "bytes": 10}));
        report.targets.push(Target::at_most("bytes", 20.0, 10.0));
        report.targets.push(Target::at_most("more bytes", 5.0, 10.0));
        let value = serde_json::to_value(&report).unwrap_or_default();
        assert_eq!(value["targets"][0], serde_json::json!({"name": "bytes", "target": 20.0, "measured": 10.0, "ok": true}));
        assert_eq!(value["targets"][1]["ok"], false);
        assert!(value["machine"]["cores"].as_u64() > Some(0));
        assert!(report.readable().contains("MISS more bytes: 10 (target 5)"));
    }
}
