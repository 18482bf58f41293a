//! Properties 1 to 4, 9 and 11 of billing.md 7 over random histories, biased to the edges of months.

use chrono::{Duration, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::rules::calendar::{LocalMonth, first_instant, local_date};
use crate::rules::{Segment, Subscription, charge};

const MONTHS: i64 = 18;

fn first_month() -> Competencia {
    month("2025-06")
}

/// From the month before the first happening to well after the last.
fn months() -> impl Iterator<Item = LocalMonth> {
    std::iter::successors(Some(first_month().previous()), |month| Some(month.next()))
        .take(25)
        .map(|month| LocalMonth::new(month, Sao_Paulo))
}

/// An instant within 18 months: anywhere, or within two seconds of the turn of a month.
fn instant() -> impl Strategy<Value = Timestamp> {
    let start = LocalMonth::new(first_month(), Sao_Paulo).start;
    let anywhere = (0..MONTHS * 30 * 86_400).prop_map(move |seconds| start + Duration::seconds(seconds));
    let edge = (1..=MONTHS, -2..=2_i64).prop_map(|(n, seconds)| {
        let month = months().nth(usize::try_from(n).unwrap()).unwrap();
        month.start + Duration::seconds(seconds)
    });
    prop_oneof![anywhere, edge]
}

fn plan() -> impl Strategy<Value = PlanCode> {
    prop_oneof![Just("PRO"), Just("START"), Just("PLUS")].prop_map(PlanCode::new)
}

fn happening() -> impl Strategy<Value = FactKind> {
    prop_oneof![
        3 => plan().prop_map(|plan| FactKind::Subscribed { plan }),
        2 => Just(FactKind::Cancelled),
        1 => plan().prop_map(|plan| FactKind::PlanChanged { plan }),
        1 => Just(FactKind::Renamed { name: "outro".into() }),
    ]
}

prop_compose! {
    fn any_settings()(first: bool, last: bool, thirty: bool, immediate: bool, commercial: bool, prices in [0..100_000_i64, 0..100_000_i64, 0..100_000_i64])
        -> FrozenSettings {
        let proration = |full| if full { Proration::Full } else { Proration::Daily };
        let mut settings = FrozenSettings::default();
        for (plan, cents) in ["PRO", "START", "PLUS"].into_iter().zip(prices) {
            let terms = PlanTerms {
                price: Money::from_cents(cents),
                proration_first: proration(first),
                proration_last: proration(last),
                proration_base: if thirty { ProrationBase::Thirty } else { ProrationBase::Actual },
                plan_change: if immediate { PlanChange::ImmediateDaily } else { PlanChange::NextMonth },
            };
            settings.system.plans = std::mem::take(&mut settings.system.plans).with(plan, terms);
        }
        settings.system.rounding = if commercial { Rounding::Comercial } else { Rounding::Nbr5891 };
        settings
    }
}

fn history() -> impl Strategy<Value = Vec<(Timestamp, FactKind)>> {
    prop::collection::vec((instant(), happening()), 0..40)
}

fn told(settings: FrozenSettings, history: &[(Timestamp, FactKind)]) -> Story {
    history.iter().fold(Story::new(settings), |story, (at, kind)| story.told('a', *at, kind.clone()))
}

fn folded(story: &Story) -> Subscription {
    story.instances.first().map_or_else(
        || Subscription::fold(&InstanceFacts { instance: InstanceId::from_uuid(Uuid::nil()), facts: vec![] }),
        Subscription::fold,
    )
}

fn amount(subscription: &Subscription, month: &LocalMonth, settings: &FrozenSettings) -> Option<Money> {
    charge(subscription, month, &settings.prices(), settings.system.rounding).unwrap().map(|charge| charge.amount)
}

fn amounts(subscription: &Subscription, settings: &FrozenSettings) -> Vec<Option<Money>> {
    months().map(|month| amount(subscription, &month, settings)).collect()
}

/// Local days touched for any positive length of time.
fn days_touched(segments: &[Segment]) -> usize {
    let last = months().last().unwrap().end;
    let mut days: Vec<NaiveDate> = vec![];
    for segment in segments {
        let mut day = local_date(segment.start, Sao_Paulo);
        while first_instant(day, Sao_Paulo) < segment.end.unwrap_or(last).min(last) {
            days.push(day);
            day = day.succ_opt().unwrap();
        }
    }
    days.sort_unstable();
    days.dedup();
    days.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Property 1.
    #[test]
    fn an_amount_lies_between_zero_and_the_highest_price(settings in any_settings(), history in history()) {
        let subscription = folded(&told(settings.clone(), &history));
        let prices: Vec<Money> = ["PRO", "START", "PLUS"].into_iter()
            .map(|plan| settings.prices().terms(&PlanCode::new(plan), first_month()).unwrap().price).collect();
        let pro = settings.prices().terms(&PlanCode::pro(), first_month()).unwrap();
        let whole = pro.proration_first == Proration::Full && pro.proration_last == Proration::Full;
        for amount in amounts(&subscription, &settings).into_iter().flatten() {
            prop_assert!(!amount.is_negative() && amount <= prices.iter().copied().max().unwrap());
            prop_assert!(!whole || prices.contains(&amount), "{amount} is none of the prices");
        }
    }

    /// Property 2.
    #[test]
    fn a_month_without_an_active_instant_has_no_line(settings in any_settings(), history in history()) {
        let subscription = folded(&told(settings.clone(), &history));
        for month in months() {
            let active = subscription.segments.iter().any(|segment| month.touches(segment.start, segment.end));
            prop_assert_eq!(amount(&subscription, &month, &settings).is_some(), active, "{}", month.competencia);
        }
    }

    /// Property 3.
    #[test]
    fn days_charged_are_the_days_used_when_everything_is_daily(history in history()) {
        let settings = daily();
        let subscription = folded(&told(settings.clone(), &history));
        let charged: u32 = months()
            .filter_map(|month| charge(&subscription, &month, &settings.prices(), Rounding::Nbr5891).unwrap())
            .map(|charge| charge.days).sum();
        prop_assert_eq!(usize::try_from(charged).unwrap(), days_touched(&subscription.segments));
    }

    /// Property 4: cut in two by a same-price change of plan, or by cancelling and subscribing at the same instant.
    #[test]
    fn a_cut_changes_no_amount(settings in any_settings(), mut when in [instant(), instant(), instant()], price in 0..100_000_i64) {
        when.sort_unstable();
        let [from, at, to] = when;
        prop_assume!(from < at && at < to);
        let mut settings = settings;
        let pro = settings.prices().terms(&PlanCode::pro(), first_month()).unwrap();
        let pro = PlanTerms { price: Money::from_cents(price), ..pro };
        settings.system.plans = settings.system.plans.with("PRO", pro.clone()).with("TWIN", pro);
        let whole = [(from, FactKind::Subscribed { plan: PlanCode::pro() }), (to, FactKind::Cancelled)];
        let expected = amounts(&folded(&told(settings.clone(), &whole)), &settings);
        let changed = [whole[0].clone(), (at, FactKind::PlanChanged { plan: PlanCode::new("TWIN") }), whole[1].clone()];
        prop_assert_eq!(&amounts(&folded(&told(settings.clone(), &changed)), &settings), &expected);
        let again = (at, FactKind::Subscribed { plan: PlanCode::pro() });
        let resubscribed = [whole[0].clone(), (at, FactKind::Cancelled), again, whole[1].clone()];
        prop_assert_eq!(&amounts(&folded(&told(settings.clone(), &resubscribed)), &settings), &expected);
    }

    /// Property 9, month after month, with discount, late events and credits.
    #[test]
    fn lines_add_up(settings in any_settings(), history in history(), late in history(), discount in 0..=100_i64) {
        let mut story = told(settings, &history);
        story.settings.account.discount_percent = discount.into();
        for (n, month) in months().enumerate() {
            if n == 9 {
                for (at, kind) in &late {
                    story.tell('a', *at, kind.clone());
                }
            }
            let s = story.close(&month.competencia.to_string());
            prop_assert!(!s.total.is_negative() && !s.credit_balance.is_negative());
            prop_assert_eq!(s.lines.iter().map(|line| line.amount).sum::<Money>(), s.total);
            let net = s.subtotal + s.discount + s.adjustments + s.carried_in;
            prop_assert_eq!(net + s.credit_added - s.credit_used, s.total);
            for line in s.lines.iter().filter(|line| !line.parts.is_empty() && line.amount == line.gross && !line.amount.is_negative()) {
                if line.kind == crate::rules::LineKind::Instance {
                    prop_assert_eq!(line.parts.iter().map(|part| part.amount).sum::<Money>(), line.amount);
                }
            }
        }
    }

    /// Property 11.
    #[test]
    fn a_longer_subscription_never_costs_less(settings in any_settings(), mut at in [instant(), instant(), instant(), instant()]) {
        at.sort_unstable();
        let total = |from, to| -> Money {
            let story = [(from, FactKind::Subscribed { plan: PlanCode::pro() }), (to, FactKind::Cancelled)];
            amounts(&folded(&told(settings.clone(), &story)), &settings).into_iter().flatten().sum()
        };
        prop_assert!(total(at[1], at[2]) <= total(at[1], at[3]), "cancelled later");
        prop_assert!(total(at[1], at[2]) <= total(at[0], at[2]), "subscribed earlier");
    }
}
