//! Every read model of every context, built anew after a journey through all of them, is what it was: row by row.

use std::collections::BTreeMap;

use chrono::Duration;
use recado_accounts::StaffRole;
use recado_engine_sim::ScanTarget;
use recado_event_store::projection::rebuild::Rebuild;
use recado_kernel::{Actor, Door, PhoneNumber};
use recado_messaging::AcceptMessage;
use tokio::sync::watch;

use crate::world::World;

/// Rows and digest of a table.
async fn checksum(world: &World, table: &str) -> (i64, String) {
    sqlx::query_as(&format!("SELECT count(*), md5(COALESCE(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM {table} t"))
        .fetch_one(&world.test.database.pool)
        .await
        .unwrap()
}

async fn checksums(world: &World) -> BTreeMap<&'static str, (i64, String)> {
    let mut found = BTreeMap::new();
    for projection in world.projections() {
        for table in projection.tables() {
            assert!(found.insert(*table, checksum(world, table).await).is_none(), "two projections write {table}");
        }
    }
    found
}

/// Something of everything: people, tokens, instances, sessions, messages both ways, a subscription, a closed month.
async fn journey(world: &World) {
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    let other = world.instance(&account, "Depósito").await;
    customer.open("/conta").await;
    customer.post("/conta/dados", &[("nome", "Padaria da Ana"), ("documento", ""), ("idioma", "en")]).await.is(303);
    customer.post("/conta/client-token/ativar", &[]).await.is(303);
    customer.post("/conta/client-token/trocar", &[]).await.is(303);
    for (instance, phone) in [(&id, "5562900000001"), (&other, "5562900000002")] {
        let page = format!("/instancias/{instance}");
        customer.open(&page).await;
        customer.post(&format!("{page}/assinar"), &[]).await.is(303);
        customer.post(&format!("{page}/conectar"), &[]).await.is(303);
        world.settle().await;
        let target = ScanTarget::Instance { account: account.account_id, instance: instance.parse().unwrap() };
        world.sim.scan(&target, &phone.parse().unwrap()).await.unwrap();
        world.settle().await;
    }
    let (friend, own): (PhoneNumber, PhoneNumber) = ("5562988887777".parse().unwrap(), "5562900000001".parse().unwrap());
    let access = world
        .messaging
        .instance_access(account.account_id, id.parse().unwrap(), Actor::System("test".into()), Door::Api)
        .await
        .unwrap();
    // Good practice: rules of the account, of a number, a contact that left, an integrator's token.
    let rules = [("sair", "SAIR\nPARAR"), ("voltar", "VOLTAR"), ("confirmacao", "Até logo."), ("regra", "advise")];
    customer.post("/descadastro/regras", &rules).await.is(303);
    customer.post("/descadastro/adicionar", &[("telefone", "5562966665555"), ("motivo", "pediu")]).await.is(303);
    let practices = format!("/instancias/{id}/boas-praticas");
    customer.post(&format!("{practices}/lista"), &[("lista", "perfil"), ("profile_photo", "1")]).await.is(303);
    customer.post("/conta/integradores", &[("nome_do_token", "ERP")]).await.is(200);
    for text in ["bom dia", "boa tarde", "boa noite"] {
        world.messaging.accept(&access, AcceptMessage::text(friend.as_str().parse().unwrap(), text)).await.unwrap();
        world.test.clock.advance(Duration::seconds(5));
        world.settle().await;
    }
    world.sim.read_chat(&friend, &own).await.unwrap();
    world.sim.answer(account.account_id, &friend, &own, "obrigada").await.unwrap();
    world.settle().await;
    let page = format!("/instancias/{other}");
    customer.post(&format!("{page}/cancelar-assinatura"), &[]).await.is(303);
    customer.post(&format!("{page}/novo-token"), &[]).await.is(303);
    customer.post(&format!("{page}/desconectar"), &[]).await.is(303);
    world.settle().await;
    world.staff("fin@exemplo.com", StaffRole::Finance).await;
    world.test.clock.advance(Duration::days(30));
    let mut finance = world.signed_in("fin@exemplo.com").await;
    finance.open("/financeiro/2026-10").await;
    finance.post("/financeiro/2026-10", &[("mes", "2026-10")]).await.goes_to("/financeiro/2026-10");
    world.settle().await;
    // Paid, with more than was owed.
    let invoice = world.billing.invoices(account.account_id).await.unwrap().remove(0).id;
    let (day, desk) = (world.billing.today().to_string(), format!("/financeiro/faturas/{invoice}"));
    finance.open(&desk).await;
    let paid = [("chave", "um"), ("forma", "pix"), ("data", day.as_str()), ("valor", "1.000,00"), ("e2e", "")];
    finance.post(&format!("{desk}/recebimento"), &paid).await.goes_to(&desk);
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_read_model_built_anew_equals_the_living_one() {
    let world = World::start().await;
    journey(&world).await;
    let before = checksums(&world).await;
    let empty: Vec<_> = before.iter().filter(|(_, (rows, _))| *rows == 0).collect();
    assert!(empty.is_empty() && before.len() >= 9, "the journey leaves these untested: {empty:?}, {before:?}");
    for projection in world.projections().iter().filter(|projection| !projection.tables().is_empty()) {
        let rebuild = Rebuild::new(world.test.platform.log.clone(), projection.clone(), "test").unwrap();
        let done = rebuild.run(watch::channel(false).1, |_| {}).await.unwrap();
        assert!(done.folded > 0, "{}", projection.name());
    }
    assert_eq!(checksums(&world).await, before);
    // And what was put in place goes on living.
    world.customer("bia@exemplo.com").await;
    world.settle().await;
    assert_eq!(checksum(&world, "view_account").await.0, before["view_account"].0 + 1);
}

/// A table of the schema that looks like a read model belongs to one: nobody forgets to name a new one.
#[tokio::test]
async fn every_view_table_belongs_to_a_read_model() {
    let world = World::start().await;
    let named: Vec<&str> = world.projections().iter().flat_map(|projection| projection.tables()).copied().collect();
    let there: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'view\\_%'")
            .fetch_all(&world.test.database.pool)
            .await
            .unwrap();
    let forgotten: Vec<_> = there.iter().filter(|table| !named.contains(&table.as_str())).collect();
    assert!(forgotten.is_empty() && there.len() >= 9, "{forgotten:?}");
}
