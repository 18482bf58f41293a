//! The finance desk and the customer's invoices.

use chrono::Duration;
use recado_accounts::StaffRole;

use crate::world::World;

#[tokio::test]
async fn a_month_is_previewed_closed_by_name_and_explained() {
    let world = World::start().await;
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    customer.open(&page).await;
    customer.post(&format!("{page}/assinar"), &[]).await.is(303);
    let mut finance = world.staff("fin@exemplo.com", StaffRole::Finance).await;
    finance.open("/financeiro").await.shows("Outubro de 2026").shows("Em curso");
    finance.open("/financeiro/2026-10").await.shows("Padaria Ipê").shows("R$\u{a0}99,90").shows("01/11/2026");
    finance.post("/financeiro/2026-10", &[("mes", "2026-10")]).await.is(422).shows("ainda não terminou");
    finance.open("/financeiro/2027-10").await.is(404);

    // Sessions end after 14 idle days: come back through the door.
    world.test.clock.advance(Duration::days(30));
    let mut finance = world.signed_in("fin@exemplo.com").await;
    let mut customer = world.signed_in("ana@exemplo.com").await;
    finance.open("/financeiro/2026-10").await.shows("Fechar outubro de 2026");
    finance.post("/financeiro/2026-10", &[("mes", "2026-11")]).await.is(422).shows("não confere");
    finance.post("/financeiro/2026-10", &[("mes", "2026-10")]).await.goes_to("/financeiro/2026-10");
    finance.post("/financeiro/2026-10", &[("mes", "10/2026")]).await.goes_to("/financeiro/2026-10");
    let seen = finance.open("/financeiro/2026-10").await;
    seen.shows("Fechado").shows("fin@exemplo.com").shows("Fatura 2026-000001").hides("Para confirmar");
    let why = link(&seen.text, "/financeiro/2026-10/");
    finance.open(&why).await.is(200).shows("assinada no plano PRO").shows("mês inteiro");

    let list = customer.open("/faturas").await;
    list.shows("2026-000001").shows("Em aberto");
    let invoice = link(&list.text, "/faturas/");
    let seen = customer.open(&invoice).await;
    seen.shows("<caption>").shows("Documento de cobrança sem valor fiscal").shows("10/11/2026").shows("Loja");
    let (_, mut other) = world.customer("bia@exemplo.com").await;
    other.open(&invoice).await.is(404);
    finance.open(&invoice.replace("/faturas/", "/financeiro/faturas/")).await.is(200).shows("2026-000001");
}

/// Overdue, paid at the bank, recorded by finance: the customer sees today's amount, then that it is paid.
#[tokio::test]
async fn an_overdue_invoice_is_paid_by_pix_and_recorded_once() {
    let world = World::start().await;
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    customer.open(&page).await;
    customer.post(&format!("{page}/assinar"), &[]).await.is(303);
    world.staff("fin@exemplo.com", StaffRole::Finance).await;
    // October was over on 1 November; ten days after 10 November.
    let now = world.test.platform.now();
    let late: recado_kernel::Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
    world.test.clock.advance(late - now);
    let mut finance = world.signed_in("fin@exemplo.com").await;
    let mut customer = world.signed_in("ana@exemplo.com").await;
    finance.open("/financeiro/2026-10").await;
    finance.post("/financeiro/2026-10", &[("mes", "2026-10")]).await.is(303);
    // Closed late, so it falls due late: the lead time holds. Look at it three weeks after that.
    world.test.clock.advance(Duration::days(21));
    let mut finance = world.signed_in("fin@exemplo.com").await;
    let mut customer_later = world.signed_in("ana@exemplo.com").await;
    let list = customer_later.open("/faturas").await;
    list.shows("Vencida há").shows("A pagar");
    let invoice = link(&list.text, "/faturas/");
    let seen = customer_later.open(&invoice).await;
    seen.shows("Pagar agora").shows("Multa").shows("R$\u{a0}2,00").shows("br.gov.bcb.pix").shows("QR Code do Pix desta fatura");
    drop(customer.open("/faturas").await);

    let desk = invoice.replace("/faturas/", "/financeiro/faturas/");
    let seen = finance.open(&desk).await;
    let today = world.billing.today().to_string();
    let key = value_of(&seen.text, "chave");
    let amount = value_of(&seen.text, "valor");
    seen.shows("Registrar recebimento").shows("Cancelar fatura");
    let wrong = [("chave", key.as_str()), ("forma", "pix"), ("data", today.as_str()), ("valor", "nada"), ("e2e", "")];
    finance.post(&format!("{desk}/recebimento"), &wrong).await.is(422).shows("Escreva um valor maior que zero");
    let right = [("chave", key.as_str()), ("forma", "pix"), ("data", today.as_str()), ("valor", amount.as_str()), ("e2e", "")];
    for _ in 0..2 {
        // Sent twice by a hand that trembled.
        finance.post(&format!("{desk}/recebimento"), &right).await.goes_to(&desk);
    }
    finance.open(&desk).await.shows("Pagamentos e créditos").hides("Cancelar fatura").hides("viraram crédito");
    customer_later.open(&invoice).await.shows("Paga").hides("Pagar agora");
    let list = customer_later.open("/faturas").await;
    list.shows("Histórico").hides("A pagar");
    customer_later.post(&format!("{desk}/recebimento"), &right).await.is(403);
    // A credit note on what is paid pays for the next month.
    finance.open(&desk).await;
    let note = [("valor", "10,00"), ("motivo", "instabilidade em outubro")];
    finance.post(&format!("{desk}/nota-de-credito"), &note).await.goes_to(&desk);
    customer_later.open("/faturas").await.shows("de crédito: ele abate");
    customer_later.open(&invoice).await.shows("instabilidade em outubro");
}

fn value_of(html: &str, name: &str) -> String {
    let at = html.find(&format!("name=\"{name}\"")).unwrap();
    let value = html[at..].find("value=\"").unwrap() + at + 7;
    html[value..].split('"').next().unwrap().to_owned()
}

fn link(html: &str, prefix: &str) -> String {
    let at = html.find(&format!("href=\"{prefix}")).unwrap() + 6;
    html[at..].split('"').next().unwrap().to_owned()
}
