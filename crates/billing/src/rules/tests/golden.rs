//! G01 to G13 and G15 of billing.md 8, and the tables of 1.5 and 1.12.

use super::*;
use crate::rules::StatementState;
use crate::rules::calendar::LocalMonth;
use crate::rules::due_date::due_date;

/// A name, a story, and the instance lines of its months.
type Case = (&'static str, Story, Vec<(&'static str, &'static [&'static str])>);

/// Every case: a story and what its months cost, line by line.
#[test]
fn months_cost_what_the_reference_says() {
    let first_daily = || settings(Proration::Daily, Proration::Full, PlanChange::NextMonth);
    let last_daily = || settings(Proration::Full, Proration::Daily, PlanChange::NextMonth);
    let g03 = |settings| Story::new(settings).subscribed('a', "PRO", "2026-03-20 14:00");
    let g05 = |settings| Story::new(settings).subscribed('a', "PRO", "2025-01-10 10:00").cancelled('a', "2026-03-10 16:20");
    let g06 = Story::new(whole_months()).subscribed('a', "PRO", "2026-01-05 09:00").cancelled('a', "2026-03-01 00:00:00");
    let g08 = |settings| {
        Story::new(settings).subscribed('a', "PRO", "2026-01-05 09:00").cancelled('a', "2026-06-05 18:00").subscribed(
            'a',
            "PRO",
            "2026-06-20 09:00",
        )
    };
    let g11 = |settings| Story::new(settings).subscribed('a', "PRO", "2026-01-10 09:00").moved('a', "PLUS", "2026-05-12 15:00");
    let g10 = Story::new(whole_months())
        .created('c', "2026-01-01 10:00")
        .created('a', "2026-01-08 10:00")
        .created('b', "2026-02-01 10:00")
        .created('d', "2026-04-29 10:00")
        .subscribed('a', "PRO", "2026-01-10 08:00")
        .subscribed('b', "PRO", "2026-02-03 08:00")
        .subscribed('c', "START", "2026-01-02 08:00")
        .cancelled('c', "2026-03-31 23:00")
        .subscribed('d', "START", "2026-04-30 22:00")
        .told('b', local("2026-03-15 12:00"), FactKind::Renamed { name: "B nova".into() });
    let cases: Vec<Case> = vec![
        ("G01", Story::new(whole_months()).subscribed('a', "PRO", "2025-12-15 09:00"), vec![("2026-01", &["99.90"])]),
        ("G02", Story::new(whole_months()).created('a', "2026-03-05 10:00"), vec![("2026-03", &[])]),
        ("G03", g03(whole_months()), vec![("2026-02", &[]), ("2026-03", &["99.90"]), ("2026-04", &["99.90"])]),
        ("G04", g03(first_daily()), vec![("2026-03", &["38.67"]), ("2026-04", &["99.90"])]),
        (
            "G05",
            g05(whole_months()),
            vec![("2026-01", &["99.90"]), ("2026-02", &["99.90"]), ("2026-03", &["99.90"]), ("2026-04", &[])],
        ),
        ("G05 daily", g05(last_daily()), vec![("2026-02", &["99.90"]), ("2026-03", &["32.23"]), ("2026-04", &[])]),
        ("G06", g06, vec![("2025-12", &[]), ("2026-01", &["99.90"]), ("2026-02", &["99.90"]), ("2026-03", &[])]),
        ("G08", g08(whole_months()), vec![("2026-06", &["99.90"]), ("2026-07", &["99.90"])]),
        ("G09", g08(daily()), vec![("2026-06", &["53.28"]), ("2026-07", &["99.90"])]),
        // Lines by creation: c, a, b; then a, b, d.
        ("G10", g10, vec![("2026-03", &["49.90", "99.90", "99.90"]), ("2026-04", &["99.90", "99.90", "49.90"])]),
        ("G11", g11(whole_months()), vec![("2026-05", &["99.90"]), ("2026-06", &["149.90"])]),
        ("G12", g11(daily()), vec![("2026-05", &["132.16"]), ("2026-06", &["149.90"])]),
    ];
    for (name, story, months) in cases {
        for (competencia, expected) in months {
            assert_eq!(story.amounts(competencia), expected, "{name} {competencia}");
        }
    }
}

#[test]
fn g01_is_issued_and_due_in_february_and_g03_in_april() {
    let g01 = Story::new(whole_months()).subscribed('a', "PRO", "2025-12-15 09:00").month("2026-01");
    assert_eq!((g01.issued_on.to_string(), g01.due.unwrap().to_string()), ("2026-02-01".into(), "2026-02-10".into()));
    assert_eq!((g01.total, g01.state), (money("99.90"), StatementState::Issued));
    let g03 = Story::new(whole_months()).subscribed('a', "PRO", "2026-03-20 14:00").month("2026-03");
    assert_eq!(g03.due.unwrap().to_string(), "2026-04-10");
}

#[test]
fn g02_a_trial_leaves_an_empty_statement_for_the_audit() {
    let trial = Story::new(whole_months()).created('a', "2026-03-05 10:00").month("2026-03");
    assert_eq!((trial.state, trial.lines.len(), trial.instances), (StatementState::None, 0, 0));
    assert!(!trial.makes_invoice());
    let printed = serde_json::to_value(&trial).unwrap();
    assert_eq!((&printed["total"], &printed["discount"]), (&"0.00".into(), &"0.00".into()));
}

