//! Counting tests, from what the runners print.

use std::fmt;
use std::ops::Add;

/// How many passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
}

impl Tally {
    /// A step that is one test by itself.
    pub fn of(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed) }
    }

    /// Adds a line of `cargo test` that sums up one program: `test result: ok. 3 passed; 1 failed; …`.
    pub fn read_cargo(&mut self, line: &str) {
        if let Some(result) = line.trim().strip_prefix("test result:") {
            self.passed += before(result, "passed");
            self.failed += before(result, "failed");
        }
    }

    /// A runner that ended badly without a failed test (it did not compile, it crashed) counts as one failure.
    pub fn checked(self, ended_well: bool) -> Self {
        if !ended_well && self.failed == 0 { Self { failed: 1, ..self } } else { self }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number in front of a word.
fn before(text: &str, word: &str) -> usize {
    let words: Vec<&str> = text.split([' ', ';', '.']).filter(|part| !part.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lines_are_summed() {
        let mut tally = Tally::default();
        for line in [
            "running 4 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ] {
            tally.read_cargo(line);
        }
        assert_eq!(tally.to_string(), "10 passed, 2 failed");
    }

    #[test]
    fn a_runner_that_did_not_compile_is_a_failure() {
        assert_eq!(Tally::default().checked(false), Tally { passed: 0, failed: 1 });
        assert_eq!(Tally { passed: 1, failed: 2 }.checked(false).failed, 2);
        assert_eq!(Tally { passed: 1, failed: 0 }.checked(true).failed, 0);
    }
}
