//! Closing a month: once, whatever happens.

use recado_billing::{BillingError, InvoiceState};
use recado_kernel::{Door, Money};

use crate::story::{Installation, at, billing, finance, month};

#[tokio::test]
async fn preview_equals_closing_and_closing_again_changes_nothing() {
    let mut i = Installation::start().await;
    let (account, instance) = i.paying().await;
    i.renamed(account, instance, "Matriz", "2026-10-20T12:00:00Z").await;
    let preview = i.billing.preview_month(month("2026-10")).await.unwrap();
    let first = i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    assert_eq!(preview[0].statement, first[0].statement);
    assert!(!preview[0].closed && first[0].closed);
    let statement = &first[0].statement;
    assert_eq!((statement.total.to_string(), statement.due.unwrap().to_string()), ("99.90".into(), "2026-11-10".into()));
    assert_eq!(statement.lines[0].name.as_deref(), Some("Matriz"));
    assert_eq!(first[0].invoice.as_ref().unwrap().number, "2026-000001");

    i.t.clock.set(at("2027-01-15T00:00:00Z"));
    for _ in 0..2 {
        assert_eq!(i.billing.close_month(month("2026-10"), finance(), Door::Panel).await.unwrap(), first);
    }
    assert_eq!((i.count("account_month.closed").await, i.count("invoice.issued").await), (1, 1));
    assert_eq!(i.billing.preview_month(month("2026-10")).await.unwrap(), first, "what is closed is shown as decided");
}

#[tokio::test]
async fn two_processes_at_once_give_one_invoice_each_with_gapless_numbers() {
    let mut i = Installation::start().await;
    for _ in 0..12 {
        i.paying().await;
    }
    let other = billing(i.t.another_process());
    let october = month("2026-10");
    let (one, two) =
        tokio::join!(i.billing.close_month(october, finance(), Door::Job), other.close_month(october, finance(), Door::Panel));
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!((i.count("account_month.closed").await, i.count("invoice.issued").await), (12, 12));
    let mut numbers: Vec<String> =
        i.billing.staff_invoices_of_month(october).await.unwrap().into_iter().map(|invoice| invoice.number).collect();
    numbers.sort();
    assert_eq!(numbers, (1..=12).map(|n| format!("2026-{n:06}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_months_of_one_account_at_once_are_chained() {
    let mut i = Installation::start().await;
    i.paying().await;
    i.t.clock.set(at("2026-12-02T06:00:00Z"));
    let other = billing(i.t.another_process());
    let (one, two) = tokio::join!(
        i.billing.close_month(month("2026-10"), finance(), Door::Job),
        other.close_month(month("2026-11"), finance(), Door::Job)
    );
    assert_eq!((one.unwrap().len(), two.unwrap().len()), (1, 1));
    let ordinals: Vec<i64> = sqlx::query_scalar(
        "SELECT (payload->>'ordinal')::bigint FROM events WHERE event_type = 'account_month.closed' ORDER BY 1",
    )
    .fetch_all(&i.t.database.pool)
    .await
    .unwrap();
    assert_eq!(ordinals, [1, 2]);
}

#[tokio::test]
async fn a_closing_cut_off_before_the_invoice_goes_on_with_the_same_number() {
    let mut i = Installation::start().await;
    i.paying().await;
    let whole = i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    // As if the process had died after the number was reserved: no invoice.issued, no read model.
    for statement in
        ["DELETE FROM events WHERE event_type = 'invoice.issued'", "DELETE FROM view_invoice_line", "DELETE FROM view_invoice"]
    {
        sqlx::query(statement).execute(&i.t.database.pool).await.unwrap();
    }
    let resumed = billing(i.t.another_process()).close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    assert_eq!(resumed, whole);
    assert_eq!((i.count("account_month.closed").await, i.count("invoice.issued").await), (1, 1));
}

#[tokio::test]
async fn a_month_that_is_not_over_is_refused() {
    let mut i = Installation::start().await;
    i.paying().await;
    // One second before midnight in São Paulo, although November has begun in UTC.
    i.t.clock.set(at("2026-11-01T02:59:59Z"));
    let refused = i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap_err();
    assert!(matches!(refused, BillingError::MonthNotOver(_)), "{refused}");
    assert!(matches!(i.billing.preview_month(month("2026-11")).await, Err(BillingError::MonthNotBegun(_))));
    assert_eq!(i.billing.preview_month(month("2026-10")).await.unwrap()[0].statement.total.to_string(), "99.90");
    i.t.clock.set(at("2026-11-01T03:00:00Z"));
    i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
}

#[tokio::test]
async fn trials_are_never_billed_and_leave_an_audit_event() {
    let mut i = Installation::start().await;
    let account = i.new_account();
    i.created(account, "Teste", "2026-10-10T12:00:00Z").await;
    let closed = i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    assert_eq!((closed[0].statement.lines.len(), closed[0].statement.total), (0, Money::ZERO));
    assert_eq!(closed[0].invoice, None);
    assert_eq!((i.count("account_month.closed").await, i.count("invoice.issued").await), (1, 0));
}

#[tokio::test]
async fn cancelled_in_a_month_is_billed_for_it_and_never_after() {
    let mut i = Installation::start().await;
    let (account, instance) = i.paying().await;
    i.cancelled(account, instance, "2026-10-10T12:00:00Z").await;
    i.t.clock.set(at("2027-01-02T06:00:00Z"));
    let mut totals = vec![];
    for closed in ["2026-10", "2026-11", "2026-12"] {
        let months = i.billing.close_month(month(closed), finance(), Door::Job).await.unwrap();
        totals.push((months[0].statement.total.to_string(), months[0].invoice.is_some()));
    }
    assert_eq!(totals, [("99.90".into(), true), ("0.00".into(), false), ("0.00".into(), false)]);
}

#[tokio::test]
async fn an_event_recorded_after_the_closing_becomes_an_adjustment() {
    let mut i = Installation::start().await;
    let (account, instance) = i.paying().await;
    i.t.clock.set(at("2026-12-01T06:00:00Z"));
    i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    i.billing.close_month(month("2026-11"), finance(), Door::Job).await.unwrap();
    i.cancelled(account, instance, "2026-10-25T12:00:00Z").await;
    i.t.clock.set(at("2027-01-01T06:00:00Z"));
    let december = i.billing.close_month(month("2026-12"), finance(), Door::Job).await.unwrap().remove(0);
    assert_eq!(december.statement.adjustments.to_string(), "-99.90");
    assert_eq!(december.statement.credit_balance.to_string(), "99.90");
    let invoice = i.billing.invoice(account, december.invoice.unwrap().id).await.unwrap();
    assert_eq!((invoice.summary.state, invoice.summary.due), (InvoiceState::SettledZero, None));
    let behind = i.billing.events_behind(account, &invoice.lines[0]).await.unwrap();
    assert_eq!(behind.iter().map(|event| event.event_type.as_str()).collect::<Vec<_>>(), ["instance.subscription_cancelled"]);
}