#[test]
fn g07_the_last_second_of_a_month() {
    for (instant, january) in [("2026-02-01T02:59:59Z", vec!["99.90"]), ("2026-02-01T03:00:00Z", vec![])] {
        let kind = FactKind::Subscribed { plan: PlanCode::pro() };
        let story = Story::new(whole_months()).told('a', instant.parse().unwrap(), kind);
        assert_eq!(story.amounts("2026-01"), january, "{instant}");
        assert_eq!(story.amounts("2026-02"), ["99.90"], "{instant}");
    }
}

#[test]
fn g10_totals_and_the_name_at_closing_time() {
    let story = Story::new(whole_months()).created('a', "2026-01-08 10:00").subscribed('a', "PRO", "2026-01-10 08:00").told(
        'a',
        local("2026-03-15 12:00"),
        FactKind::Renamed { name: "Filial".into() },
    );
    let line = &story.month("2026-03").lines[0];
    assert_eq!(line.name.as_deref(), Some("Filial"));
    assert_eq!(line.sources.len(), 1);
    assert_eq!(line.sources[0].event_type, "instance.subscribed");
}

#[test]
fn g12_parts_add_up_by_largest_remainder() {
    let story = Story::new(daily()).subscribed('a', "PRO", "2026-01-10 09:00").moved('a', "PLUS", "2026-05-12 15:00");
    let statement = story.month("2026-05");
    let parts: Vec<_> = statement.lines[0].parts.iter().map(|part| (part.days, part.amount.to_string())).collect();
    assert_eq!(parts, [(11, "35.45".to_owned()), (20, "96.71".to_owned())]);
}

#[test]
fn g13_base_thirty_on_an_exact_half_cent() {
    for (rounding, expected) in [(Rounding::Nbr5891, "49.98"), (Rounding::Comercial, "49.99")] {
        let mut settings = FrozenSettings::default();
        let terms = PlanTerms {
            proration_first: Proration::Daily,
            proration_base: ProrationBase::Thirty,
            ..PlanTerms::monthly(money("99.97"))
        };
        settings.system.plans = PlanCatalog::default().with("PRO", terms);
        settings.system.rounding = rounding;
        let story = Story::new(settings).subscribed('a', "PRO", "2026-04-16 08:00");
        assert_eq!(story.amounts("2026-04"), [expected]);
        assert_eq!(story.amounts("2026-05"), ["99.97"], "31 days of 30 still cost one price");
    }
}

#[test]
fn g15_due_dates_roll_to_bank_business_days() {
    let settings = whole_months();
    for (competencia, issued_on, due) in [
        ("2026-04", "2026-05-01", "2026-05-11"),
        ("2026-09", "2026-10-01", "2026-10-13"),
        ("2026-12", "2027-01-01", "2027-01-11"),
        ("2027-01", "2027-02-01", "2027-02-10"),
        // Closed late: the lead time counts.
        ("2026-09", "2026-10-20", "2026-10-26"),
    ] {
        assert_eq!(due_date(month(competencia), issued_on.parse().unwrap(), &settings).to_string(), due, "{competencia}");
    }
    let mut last_day = whole_months();
    last_day.account.due_day = Some(31);
    assert_eq!(due_date(month("2027-01"), "2027-02-01".parse().unwrap(), &last_day).to_string(), "2027-03-01");
}

#[test]
fn swapping_plans_in_a_whole_month_costs_the_higher_one() {
    let story = Story::new(whole_months())
        .subscribed('a', "PLUS", "2026-05-01 09:00")
        .cancelled('a', "2026-05-31 09:00")
        .subscribed('a', "START", "2026-05-31 09:01");
    assert_eq!(story.amounts("2026-05"), ["149.90"]);
    assert_eq!(story.amounts("2026-06"), ["49.90"]);
}

#[test]
fn a_scheduled_plan_change_can_be_undone_until_the_next_month() {
    let story = Story::new(whole_months())
        .subscribed('a', "PRO", "2026-01-10 09:00")
        .moved('a', "PLUS", "2026-05-12 15:00")
        .moved('a', "PRO", "2026-05-20 15:00");
    assert_eq!(story.amounts("2026-06"), ["99.90"]);
}

#[test]
fn a_new_list_price_counts_from_its_month() {
    let mut settings = whole_months();
    settings.system.plans.set(PlanCode::pro(), month("2026-07"), PlanTerms::monthly(money("119.90")));
    let mut story = Story::new(settings).subscribed('a', "PRO", "2026-01-10 09:00");
    assert_eq!((story.amounts("2026-06"), story.amounts("2026-07")), (vec!["99.90".to_owned()], vec!["119.90".to_owned()]));
    story.settings.account.price_overrides.insert(PlanCode::pro(), money("80.00"));
    assert_eq!(story.amounts("2026-07"), ["80.00"], "a grandfathered account");
}

#[test]
fn a_plan_without_a_price_is_named() {
    let story = Story::new(whole_months()).subscribed('a', "GOLD", "2026-01-10 09:00");
    let subscription = crate::rules::Subscription::fold(&story.instances[0]);
    let january = LocalMonth::new(month("2026-01"), Sao_Paulo);
    let refused = crate::rules::charge(&subscription, &january, &story.settings.prices(), Rounding::Nbr5891);
    assert_eq!(refused.unwrap_err().to_string(), "plan GOLD has no price in 2026-01");
}
