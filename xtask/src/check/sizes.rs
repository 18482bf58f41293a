//! Small files: half of them at most 120 lines, nine of ten at most 400, none over 800.

use std::fs;
use std::path::Path;

use super::Offence;
use super::files::{ours, shown};

const MEDIAN: usize = 120;
const NINE_OF_TEN: usize = 400;
const LARGEST: usize = 800;

/// Counts the lines of all our Rust files.
pub fn check(root: &Path) -> anyhow::Result<Vec<Offence>> {
    let mut counted = Vec::new();
    for path in ours(root, "rs")? {
        let lines = String::from_utf8_lossy(&fs::read(&path)?).lines().count();
        counted.push((lines, shown(root, &path)));
    }
    Ok(offences(counted))
}

fn offences(mut counted: Vec<(usize, String)>) -> Vec<Offence> {
    counted.sort();
    let at = |share: usize| counted.get((counted.len().saturating_sub(1)) * share / 100).map_or(0, |(lines, _)| *lines);
    let mut found = Vec::new();
    if at(50) > MEDIAN {
        found.push(format!("the median file has {} lines; the bar is {MEDIAN}", at(50)));
    }
    if at(90) > NINE_OF_TEN {
        found.push(format!("the 90th percentile is {} lines; the bar is {NINE_OF_TEN}", at(90)));
    }
    found.extend(
        counted
            .iter()
            .filter(|(lines, _)| *lines > LARGEST)
            .map(|(lines, path)| format!("{path}: {lines} lines, more than {LARGEST}")),
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(sizes: &[usize]) -> Vec<(usize, String)> {
        sizes.iter().map(|lines| (*lines, format!("f{lines}.rs"))).collect()
    }

    #[test]
    fn small_files_pass() {
        assert_eq!(offences(files(&[10, 120, 121, 800])), Vec::<String>::new());
        assert_eq!(offences(Vec::new()), Vec::<String>::new());
    }

    #[test]
    fn each_bar_can_be_broken() {
        assert_eq!(offences(files(&[121, 130, 140])).len(), 1);
        assert_eq!(offences(files(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 500, 501])).len(), 1);
        assert_eq!(offences(files(&[1, 1, 801])), ["f801.rs: 801 lines, more than 800"]);
    }
}
