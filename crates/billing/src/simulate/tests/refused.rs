//! What the tool refuses, and that it says why.

use super::*;

#[test]
fn every_mistake_is_named() {
    let scene = || Scene::new().subscribed("2026-01-05 09:00", "A", "PRO");
    let event = |event: Value| scene().push("events", event);
    let at = "2026-02-01T12:00:00Z";
    for (scene, part) in [
        (Scene::new().subscribed("2026-01-05 09:00", "A", "GOLD"), "event 1 (subscribed): there is no plan \"GOLD\""),
        (Scene::new().event("2026-01-05 09:00", "A", "subscribed", None), "the plan is missing"),
        (scene().event("2026-01-06 09:00", "A", "plan_changed", Some("GOLD")), "no plan \"GOLD\""),
        (event(json!({"at": at, "type": "cancelled"})), "the instance is missing"),
        (event(json!({"at": at, "type": "canceled", "instance": "A"})), "unknown type"),
        (event(json!({"at": "01/02/2026", "type": "cancelled", "instance": "A"})), "RFC 3339"),
        (event(json!({"at": "9999-02-01T12:00:00Z", "type": "cancelled", "instance": "A"})), "the year must be"),
        (
            event(json!({"at": at, "recorded_at": "2026-01-31T12:00:00Z", "type": "cancelled", "instance": "A"})),
            "before it happens",
        ),
        (event(json!({"at": at, "type": "cancelled", "instance": "A", "palno": "PRO"})), "unknown field `palno`"),
        (event(json!({"at": at, "type": "payment", "amount": "5.00"})), "competencia of the invoice is missing"),
        (event(json!({"at": at, "type": "payment", "competencia": "2026-01"})), "the amount is missing"),
        (event(json!({"at": at, "type": "payment", "competencia": "2026-01", "amount": "-5.00"})), "must not be negative"),
        (event(json!({"at": at, "type": "payment", "competencia": "2026-01", "amount": "0"})), "more than 0.00"),
        (event(json!({"at": at, "type": "payment", "competencia": "2026-01", "amount": "5.00"})), "no invoice of 2026-01"),
        (scene().cancelled("2026-01-04 09:00", "A"), "out of order"),
        (Scene::new().cancelled("2026-01-04 09:00", "B"), "out of order"),
        (
            scene().event("2026-03-05 09:00", "A", "suspended", None).event("2026-03-01 09:00", "A", "reactivated", None),
            "out of order",
        ),
        (Scene::with_terms(&json!({"price": "-1.00"})), "plans.PLUS.price: an amount must not be negative"),
        (Scene::with_terms(&json!({"price": 99.9})), "an amount is a string"),
        (Scene::with_terms(&json!({"price": "1.999"})), "at most two decimals"),
        (Scene::with_terms(&json!({"price": "99999999999"})), "at most 9999999999.99"),
        (Scene::with_terms(&json!({"proration_base": "31"})), "\"actual\" or \"30\""),
        (Scene::with_terms(&json!({"proration_first": "half"})), "unknown variant `half`"),
        (scene().set("settings", json!({"tz": "Mars/Olympus"})), "not an IANA time zone"),
        (scene().set("settings", json!({"due_day": 0})), "due_day must be 1 to 31"),
        (scene().set("settings", json!({"due_dya": 5})), "unknown field `due_dya`"),
        (scene().set("settings", json!({"fine_percent": "3"})), "fine_percent must be 0 to 2"),
        (scene().set("settings", json!({"interest_percent_month": "x"})), "a percentage is a string"),
        (scene().set("account", json!({"discount_percent": "101"})), "discount_percent must be 0 to 100"),
        (scene().set("account", json!({"discount_percent": "-1"})), "a percentage is a string"),
        (scene().set("quote_at", json!("tomorrow")), "quote_at"),
        (scene().close("2026-13"), "YYYY-MM"),
        (scene().push("close", json!({"competencia": "2026-03", "at": "2026-04-01T02:59:59Z"})), "2026-03 is not over"),
        (scene().set("plans", json!({})), "there is no plan \"PRO\""),
        (scene().set("events", Value::Null), "not a scenario"),
    ] {
        let problem = scene.problem();
        assert!(problem.contains(part), "{problem} | {part}");
        assert!(!problem.contains('\n'));
    }
    for text in ["", "{", "[]", "null", "{\"events\": [], \"close\": []}", &"[".repeat(10_000)] {
        assert!(simulate(text).unwrap_err().to_string().starts_with("not a scenario: "));
    }
}

#[test]
fn the_first_instant_after_a_month_is_soon_enough_to_close_it() {
    let scene = Scene::new().subscribed("2026-01-05 09:00", "A", "PRO");
    let scene = scene.push("close", json!({"competencia": "2026-03", "at": "2026-04-01T03:00:00Z"}));
    assert_eq!(scene.run()["months"][0]["state"], "issued");
}

#[test]
fn numbers_that_are_whole_and_notes_of_the_author_are_welcome() {
    let scene = Scene::with_terms(&json!({"price": 100, "proration_base": 30}))
        .set("account", json!({"discount_percent": 10}))
        .set("comment", json!("what if?"))
        .subscribed("2026-01-05 09:00", "A", "PRO")
        .close("2026-01");
    assert_eq!(scene.run()["months"][0]["total"], "90.00");
}

#[test]
fn huge_scenarios_do_not_overflow() {
    let mut scene = Scene::with_terms(&json!({"price": "9999999999.99"}));
    for number in 0..300 {
        scene = scene.subscribed("2026-01-05 09:00", &format!("I{number:03}"), "PRO");
    }
    let answer = scene.close("2026-01").close("2026-02").set("quote_at", json!("2198-01-01T00:00:00Z")).run();
    assert_eq!(answer["months"][0]["total"], "2999999999997.00");
}
