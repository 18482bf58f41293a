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
    seen.shows("<caption>").shows("Documento de cobrança sem valor fiscal").shows("10/11/2026").shows("Loja").hides("wasm");
    let (_, mut other) = world.customer("bia@exemplo.com").await;
    other.open(&invoice).await.is(404);
    finance.open(&invoice.replace("/faturas/", "/financeiro/faturas/")).await.is(200).shows("2026-000001");
}

fn link(html: &str, prefix: &str) -> String {
    let at = html.find(&format!("href=\"{prefix}")).unwrap() + 6;
    html[at..].split('"').next().unwrap().to_owned()
}
