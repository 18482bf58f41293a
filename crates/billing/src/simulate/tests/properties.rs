//! Properties 5, 6, 9 and 12 of billing.md 7 through the tool.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use recado_kernel::{Competencia, Money};

use super::*;

/// Subscribed, moved and cancelled in turn; how many hours late each became known.
type Happening = (DateTime<Utc>, &'static str, &'static str, i64);

fn start() -> DateTime<Utc> {
    "2026-01-01T03:00:00Z".parse().unwrap()
}

/// Anywhere in a year, or within a second of the turn of a month.
fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let anywhere = (0..365 * 86_400_i64).prop_map(|seconds| start() + Duration::seconds(seconds));
    let edge = (2..=12_u32, -1..=1_i64).prop_map(|(month, seconds)| {
        let first: DateTime<Utc> = format!("2026-{month:02}-01T03:00:00Z").parse().unwrap();
        first + Duration::seconds(seconds)
    });
    prop_oneof![anywhere, edge]
}

fn history() -> impl Strategy<Value = Vec<Happening>> {
    let plan = prop_oneof![Just("PRO"), Just("START"), Just("PLUS")];
    let late = prop_oneof![2 => Just(0), 1 => 1..90 * 24_i64];
    prop::collection::vec((instant(), plan, late), 1..16).prop_map(|mut drawn| {
        drawn.sort_by_key(|(at, ..)| *at);
        drawn.dedup_by_key(|(at, ..)| *at);
        let kinds = ["subscribed", "plan_changed", "cancelled"].into_iter().cycle();
        drawn.into_iter().zip(kinds).map(|((at, plan, late), kind)| (at, kind, plan, late)).collect()
    })
}

fn terms() -> impl Strategy<Value = Value> {
    let daily = || prop_oneof![Just("full"), Just("daily")];
    let base = prop_oneof![Just("actual"), Just("30")];
    let change = prop_oneof![Just("next_month"), Just("immediate_daily")];
    (daily(), daily(), base, change).prop_map(|(first, last, base, change)| {
        json!({"proration_first": first, "proration_last": last, "proration_base": base, "plan_change": change})
    })
}

/// The year and enough months after it for everything late.
fn told(terms: &Value, history: &[Happening], late: bool) -> Scene {
    let mut scene = Scene::with_terms(terms);
    for (at, kind, plan, hours) in history {
        let recorded = *at + Duration::hours(if late { *hours } else { 0 });
        let mut event = json!({"at": at.to_rfc3339(), "recorded_at": recorded.to_rfc3339(), "instance": "A", "type": kind});
        if *kind != "cancelled" {
            event["plan"] = json!(plan);
        }
        scene = scene.push("events", event);
    }
    let mut month: Competencia = "2025-12".parse().unwrap();
    for _ in 0..18 {
        scene = scene.close(&month.to_string());
        month = month.next();
    }
    scene
}

fn money(value: &Value) -> Money {
    value.as_str().unwrap().parse().unwrap()
}

/// Total invoiced minus credit balance plus what is carried.
fn cumulative(answer: &Value) -> Money {
    let months = answer["months"].as_array().unwrap();
    let issued = months.iter().filter(|month| month["state"] == "issued").map(|month| money(&month["total"])).sum::<Money>();
    let carried = months.last().filter(|month| month["state"] == "carried").map_or(Money::ZERO, |month| money(&month["total"]));
    issued + carried - money(&answer["credit_balance"])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Property 6.
    #[test]
    fn what_becomes_known_late_costs_the_same_in_the_end(terms in terms(), history in history()) {
        let on_time = told(&terms, &history, false).run();
        let late = told(&terms, &history, true).run();
        prop_assert_eq!(cumulative(&on_time), cumulative(&late), "{:?}", history);
    }

    /// Property 9.
    #[test]
    fn every_month_adds_up(terms in terms(), history in history(), discount in 0..=100_u32) {
        let scene = told(&terms, &history, true).set("account", json!({"discount_percent": discount}));
        let mut credit = Money::ZERO;
        for month in scene.run()["months"].as_array().unwrap() {
            let lines: Money = month["lines"].as_array().unwrap().iter().map(|line| money(&line["amount"])).sum();
            let net = lines + money(&month["discount"]) + money(&month["carried_in"]);
            let added = if net.is_negative() { -net } else { Money::ZERO };
            prop_assert_eq!(net + added - money(&month["credit_used"]), money(&month["total"]));
            credit += added - money(&month["credit_used"]);
            prop_assert!(!credit.is_negative() && !money(&month["total"]).is_negative());
            for line in month["lines"].as_array().unwrap().iter().filter(|line| line["kind"] == "instance") {
                let parts: Money = line["parts"].as_array().unwrap().iter().map(|part| money(&part["amount"])).sum();
                prop_assert_eq!(parts, money(&line["amount"]));
            }
        }
    }

    /// Property 5.
    #[test]
    fn what_is_not_about_money_changes_nothing(terms in terms(), history in history(), noise in prop::collection::vec(instant(), 0..8)) {
        let quiet = told(&terms, &history, true);
        let noisy = noise.iter().zip(["renamed", "connected", "disconnected"].into_iter().cycle())
            .fold(quiet.clone(), |scene, (at, kind)| scene.event(&at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), "A", kind, None));
        prop_assert_eq!(quiet.run(), noisy.run());
    }
}
