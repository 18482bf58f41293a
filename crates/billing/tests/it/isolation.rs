//! No account sees anything of another's.

use recado_billing::BillingError;
use recado_kernel::Door;

use crate::story::{Installation, finance, month};

#[tokio::test]
async fn no_account_sees_anothers_invoice_line_or_events() {
    let mut i = Installation::start().await;
    let (mine, _) = i.paying().await;
    let (theirs, their_instance) = i.paying().await;
    i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    let my_invoices = i.billing.invoices(mine).await.unwrap();
    let their_invoices = i.billing.invoices(theirs).await.unwrap();
    assert_eq!((my_invoices.len(), their_invoices.len()), (1, 1));
    let theirs_id = their_invoices[0].id;
    assert!(matches!(i.billing.invoice(mine, theirs_id).await, Err(BillingError::InvoiceNotFound(_))));
    let detail = i.billing.invoice(theirs, theirs_id).await.unwrap();
    let line = &detail.lines[0];
    assert_eq!(i.billing.line(mine, line.id).await.unwrap(), None);
    assert_eq!(i.billing.events_behind(mine, line).await.unwrap().len(), 0);
    assert_eq!(i.billing.line(theirs, line.id).await.unwrap().unwrap().0, theirs_id);
    assert_eq!(i.billing.events_behind(theirs, line).await.unwrap()[0].event_type, "instance.subscribed");
    assert_eq!(line.instance, Some(their_instance));

    // Staff see both, and whose they are.
    assert_eq!(i.billing.staff_invoices_of_month(month("2026-10")).await.unwrap().len(), 2);
    assert_eq!(i.billing.staff_invoice(theirs_id).await.unwrap(), detail);
    assert_eq!(i.billing.staff_line(line.id).await.unwrap().unwrap().0, theirs);
    assert_eq!(i.billing.forecast(mine).await.unwrap().statement.lines.len(), 1);
}
