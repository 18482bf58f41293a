//! G14, G15 and G18, carrying, credits, suspension and the end of a contract, through the tool.

use super::*;

fn open(answer: &Value, month: usize) -> [String; 4] {
    ["principal", "fine", "interest", "total"].map(|field| answer["months"][month]["open"][field].as_str().unwrap().to_owned())
}

fn quoted(scene: &Scene, at: &str) -> Value {
    scene.clone().set("quote_at", json!(time(at))).run()
}

#[test]
fn g14_and_g15_late_by_days() {
    let scene = Scene::new().subscribed("2026-09-02 09:00", "A", "PRO").close("2026-09").close("2026-11");
    for (month, due, at, expected) in [
        (0, "2026-10-13", "2026-10-13 23:59", ["99.90", "0.00", "0.00", "99.90"]),
        (0, "2026-10-13", "2026-10-14 00:00", ["99.90", "2.00", "0.03", "101.93"]),
        (1, "2026-12-10", "2026-12-20 10:00", ["99.90", "2.00", "0.33", "102.23"]),
    ] {
        let answer = quoted(&scene, at);
        assert_eq!(answer["months"][month]["due_date"], due);
        assert_eq!(open(&answer, month), expected.map(str::to_owned), "{at}");
    }
    let paid = scene.paid("2026-10-14 08:00", "2026-09", "101.93").run();
    assert_eq!((&paid["months"][0]["state"], open(&paid, 0)[3].as_str()), (&json!("paid"), "0.00"));
}

#[test]
fn g18_partial_payments() {
    let scene = Scene::with_terms(&json!({"price": "300.00"})).subscribed("2026-04-02 09:00", "A", "PRO").close("2026-04");
    let first = scene.paid("2026-05-21 09:00", "2026-04", "100.00");
    let answer = quoted(&first, "2026-05-31 12:00");
    assert_eq!(answer["months"][0]["due_date"], "2026-05-11");
    assert_eq!(open(&answer, 0), ["207.00", "0.00", "0.69", "207.69"].map(str::to_owned));
    let both = first.paid("2026-05-31 09:00", "2026-04", "207.69");
    assert_eq!(quoted(&both, "2026-05-31 12:00")["months"][0]["state"], "paid");
    // Asked for a day before, the second payment has not happened.
    let before = quoted(&both, "2026-05-30 12:00");
    assert_eq!((&before["months"][0]["state"], open(&before, 0)[3].as_str()), (&json!("issued"), "207.62"));
}

#[test]
fn the_payers_date_counts_and_not_the_day_it_became_known() {
    let scene = Scene::new().subscribed("2026-11-02 09:00", "A", "PRO").close("2026-11");
    let event = json!({"at": time("2026-12-10 20:00"), "recorded_at": time("2026-12-14 09:00"), "type": "payment", "competencia": "2026-11", "amount": "99.90"});
    let scene = scene.push("events", event);
    assert_eq!(quoted(&scene, "2026-12-13 09:00")["months"][0]["state"], "issued");
    assert_eq!(quoted(&scene, "2026-12-14 09:00")["months"][0]["state"], "paid");
}

#[test]
fn small_amounts_are_carried_and_the_last_month_is_issued_whatever_its_size() {
    let scene = Scene::with_terms(&json!({"price": "3.00"})).subscribed("2026-01-05 09:00", "A", "PRO");
    let answer = scene.clone().close("2026-01").close("2026-02").run();
    let [january, february] = [&answer["months"][0], &answer["months"][1]];
    assert_eq!((&january["state"], &january["total"], &january["due_date"]), (&json!("carried"), &json!("3.00"), &Value::Null));
    assert_eq!(open(&answer, 0)[3], "0.00");
    assert_eq!(
        (&february["state"], &february["carried_in"], &february["total"]),
        (&json!("issued"), &json!("3.00"), &json!("6.00"))
    );
    let ended = scene.push("events", json!({"at": time("2026-01-20 09:00"), "type": "account_cancelled"}));
    let answer = ended.clone().close("2026-01").close("2026-02").run();
    assert_eq!((&answer["months"][0]["state"], &answer["months"][0]["due_date"]), (&json!("issued"), &json!("2026-02-10")));
    assert_eq!((&answer["months"][1]["state"], &answer["months"][1]["lines"]), (&json!("none"), &json!([])));
    let again = ended.subscribed("2026-01-25 09:00", "B", "PRO").set("settings", json!({"min_charge": "50.00"})).close("2026-01");
    assert_eq!(again.run()["months"][0]["state"], "carried", "a new contract began");
}

