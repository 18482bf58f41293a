//! G16 and G17 of billing.md 8, and the arithmetic of 1.8 from month to month.

use super::*;
use crate::rules::{LineKind, StatementState};

#[test]
fn g16_a_late_cancellation_becomes_an_adjustment_and_credit() {
    let mut story = Story::new(whole_months())
        .created('p', "2026-01-02 09:00")
        .created('s', "2026-01-03 09:00")
        .subscribed('p', "PRO", "2026-01-05 09:00")
        .subscribed('s', "START", "2026-01-05 09:00");
    for (competencia, total) in [("2026-01", "149.80"), ("2026-02", "149.80"), ("2026-03", "149.80")] {
        assert_eq!(story.close(competencia).total, money(total));
    }
    // Recorded on 5 April, with business time 27 February.
    let mut story = story.cancelled('p', "2026-02-27 12:00");
    let april = story.close("2026-04");
    let lines: Vec<_> = april.lines.iter().map(|line| (line.kind, line.reference.to_string(), line.amount.to_string())).collect();
    assert_eq!(
        lines,
        [
            (LineKind::Instance, "2026-04".into(), "49.90".into()),
            (LineKind::Adjustment, "2026-03".into(), "-99.90".into()),
            (LineKind::CreditAdded, "2026-04".into(), "50.00".into()),
        ]
    );
    assert_eq!(april.lines[1].sources[0].event_type, "instance.subscription_cancelled");
    assert_eq!((april.total, april.state), (Money::ZERO, StatementState::SettledZero));
    assert_eq!((april.credit_balance, april.due), (money("50.00"), None));
    let may = story.close("2026-05");
    assert_eq!((may.total, may.credit_used, may.credit_balance), (Money::ZERO, money("49.90"), money("0.10")));
    let june = story.close("2026-06");
    assert_eq!((june.total, june.credit_balance), (money("49.80"), Money::ZERO));
    assert_eq!(june.lines.iter().map(|line| line.amount).sum::<Money>(), june.total);
}

#[test]
fn an_adjustment_is_made_once_and_net_of_the_discount_of_its_month() {
    let mut story = Story::new(whole_months()).subscribed('a', "PRO", "2026-01-05 09:00");
    story.settings.account.discount_percent = "10".parse().unwrap();
    assert_eq!(story.close("2026-01").total, money("89.91"));
    assert_eq!(story.close("2026-02").total, money("89.91"));
    story.settings.account.discount_percent = "50".parse().unwrap();
    let mut story = story.cancelled('a', "2026-01-20 12:00");
    let march = story.close("2026-03");
    assert_eq!((march.adjustments, march.credit_balance), (money("-89.91"), money("89.91")));
    let april = story.close("2026-04");
    assert_eq!((april.lines.len(), april.credit_balance, april.state), (0, money("89.91"), StatementState::None));
}

#[test]
fn g17_a_full_discount_settles_at_zero_and_needs_no_charge() {
    let mut story = Story::new(whole_months()).subscribed('a', "PRO", "2026-01-05 09:00");
    story.settings.account.discount_percent = "100".parse().unwrap();
    let january = story.close("2026-01");
    assert_eq!((january.total, january.state, january.due), (Money::ZERO, StatementState::SettledZero, None));
    assert!(january.makes_invoice(), "visible and numbered");
    assert_eq!(story.month("2026-01").lines[0].id, january.lines[0].id, "the same line, whenever it is computed");
}

#[test]
fn a_small_amount_is_carried_and_never_lost() {
    let mut settings = FrozenSettings::default();
    settings.system.plans = PlanCatalog::default().with("MINI", PlanTerms::monthly(money("3.00")));
    let mut story = Story::new(settings).subscribed('a', "MINI", "2026-01-05 09:00").cancelled('a', "2026-02-10 09:00");
    let january = story.close("2026-01");
    assert_eq!((january.state, january.carried_out, january.due), (StatementState::Carried, money("3.00"), None));
    let february = story.close("2026-02");
    assert_eq!((february.state, february.carried_in, february.total), (StatementState::Issued, money("3.00"), money("6.00")));

    let mut alone =
        Story::new(story.settings.clone()).subscribed('a', "MINI", "2026-01-05 09:00").cancelled('a', "2026-01-10 09:00");
    alone.close("2026-01");
    let waiting = alone.close("2026-02");
    assert_eq!((waiting.state, waiting.carried_out), (StatementState::Carried, money("3.00")));
    assert!(!waiting.makes_invoice(), "nothing new happened: no second document");
}
