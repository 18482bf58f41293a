//! G01 to G13 and G16 as one table: month, amounts of the lines, total, state, due date.

use super::*;

type Expected = (&'static str, &'static [&'static str], &'static str, &'static str, Option<&'static str>);

fn cases() -> Vec<(&'static str, Scene, Vec<Expected>)> {
    let daily = json!({"proration_first": "daily", "proration_last": "daily", "plan_change": "immediate_daily"});
    let first_daily = json!({"proration_first": "daily"});
    let last_daily = json!({"proration_last": "daily"});
    let half_cent = json!({"price": "99.97", "proration_first": "daily", "proration_base": "30"});
    let g03 = |scene: Scene| scene.subscribed("2026-03-20 14:00", "A", "PRO");
    let g05 = |scene: Scene| scene.subscribed("2025-12-01 00:00", "A", "PRO").cancelled("2026-03-10 16:20", "A");
    let g08 = |scene: Scene| {
        let scene = scene.subscribed("2026-01-05 09:00", "A", "PRO").cancelled("2026-06-05 18:00", "A");
        scene.subscribed("2026-06-20 09:00", "A", "PRO")
    };
    let g11 = |scene: Scene| {
        scene.subscribed("2026-01-10 09:00", "A", "PRO").event("2026-05-12 15:00", "A", "plan_changed", Some("PLUS"))
    };
    let g13 = |rounding: &str| {
        let scene = Scene::with_terms(&half_cent).set("settings", json!({"rounding": rounding}));
        scene.subscribed("2026-04-16 08:00", "A", "PRO")
    };
    let g10 = Scene::new()
        .subscribed("2026-01-10 08:00", "A", "PRO")
        .subscribed("2026-02-03 08:00", "B", "PRO")
        .event("2026-03-15 12:00", "B", "renamed", None)
        .subscribed("2026-01-02 08:00", "C", "START")
        .cancelled("2026-03-31 23:00", "C")
        .subscribed("2026-04-30 22:00", "D", "START");
    let g16 = Scene::new().subscribed("2026-01-05 09:00", "P", "PRO").subscribed("2026-01-05 09:00", "S", "START").push(
        "events",
        json!({"at": time("2026-02-27 12:00"), "recorded_at": time("2026-04-05 10:00"), "instance": "P", "type": "cancelled"}),
    );
    vec![
        (
            "G01",
            Scene::new().subscribed("2025-12-15 09:00", "A", "PRO"),
            vec![("2026-01", &["99.90"], "99.90", "issued", Some("2026-02-10"))],
        ),
        ("G02", Scene::new().event("2026-03-05 10:00", "A", "created", None), vec![("2026-03", &[], "0.00", "none", None)]),
        (
            "G03",
            g03(Scene::new()),
            vec![
                ("2026-02", &[], "0.00", "none", None),
                ("2026-03", &["99.90"], "99.90", "issued", Some("2026-04-10")),
                ("2026-04", &["99.90"], "99.90", "issued", Some("2026-05-11")),
            ],
        ),
        (
            "G04",
            g03(Scene::with_terms(&first_daily)),
            vec![
                ("2026-03", &["38.67"], "38.67", "issued", Some("2026-04-10")),
                ("2026-04", &["99.90"], "99.90", "issued", Some("2026-05-11")),
            ],
        ),
        (
            "G05",
            g05(Scene::new()),
            vec![
                ("2026-02", &["99.90"], "99.90", "issued", Some("2026-03-10")),
                ("2026-03", &["99.90"], "99.90", "issued", Some("2026-04-10")),
                ("2026-04", &[], "0.00", "none", None),
            ],
        ),
        (
            "G05 daily",
            g05(Scene::with_terms(&last_daily)),
            vec![("2026-03", &["32.23"], "32.23", "issued", Some("2026-04-10")), ("2026-04", &[], "0.00", "none", None)],
        ),
        (
            "G06",
            Scene::new().subscribed("2026-01-05 09:00", "A", "PRO").cancelled("2026-03-01 00:00:00", "A"),
            vec![
                ("2026-01", &["99.90"], "99.90", "issued", Some("2026-02-10")),
                ("2026-02", &["99.90"], "99.90", "issued", Some("2026-03-10")),
                ("2026-03", &[], "0.00", "none", None),
            ],
        ),
        (
            "G07",
            Scene::new().subscribed("2026-02-01T02:59:59Z", "A", "PRO").subscribed("2026-02-01T03:00:00Z", "B", "PRO"),
            vec![
                ("2026-01", &["99.90"], "99.90", "issued", Some("2026-02-10")),
                ("2026-02", &["99.90", "99.90"], "199.80", "issued", Some("2026-03-10")),
            ],
        ),
        (
            "G08",
            g08(Scene::new()),
            vec![
                ("2026-06", &["99.90"], "99.90", "issued", Some("2026-07-10")),
                ("2026-07", &["99.90"], "99.90", "issued", Some("2026-08-10")),
            ],
        ),
        ("G09", g08(Scene::with_terms(&daily)), vec![("2026-06", &["53.28"], "53.28", "issued", Some("2026-07-10"))]),
        // Lines by first mention in time: C, A, B; then A, B, D.
        (
            "G10",
            g10,
            vec![
                ("2026-03", &["49.90", "99.90", "99.90"], "249.70", "issued", Some("2026-04-10")),
                ("2026-04", &["99.90", "99.90", "49.90"], "249.70", "issued", Some("2026-05-11")),
            ],
        ),
        (
            "G11",
            g11(Scene::new()),
            vec![
                ("2026-05", &["99.90"], "99.90", "issued", Some("2026-06-10")),
                ("2026-06", &["149.90"], "149.90", "issued", Some("2026-07-10")),
            ],
        ),
        (
            "G12",
            g11(Scene::with_terms(&daily)),
            vec![
                ("2026-05", &["132.16"], "132.16", "issued", Some("2026-06-10")),
                ("2026-06", &["149.90"], "149.90", "issued", Some("2026-07-10")),
            ],
        ),
        ("G13 nbr5891", g13("nbr5891"), vec![("2026-04", &["49.98"], "49.98", "issued", Some("2026-05-11"))]),
        ("G13 comercial", g13("comercial"), vec![("2026-04", &["49.99"], "49.99", "issued", Some("2026-05-11"))]),
        (
            "G16",
            g16,
            vec![
                ("2026-03", &["99.90", "49.90"], "149.80", "issued", Some("2026-04-10")),
                ("2026-04", &["49.90", "-99.90"], "0.00", "settled_zero", None),
                ("2026-05", &["49.90"], "0.00", "settled_zero", None),
                ("2026-06", &["49.90"], "49.80", "issued", Some("2026-07-10")),
            ],
        ),
    ]
}

#[test]
fn months_cost_what_the_reference_says() {
    for (name, scene, expected) in cases() {
        let scene = expected.iter().fold(scene, |scene, month| scene.close(month.0));
        let answer = scene.run();
        assert_eq!(answer["months"].as_array().unwrap().len(), expected.len(), "{name}");
        for ((competencia, amounts, total, state, due), month) in expected.into_iter().zip(answer["months"].as_array().unwrap()) {
            let got: Vec<String> = lines(month).into_iter().map(|[.., amount]| amount).collect();
            assert_eq!(got, amounts, "{name} {competencia}");
            let got = (&month["competencia"], &month["total"], &month["state"], &month["due_date"]);
            assert_eq!(got, (&json!(competencia), &json!(total), &json!(state), &json!(due)), "{name} {competencia}");
        }
    }
}

#[test]
fn the_answer_has_exactly_the_agreed_shape() {
    let terms = json!({"proration_first": "daily", "proration_last": "daily", "plan_change": "immediate_daily"});
    let scene = Scene::with_terms(&terms)
        .subscribed("2026-01-10 09:00", "A", "PRO")
        .event("2026-05-12 15:00", "A", "plan_changed", Some("PLUS"))
        .set("account", json!({"discount_percent": "10"}))
        .set("quote_at", json!("2026-06-15T12:00:00Z"))
        .close("2026-05");
    let expected = json!({
        "months": [{
            "competencia": "2026-05",
            "lines": [{
                "instance": "A", "kind": "instance", "ref": "2026-05", "amount": "132.16",
                "parts": [{"plan": "PRO", "days": 11, "amount": "35.45"}, {"plan": "PLUS", "days": 20, "amount": "96.71"}]
            }],
            "discount": "-13.22", "adjustments": "0.00", "carried_in": "0.00", "credit_used": "0.00", "total": "118.94",
            "state": "issued", "due_date": "2026-06-10",
            "open": {"principal": "118.94", "fine": "2.38", "interest": "0.20", "total": "121.52"}
        }],
        "credit_balance": "0.00"
    });
    assert_eq!(scene.run(), expected);
}

#[test]
fn g16_keeps_its_credit_from_month_to_month() {
    let (_, scene, _) = cases().pop().unwrap();
    let answer = ["2026-03", "2026-04", "2026-05"].into_iter().fold(scene.clone(), Scene::close).run();
    assert_eq!(answer["credit_balance"], "0.10");
    let april = &answer["months"][1];
    assert_eq!(april["adjustments"], "-99.90");
    assert_eq!(lines(april)[1], ["P", "adjustment", "2026-03", "-99.90"].map(str::to_owned));
    assert_eq!(answer["months"][2]["credit_used"], "49.90");
    // Known in time it would have been an ordinary cancellation: the sum is the same.
    let answer = ["2026-03", "2026-04", "2026-05", "2026-06"].into_iter().fold(scene, Scene::close).run();
    assert_eq!((&answer["months"][3]["total"], &answer["credit_balance"]), (&json!("49.80"), &json!("0.00")));
}

#[test]
fn g17_closing_again_changes_nothing() {
    let scene = Scene::new().subscribed("2025-12-15 09:00", "A", "PRO");
    let once = scene.clone().close("2026-01").run();
    assert_eq!(scene.clone().close("2026-01").close("2026-01").close("2026-01").run(), once);
    let free = scene.set("account", json!({"discount_percent": "100"})).close("2026-01").run();
    let month = &free["months"][0];
    assert_eq!((&month["total"], &month["state"], &month["due_date"]), (&json!("0.00"), &json!("settled_zero"), &Value::Null));
    assert_eq!(month["discount"], "-99.90");
}

#[test]
fn listing_events_instance_by_instance_or_by_time_makes_no_difference() {
    let by_instance = Scene::new().subscribed("2026-01-10 08:00", "A", "PRO").cancelled("2026-03-10 08:00", "A").subscribed(
        "2026-02-03 08:00",
        "B",
        "START",
    );
    let by_time = Scene::new()
        .subscribed("2026-01-10 08:00", "A", "PRO")
        .subscribed("2026-02-03 08:00", "B", "START")
        .cancelled("2026-03-10 08:00", "A");
    assert_eq!(by_instance.close("2026-03").close("2026-04").run(), by_time.close("2026-03").close("2026-04").run());
}