#[test]
fn the_end_of_the_account_ends_every_instance() {
    let scene = Scene::with_terms(&json!({"proration_last": "daily"}))
        .subscribed("2026-01-05 09:00", "A", "PRO")
        .subscribed("2026-01-05 09:00", "B", "START")
        .push("events", json!({"at": time("2026-03-10 16:20"), "type": "account_cancelled"}));
    let answer = scene.close("2026-03").close("2026-04").run();
    let march: Vec<String> = lines(&answer["months"][0]).into_iter().map(|[.., amount]| amount).collect();
    assert_eq!(march, ["32.23", "16.10"]);
    assert_eq!(answer["months"][1]["state"], "none");
}

#[test]
fn more_than_owed_is_credit_for_the_next_month() {
    let scene = Scene::new().subscribed("2026-01-05 09:00", "A", "PRO").close("2026-01").close("2026-02");
    let answer = scene.clone().paid("2026-02-05 09:00", "2026-01", "150.00").run();
    assert_eq!(answer["months"][0]["state"], "paid");
    let february = &answer["months"][1];
    assert_eq!((&february["credit_used"], &february["total"]), (&json!("50.10"), &json!("49.80")));
    assert_eq!(answer["credit_balance"], "0.00");
    // A payment after the last closing waits in the balance; a second one of the same invoice does too.
    let answer = scene.paid("2026-03-05 09:00", "2026-01", "102.67").paid("2026-03-06 09:00", "2026-01", "10.00").run();
    assert_eq!((&answer["months"][1]["total"], &answer["credit_balance"]), (&json!("99.90"), &json!("10.00")));
}

#[test]
fn months_of_suspension_are_free_unless_the_setting_says_otherwise() {
    let scene = Scene::new().subscribed("2026-01-05 09:00", "A", "PRO").event("2026-03-16 09:00", "A", "suspended", None).event(
        "2026-05-02 09:00",
        "A",
        "reactivated",
        None,
    );
    let totals = |scene: &Scene| -> Vec<Value> {
        let answer = ["2026-03", "2026-04", "2026-05"].into_iter().fold(scene.clone(), Scene::close).run();
        answer["months"].as_array().unwrap().iter().map(|month| month["total"].clone()).collect()
    };
    assert_eq!(totals(&scene), ["99.90", "0.00", "99.90"]);
    assert_eq!(totals(&scene.set("settings", json!({"bill_while_suspended": true}))), ["99.90", "99.90", "99.90"]);
    let everywhere = Scene::new()
        .subscribed("2026-01-05 09:00", "A", "PRO")
        .subscribed("2026-01-05 09:00", "B", "START")
        .push("events", json!({"at": time("2026-03-16 09:00"), "type": "suspended"}));
    assert_eq!(totals(&everywhere), ["149.80", "0.00", "0.00"]);
}

#[test]
fn a_zone_moves_the_edges_of_the_months() {
    // 23:30 in São Paulo is the next month in UTC.
    let scene = Scene::new().subscribed("2026-01-31 23:30", "A", "PRO");
    assert_eq!(scene.clone().close("2026-01").run()["months"][0]["total"], "99.90");
    assert_eq!(scene.set("settings", json!({"tz": "UTC"})).close("2026-01").run()["months"][0]["total"], "0.00");
}
