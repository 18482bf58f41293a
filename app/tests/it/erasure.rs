//! Erasing people's data: who may, what goes, what must be done first, and that a rebuild gives the same.

use recado_accounts::{EraseError, EraseSubject, StaffRole, Subject};
use recado_event_store::history::{TimelineFilter, timeline};
use recado_kernel::{AccountId, Actor, Door, InstanceId};
use recado_messaging::AcceptMessage;

use crate::world::{PASSWORD, World};

const ANA: &str = "5562988880001";
const BIA: &str = "5562988880002";

async fn send(world: &World, account: AccountId, instance: InstanceId, to: &str) {
    let access = world.messaging.instance_access(account, instance, Actor::System("test".into()), Door::Job).await.unwrap();
    world.messaging.accept(&access, AcceptMessage::text(to.parse().unwrap(), "segredo da padaria")).await.unwrap();
}

async fn owner(world: &World, account: AccountId, invoices_settled: bool) -> Result<(), EraseError> {
    let asked = EraseSubject { account, subject: Subject::Owner, invoices_settled };
    world.accounts.erase_subject(&asked, Actor::System("test".into()), Door::Job).await.map(drop)
}

/// The read model of messages, without what only the order of rows decides.
async fn chats(world: &World) -> Vec<(String, Option<String>)> {
    sqlx::query_as("SELECT message_id::text, chat FROM view_message ORDER BY message_id")
        .fetch_all(&world.test.database.pool)
        .await
        .unwrap()
}

/// Throws read models away and builds them from the log.
async fn rebuilt(world: &World) {
    let pool = &world.test.database.pool;
    sqlx::query("TRUNCATE view_message, view_account, view_user").execute(pool).await.unwrap();
    sqlx::query("UPDATE projection SET txid = 0, position = 0 WHERE name IN ('message@1', 'account_list@1', 'user_list@1')")
        .execute(pool)
        .await
        .unwrap();
    world.settle().await;
}

#[tokio::test]
async fn an_administrator_erases_a_contact_and_the_history_says_so_without_a_name() {
    let world = World::start().await;
    let (account, _) = world.customer("ana@exemplo.com").await;
    let account = account.account_id;
    let instance: InstanceId = world.instance(&world.account("b@exemplo.com").await, "Outra").await.parse().unwrap();
    let mine = world.instance_of(account, "Loja").await;
    for to in [ANA, ANA, BIA] {
        send(&world, account, mine, to).await;
    }
    world.settle().await;
    let page = format!("/suporte/contas/{account}/privacidade");
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    support.open(&page).await.is(403);
    support.open(&format!("/suporte/contas/{account}")).await.hides("privacidade");
    let mut admin = world.staff("adm@exemplo.com", StaffRole::Admin).await;
    admin.open(&format!("/suporte/contas/{account}")).await.shows(&page);
    admin.open(&page).await.is(200).shows("Nada foi apagado nesta conta.");
    admin.post(&page, &[("quem", "contato"), ("telefone", ANA), ("confirma", "sim")]).await.is(422).shows("não confere");
    admin.post(&page, &[("quem", "contato"), ("telefone", "12"), ("confirma", "APAGAR")]).await.is(422).shows("Número inválido");
    admin.post(&page, &[("quem", "contato"), ("telefone", ANA), ("confirma", "apagar")]).await.goes_to(&page);
    admin.open(&page).await.shows("Dados de contato: 2 eventos, 2 conteúdos destruídos, 2 mensagens retiradas da fila.");
    admin.post(&page, &[("quem", "contato"), ("telefone", ANA), ("confirma", "apagar")]).await.is(422).shows("já foi apagado");
    let lines = admin.open(&format!("/suporte/contas/{account}")).await;
    lines
        .shows("Dados pessoais apagados em definitivo (contato): 2 eventos")
        .shows("adm@exemplo.com (equipe)")
        .hides("98888-0001");
    assert_eq!(world.messaging.queue_count(account, mine).await.unwrap(), 1, "Bia's message still waits");
    let live = chats(&world).await;
    assert_eq!(live.iter().filter_map(|(_, chat)| chat.as_deref()).collect::<Vec<_>>(), [BIA]);
    rebuilt(&world).await;
    assert_eq!(chats(&world).await, live, "a rebuild gives the same");
    // She comes back: a new key, and a rebuild still forgets only what was before.
    send(&world, account, mine, ANA).await;
    world.settle().await;
    let live = chats(&world).await;
    assert_eq!(live.iter().filter(|(_, chat)| chat.as_deref() == Some(ANA)).count(), 1);
    rebuilt(&world).await;
    assert_eq!(chats(&world).await, live);
    let events = timeline(world.test.platform.pool(), account, &TimelineFilter::default(), 1_000).await.unwrap();
    assert!(events.iter().all(|event| !event.payload.to_string().contains(ANA)), "no event names her");
    assert!(world.messaging.find_instance(instance).await.unwrap().is_some());
}

