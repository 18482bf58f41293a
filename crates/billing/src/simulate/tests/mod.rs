//! The golden cases of billing.md 8 through the tool, its answer's shape, and what it refuses.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod golden;
mod money;
mod properties;
mod refused;

use chrono::TimeZone as _;
use chrono_tz::America::Sao_Paulo;
use serde_json::{Map, Value, json};

use super::simulate;

/// `2026-03-20 14:00` in São Paulo, as RFC 3339; an instant that is written so already stays.
fn time(text: &str) -> String {
    if text.ends_with('Z') {
        return text.to_owned();
    }
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M"))
        .unwrap();
    Sao_Paulo.from_local_datetime(&naive).single().unwrap().to_rfc3339()
}

/// A scenario under construction; plans PRO 99.90, START 49.90 and PLUS 149.90 with the same terms.
#[derive(Clone)]
struct Scene(Map<String, Value>);

impl Scene {
    fn new() -> Self {
        Self::with_terms(&json!({}))
    }

    fn with_terms(terms: &Value) -> Self {
        let mut plans = Map::new();
        for (plan, price) in [("PRO", "99.90"), ("START", "49.90"), ("PLUS", "149.90")] {
            let mut plan_terms = terms.as_object().unwrap().clone();
            plan_terms.entry("price").or_insert(json!(price));
            plans.insert(plan.to_owned(), plan_terms.into());
        }
        let scene = json!({"plans": plans, "events": [], "close": []});
        Self(scene.as_object().unwrap().clone())
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    fn push(mut self, list: &str, value: Value) -> Self {
        self.0[list].as_array_mut().unwrap().push(value);
        self
    }

    fn event(self, at: &str, instance: &str, kind: &str, plan: Option<&str>) -> Self {
        let mut event = json!({"at": time(at), "instance": instance, "type": kind});
        if let Some(plan) = plan {
            event["plan"] = json!(plan);
        }
        self.push("events", event)
    }

    fn subscribed(self, at: &str, instance: &str, plan: &str) -> Self {
        self.event(at, instance, "subscribed", Some(plan))
    }

    fn cancelled(self, at: &str, instance: &str) -> Self {
        self.event(at, instance, "cancelled", None)
    }

    fn paid(self, at: &str, competencia: &str, amount: &str) -> Self {
        self.push("events", json!({"at": time(at), "type": "payment", "competencia": competencia, "amount": amount}))
    }

    /// At 03:00 of the first day after the month.
    fn close(self, competencia: &str) -> Self {
        self.push("close", json!({"competencia": competencia}))
    }

    fn run(&self) -> Value {
        let text = Value::Object(self.0.clone()).to_string();
        serde_json::to_value(simulate(&text).map_err(|error| format!("{error}: {text}")).unwrap()).unwrap()
    }

    fn problem(&self) -> String {
        simulate(&Value::Object(self.0.clone()).to_string()).unwrap_err().to_string()
    }
}

/// Instance, kind, month and amount of each line.
fn lines(month: &Value) -> Vec<[String; 4]> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |line: &Value| [text(&line["instance"]), text(&line["kind"]), text(&line["ref"]), text(&line["amount"])];
    month["lines"].as_array().unwrap().iter().map(line).collect()
}
