//! What happens to an invoice after it was issued: seen in the read model, in the account's credit and in the next month.

use recado_billing::pix::PixKey;
use recado_billing::{BillingError, By, InvoiceError, InvoiceState, LoweringKind, PaymentMethod, PaymentRef, PixReceiver};
use recado_kernel::{AccountId, Door, InvoiceId, Money};

use crate::story::{Installation, at, finance, month};

fn by() -> By {
    By { actor: finance(), door: Door::Panel }
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// October 2026, 99.90, due on 10 November.
async fn invoiced(i: &mut Installation) -> (AccountId, InvoiceId) {
    let (account, _) = i.paying().await;
    let closed = i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    let closed = closed.into_iter().find(|month| month.account == account).unwrap();
    (account, closed.invoice.unwrap().id)
}

async fn pay(i: &Installation, invoice: InvoiceId, id: &str, on: &str, amount: &str) -> Result<(), BillingError> {
    let reference = PaymentRef::new("manual", id).unwrap();
    i.billing.staff_record_payment(by(), invoice, reference, PaymentMethod::Pix, on.parse().unwrap(), money(amount)).await
}

#[tokio::test]
async fn a_payment_settles_the_invoice_and_too_much_pays_for_the_next() {
    let mut i = Installation::start().await;
    let (account, invoice) = invoiced(&mut i).await;
    i.t.clock.set(at("2026-11-09T15:00:00Z"));
    pay(&i, invoice, "1", "2026-11-09", "99.90").await.unwrap();
    pay(&i, invoice, "1", "2026-11-09", "99.90").await.unwrap();
    let summary = i.billing.invoice(account, invoice).await.unwrap().summary;
    assert_eq!((summary.state, summary.paid_on), (InvoiceState::Paid, Some("2026-11-09".parse().unwrap())));
    assert_eq!(i.count("invoice.payment_recorded").await, 1);
    // Paid a second time: 50.00 more than was owed.
    pay(&i, invoice, "2", "2026-11-09", "50.00").await.unwrap();
    let lowerings = i.billing.lowerings(Some(account), invoice).await.unwrap();
    assert_eq!(
        lowerings.iter().map(|one| (one.kind, one.credit)).collect::<Vec<_>>(),
        [(LoweringKind::Payment, Money::ZERO), (LoweringKind::Payment, money("50.00"))]
    );
    let before = i.billing.forecast(account).await.unwrap().statement;
    assert_eq!((before.credit_used, before.total), (money("50.00"), money("49.90")));
    for (closed_on, closed, total) in [("2026-12-01T06:00:00Z", "2026-11", "49.90"), ("2027-01-01T06:00:00Z", "2026-12", "99.90")]
    {
        i.t.clock.set(at(closed_on));
        let months = i.billing.close_month(month(closed), finance(), Door::Job).await.unwrap();
        assert_eq!(months[0].statement.total, money(total), "{closed}: credit is used once");
    }
}

#[tokio::test]
async fn one_payment_settles_one_invoice() {
    let mut i = Installation::start().await;
    let (_, one) = invoiced(&mut i).await;
    let (account, _) = i.paying().await;
    let months = i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    let other = months.into_iter().find(|month| month.account == account).unwrap().invoice.unwrap().id;
    pay(&i, one, "E1", "2026-11-01", "99.90").await.unwrap();
    let refused = pay(&i, other, "E1", "2026-11-01", "99.90").await.unwrap_err();
    assert!(matches!(refused, BillingError::PaymentElsewhere), "{refused}");
    let tomorrow = pay(&i, other, "E2", "2026-11-02", "99.90").await.unwrap_err();
    assert!(matches!(tomorrow, BillingError::PaidInFuture), "{tomorrow}");
    let nobody = pay(&i, InvoiceId::from_uuid(i.t.platform.new_uuid()), "E3", "2026-11-01", "1.00").await.unwrap_err();
    assert!(matches!(nobody, BillingError::InvoiceNotFound(_)), "{nobody}");
}

#[tokio::test]
async fn a_late_invoice_shows_today_s_amount_and_its_pix_code_carries_it() {
    let mut i = Installation::start().await;
    let (account, invoice) = invoiced(&mut i).await;
    let key: PixKey = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906".parse().unwrap();
    let billing = i.billing.clone().with_pix(PixReceiver::new(key, "Recado Tecnologia Ltda", "São Paulo").unwrap());
    let summary = billing.invoice(account, invoice).await.unwrap().summary;
    let code = |on: &str| billing.pix_code(&summary, on.parse().unwrap()).unwrap();
    let on_time = code("2026-11-10");
    assert!(on_time.contains("540599.90") && on_time.contains("FAT202610A0000001"), "{on_time}");
    // Ten days late: 2.00 and 0.33.
    assert_eq!(summary.quote("2026-11-20".parse().unwrap()).total, money("102.23"));
    assert!(code("2026-11-20").contains("5406102.23"));
    assert_eq!(i.billing.pix_code(&summary, "2026-11-10".parse().unwrap()), None, "no key, no code");
    i.t.clock.set(at("2026-11-20T15:00:00Z"));
    pay(&i, invoice, "1", "2026-11-20", "102.23").await.unwrap();
    let paid = i.billing.invoice(account, invoice).await.unwrap().summary;
    assert_eq!((paid.state, billing.pix_code(&paid, "2026-11-20".parse().unwrap())), (InvoiceState::Paid, None));
}

#[tokio::test]
async fn notes_voids_and_write_offs_say_why_and_leave_the_aging() {
    let mut i = Installation::start().await;
    let (account, invoice) = invoiced(&mut i).await;
    let unexplained = i.billing.staff_void_invoice(by(), invoice, "  ").await.unwrap_err();
    assert!(matches!(unexplained, BillingError::Reason), "{unexplained}");
    i.billing.staff_credit_invoice(by(), invoice, money("20.00"), "instabilidade").await.unwrap();
    let summary = i.billing.invoice(account, invoice).await.unwrap().summary;
    assert_eq!((summary.state, summary.quote(i.billing.today()).total), (InvoiceState::PartiallyPaid, money("79.90")));
    let too_much = i.billing.staff_credit_invoice(by(), invoice, money("80.00"), "mais").await.unwrap_err();
    assert!(matches!(too_much, BillingError::Invoice(InvoiceError::CreditTooLarge { .. })), "{too_much}");
    i.billing.staff_void_invoice(by(), invoice, "emitida por engano").await.unwrap();
    let summary = i.billing.invoice(account, invoice).await.unwrap().summary;
    assert_eq!((summary.state, summary.quote(i.billing.today()).total), (InvoiceState::Void, Money::ZERO));
    let refused = i.billing.staff_write_off(by(), invoice, "incobrável").await.unwrap_err();
    assert!(matches!(refused, BillingError::Invoice(InvoiceError::NothingOpen)), "{refused}");
}
