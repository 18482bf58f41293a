//! Progress on the terminal: every step has a name and says how long it took. All output goes to standard error,
//! so that standard output stays free for results (`bench --json`, the last line of `test`).

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Prints a line of progress.
pub fn say(text: &str) {
    // A closed terminal is no reason to stop working.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints a line of result to standard output.
pub fn answer(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints an error.
pub fn complain(text: &str) {
    say(&format!("{}: {text}", paint("31", "error")));
}

/// Runs one named step and says how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    say(&format!("{} {name}", paint("36", "==>")));
    let begin = Instant::now();
    let result = work();
    let (colour, word) = if result.is_ok() { ("32", "done") } else { ("31", "failed") };
    say(&format!("    {} {name} {}", paint(colour, word), paint("2", &elapsed(begin.elapsed()))));
    result
}

/// `0.3 s`, `12.0 s`, `3 min 05 s`.
pub fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 { format!("{:.1} s", time.as_secs_f32()) } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}

fn paint(colour: &str, text: &str) -> String {
    if std::io::stderr().is_terminal() { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elapsed_times_read_naturally() {
        assert_eq!(elapsed(Duration::from_millis(340)), "0.3 s");
        assert_eq!(elapsed(Duration::from_secs(185)), "3 min 05 s");
    }
}
