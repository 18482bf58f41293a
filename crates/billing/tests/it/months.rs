//! The finance desk's months, forecasts and costs.

use recado_billing::{MonthState, PlanCode};
use recado_kernel::Door;

use crate::story::{Installation, at, finance, month};

#[tokio::test]
async fn months_go_from_running_to_to_close_to_closed() {
    let mut i = Installation::start().await;
    i.t.clock.set(at("2026-10-20T12:00:00Z"));
    i.paying().await;
    let running = i.billing.staff_months().await.unwrap();
    assert_eq!((running.len(), running[0].state, running[0].total.to_string()), (1, MonthState::Running, "99.90".into()));

    i.t.clock.set(at("2026-11-20T12:00:00Z"));
    i.paying().await;
    let months = i.billing.staff_months().await.unwrap();
    let shown: Vec<_> = months.iter().map(|m| (m.competencia.to_string(), m.state, m.total.to_string())).collect();
    assert_eq!(
        shown,
        [("2026-11".into(), MonthState::Running, "199.80".into()), ("2026-10".into(), MonthState::ToClose, "199.80".into())]
    );
    i.billing.close_month(month("2026-10"), finance(), Door::Panel).await.unwrap();
    let october = i.billing.staff_months().await.unwrap().remove(1);
    assert_eq!((october.state, october.accounts, october.closed_accounts), (MonthState::Closed, 2, 2));
    assert_eq!((october.instances, october.invoices, october.total.to_string()), (2, 2, "199.80".into()));
    assert_eq!(october.closed_by.as_deref(), Some("system:cli"));
    assert_eq!(october.closed_at, Some(at("2026-11-20T12:00:00Z")));
}

#[tokio::test]
async fn an_installation_without_instances_has_an_empty_running_month() {
    let i = Installation::start().await;
    let months = i.billing.staff_months().await.unwrap();
    assert_eq!((months.len(), months[0].state, months[0].accounts), (1, MonthState::Running, 0));
    assert_eq!(i.billing.preview_month(month("2026-10")).await.unwrap(), []);
    assert_eq!(i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap(), []);
}

#[tokio::test]
async fn what_a_click_costs_is_said_before_it_is_made() {
    let mut i = Installation::start().await;
    let now = at("2026-10-31T12:00:00Z");
    i.t.clock.set(now);
    let cost = i.billing.subscription_cost(now, &PlanCode::pro()).unwrap();
    assert_eq!(
        (cost.amount.to_string(), cost.competencia, cost.due.to_string()),
        ("99.90".into(), month("2026-10"), "2026-11-10".into())
    );
    assert!(i.billing.subscription_cost(now, &PlanCode::new("NONE")).is_err());

    let account = i.new_account();
    let trial = i.created(account, "Teste", "2026-10-30T12:00:00Z").await;
    assert_eq!(i.billing.cancellation_cost(account, trial, now).await.unwrap(), None);
    assert_eq!(i.billing.forecast(account).await.unwrap().statement.total.to_string(), "0.00");
    i.subscribed(account, trial, "2026-10-31T11:00:00Z").await;
    assert_eq!(i.billing.cancellation_cost(account, trial, now).await.unwrap(), Some(cost));
    assert_eq!(i.billing.forecast(account).await.unwrap().statement.total, cost.amount);
    assert_eq!(i.billing.cancellation_cost(i.new_account(), trial, now).await.unwrap(), None);
}
