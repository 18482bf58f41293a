//! Trial and subscription of an instance: what it is, what a click will cost and when (billing.md 1.1).

use leptos::prelude::*;
use recado_accounts::Permission;
use recado_billing::{PlanCode, SubscriptionCost};
use recado_kernel::Timestamp;
use recado_messaging::{InstanceView, Subscription};

use super::address;
use super::states::{payment_badge, time_left};
use crate::view::confirm::{Confirm, confirm};
use crate::view::icons::{Icon, icon};
use crate::web::failure::Failure;
use crate::web::visit::Member;
use crate::words::Words;

/// What the plan card shows.
pub struct PlanFacts {
    now: Timestamp,
    plan: String,
    subscribing: SubscriptionCost,
    cancelling: Option<SubscriptionCost>,
}

/// Asks billing what subscribing or cancelling would cost now.
///
/// # Errors
/// The database, or a plan without price.
pub async fn facts(member: &Member, view: &InstanceView) -> Result<PlanFacts, Failure> {
    let panel = &member.panel;
    let now = panel.platform.now();
    let plan = match &view.terms.subscription {
        Subscription::Active { plan } | Subscription::Cancelling { plan, .. } => plan.clone(),
        Subscription::None | Subscription::Ended { .. } => panel.messaging.settings().plan.clone(),
    };
    let subscribing = panel.billing.subscription_cost(now, &PlanCode::new(plan.clone()))?;
    let cancelling = match view.terms.is_subscribed() {
        true => panel.billing.cancellation_cost(view.account, view.id, now).await?,
        false => None,
    };
    Ok(PlanFacts { now, plan, subscribing, cancelling })
}

/// The card.
pub fn card(words: Words, member: &Member, view: &InstanceView, facts: &PlanFacts) -> AnyView {
    let monthly = words.money(facts.subscribing.monthly);
    let price = view! { <p><span class="price">{monthly}</span>" "<span class="muted">{words.t("plan.per_month")}</span></p> };
    let left = time_left(words, view, facts.now).map(|left| view! { <p class="row">{icon(Icon::Clock)}<span>{left}</span></p> });
    let since = view
        .subscribed_at
        .filter(|_| view.terms.is_subscribed())
        .map(|at| view! { <p class="muted">{words.with("plan.since", &[("date", &words.local_date(at))])}</p> });
    let may = member.principal.may(Permission::Subscribe);
    let subscribe = (!view.terms.is_subscribed() && may).then(|| subscribe(words, member, view, facts));
    let cancelling = facts.cancelling.as_ref().map(|cost| view! { {cancel_question(words, member, view, cost)} });
    view! {
        <section class="card stack">
            <div class="row spread">
                <h2>{words.with("plan.title", &[("plan", &facts.plan)])}</h2>
                {payment_badge(words, view, facts.now)}
            </div>
            {price}
            {left}
            {since}
            {subscribe}
            {cancelling}
        </section>
    }
    .into_any()
}

fn subscribe(words: Words, member: &Member, view: &InstanceView, facts: &PlanFacts) -> AnyView {
    let cost = &facts.subscribing;
    let first = cost_sentence(words, cost);
    let later = words.with("plan.subscribe.later", &[("monthly", &words.money(cost.monthly))]);
    let body = view! {
        <p><strong>{first}</strong></p>
        <p>{later}</p>
        <p>{words.t("plan.subscribe.cancel_any_time")}</p>
    };
    confirm(
        words,
        Confirm {
            id: "assinar".to_owned(),
            opener: view! { {words.t("plan.subscribe.open")} }.into_any(),
            opener_class: "button primary wide",
            title: words.with("plan.subscribe.title", &[("name", &view.name)]),
            body: body.into_any(),
            action: format!("{}/assinar", address(view)),
            confirm: words.t("plan.subscribe.confirm").to_owned(),
            dangerous: false,
            form_key: member.form_key.clone(),
        },
    )
}

/// What will be charged, for which month, when.
fn cost_sentence(words: Words, cost: &SubscriptionCost) -> String {
    words.with(
        "plan.cost",
        &[("amount", &words.money(cost.amount)), ("month", &words.month(cost.competencia)), ("due", &words.date(cost.due))],
    )
}

/// The question behind "Cancelar assinatura"; the menu's entry points at it.
fn cancel_question(words: Words, member: &Member, view: &InstanceView, cost: &SubscriptionCost) -> Option<AnyView> {
    if !member.principal.may(Permission::Subscribe) {
        return None;
    }
    let days = member.panel.messaging.settings().cancel_grace_days;
    let body = view! {
        <p><strong>{cost_sentence(words, cost)}</strong></p>
        <p>{words.t("plan.cancel.after")}</p>
        <p>{words.count("plan.cancel.usable", days)}</p>
    };
    Some(confirm(
        words,
        Confirm {
            id: CANCEL.to_owned(),
            opener: view! { {words.t("instance.menu.cancel")} }.into_any(),
            opener_class: "link bad",
            title: words.with("plan.cancel.title", &[("name", &view.name)]),
            body: body.into_any(),
            action: format!("{}/cancelar-assinatura", address(view)),
            confirm: words.t("instance.menu.cancel").to_owned(),
            dangerous: true,
            form_key: member.form_key.clone(),
        },
    ))
}

const CANCEL: &str = "cancelar-assinatura";

/// The menu's way to the same question.
pub fn cancel_item(words: Words, member: &Member, view: &InstanceView) -> Option<AnyView> {
    (view.terms.is_subscribed() && member.principal.may(Permission::Subscribe)).then(|| {
        view! { <button type="button" class="menu-item bad" popovertarget=CANCEL>{icon(Icon::Receipt)}{words.t("instance.menu.cancel")}</button> }
            .into_any()
    })
}
