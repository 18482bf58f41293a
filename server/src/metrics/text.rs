//! The text format of Prometheus, version 0.0.4: small enough to write ourselves.

/// What a metric's number means over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Goes up and down.
    Gauge,
    /// Only goes up, from zero at the start of the process.
    Counter,
}

/// A page of metrics.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
}

/// The lines of one metric.
pub struct Family<'a> {
    text: &'a mut String,
    name: &'static str,
}

impl Exposition {
    /// Begins a metric; all its samples follow before the next one begins.
    pub fn family(&mut self, name: &'static str, kind: Kind, help: &str) -> Family<'_> {
        let kind = match kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
        };
        self.text.push_str(&format!("# HELP {name} {}\n# TYPE {name} {kind}\n", help.replace('\\', "\\\\").replace('\n', "\\n")));
        Family { text: &mut self.text, name }
    }

    /// A metric with one sample without labels.
    pub fn single(&mut self, name: &'static str, kind: Kind, help: &str, value: f64) {
        self.family(name, kind, help).sample(&[], value);
    }

    /// The page.
    pub fn into_text(self) -> String {
        self.text
    }
}

impl Family<'_> {
    /// One line.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: f64) -> &mut Self {
        self.text.push_str(self.name);
        for (n, (name, value)) in labels.iter().enumerate() {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let begin = if n == 0 { '{' } else { ',' };
            self.text.push_str(&format!("{begin}{name}=\"{value}\""));
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        self.text.push_str(&format!(" {value}\n"));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_what_prometheus_reads() {
        let mut page = Exposition::default();
        page.single("up", Kind::Gauge, "Always 1.", 1.0);
        page.family("lag", Kind::Gauge, "Two\nlines.")
            .sample(&[("name", "a\"b\\c\nd"), ("kind", "x")], 0.25)
            .sample(&[("name", "z")], 1e9);
        assert_eq!(
            page.into_text(),
            "# HELP up Always 1.\n# TYPE up gauge\nup 1\n# HELP lag Two\\nlines.\n# TYPE lag gauge\n\
             lag{name=\"a\\\"b\\\\c\\nd\",kind=\"x\"} 0.25\nlag{name=\"z\"} 1000000000\n"
        );
    }
}