#[tokio::test]
async fn an_owner_is_erased_only_when_nothing_is_owed_or_running() {
    let world = World::start().await;
    let account = world.account("ana@exemplo.com").await;
    let id = account.account_id;
    let instance = world.instance_of(id, "Loja").await;
    let meta = || world.test.platform.meta(id, Actor::System("test".into()), Door::Job);
    world.messaging.subscribe(meta(), instance, None).await.unwrap();
    world.settle().await;
    let codes = |refused: Result<(), EraseError>| match refused {
        Err(EraseError::Obstacles(obstacles)) => obstacles.iter().map(|obstacle| obstacle.code()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(codes(owner(&world, id, false).await), ["erase_subscribed", "erase_unbilled_month"]);
    world.test.clock.advance(chrono::Duration::days(3));
    world.messaging.cancel_subscription(meta(), instance).await.unwrap();
    world.test.clock.advance(chrono::Duration::days(62));
    world.settle().await;
    for month in ["2026-10", "2026-11"] {
        world.billing.close_month(month.parse().unwrap(), Actor::System("test".into()), Door::Job).await.unwrap();
    }
    world.settle().await;
    assert_eq!(codes(owner(&world, id, false).await), ["erase_open_invoice"]);
    let mut customer = world.signed_in("ana@exemplo.com").await;
    customer.open("/conta").await.is(200);
    owner(&world, id, true).await.unwrap();
    world.settle().await;
    let row = world.accounts.account(id).await.unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.email.as_str(), row.document), ("", "", None));
    customer.open("/conta").await.goes_to("/entrar?voltar=%2Fconta");
    let mut visitor = world.visitor();
    visitor.open("/entrar").await;
    visitor.post("/entrar", &[("email", "ana@exemplo.com"), ("senha", PASSWORD)]).await.is(422);
    let report = world.accounts.erasures(id).await.unwrap().remove(0).erased.report;
    assert!(report.events >= 1 && report.kept.iter().any(|kept| kept.contains("invoices")), "{report:?}");
    assert_eq!(world.billing.invoices(id).await.unwrap().len(), 1, "amounts and numbers stay");
    let before = world.test.dump(&["view_account", "view_user"]).await;
    rebuilt(&world).await;
    assert_eq!(world.test.dump(&["view_account", "view_user"]).await, before, "a rebuild gives the same");
    // The address is free again.
    world.account("ana@exemplo.com").await;
}

#[tokio::test]
async fn the_own_number_of_a_connected_instance_is_not_a_contact_to_erase() {
    let world = World::start().await;
    let account = world.account("ana@exemplo.com").await.account_id;
    let instance = world.instance_of(account, "Loja").await;
    world.pair(account, instance, ANA).await;
    let asked = EraseSubject { account, subject: Subject::Contact(ANA.parse().unwrap()), invoices_settled: false };
    let refused = world.accounts.preview_erasure(&asked).await.unwrap_err();
    assert_eq!(refused.code(), "erase_own_number");
    assert!(refused.to_string().contains("Loja"), "{refused}");
}
