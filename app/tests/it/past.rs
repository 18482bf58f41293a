//! The desk's view of the past: why, as it was, and the file that proves it.

use recado_accounts::StaffRole;
use recado_engine_sim::ScanTarget;
use recado_event_store::audit::{AuditKeys, Expected, verify};
use recado_messaging::{AcceptMessage, InstanceAccess};

use crate::world::World;

/// What is between `start` and `end` after it.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start:?} in {text}"));
    rest.split(end).next().unwrap()
}

async fn sent_message(world: &World) -> (recado_kernel::AccountId, String) {
    let (account, _) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    let target = ScanTarget::Instance { account: account.account_id, instance: id.parse().unwrap() };
    world.sim.scan(&target, &"5562900000001".parse().unwrap()).await.unwrap();
    world.settle().await;
    let access: InstanceAccess = world
        .messaging
        .instance_access(
            account.account_id,
            id.parse().unwrap(),
            recado_kernel::Actor::System("test".into()),
            recado_kernel::Door::Api,
        )
        .await
        .unwrap();
    let text = AcceptMessage::text("5562988887777".parse().unwrap(), "segredo do pão");
    let sent = world.messaging.accept(&access, text).await.unwrap();
    for _ in 0..5 {
        world.settle().await;
        world.test.clock.advance(chrono::Duration::seconds(5));
    }
    (account.account_id, sent.message.to_string())
}

#[tokio::test]
async fn a_message_is_explained_from_acceptance_to_receipt_and_the_look_is_recorded() {
    let world = World::start().await;
    let (account, message) = sent_message(&world).await;
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    let page = format!("/suporte/contas/{account}?tipo=message&de={message}");
    let seen = support.open(&page).await;
    seen.is(200).shows("Por quê?").shows("Como estava");
    let why = format!("/suporte/contas/{account}/porque?tipo=message&de={message}&n=3");
    seen.shows(&why.replace('&', "&amp;"));
    let told = support.open(&why).await;
    told.is(200).shows("Mensagem (texto) para +55 62 98888-7777 aceita na fila.").shows("em envio, tentativa 1");
    told.shows("este evento").hides("segredo do pão");
    let own = between(&told.text, "aria-current=\"true\"", "</div>");
    assert!(own.contains("aceita pelo WhatsApp"), "{own}");
    let (accepted, sending) = (told.text.find("aceita na fila").unwrap(), told.text.find("em envio").unwrap());
    assert!(accepted < sending && sending < told.text.find("aria-current=\"true\"").unwrap(), "causes first");
    // Receipts answer the handing over.
    let handed_over = support.open(&why.replace("n=3", "n=2")).await;
    let own = handed_over.text.find("aria-current=\"true\"").unwrap();
    assert!(own < handed_over.text.find("entregue a +55 62 98888-7777").unwrap(), "consequences last");
    // What is written down is seen at the next look.
    support.open(&format!("/suporte/contas/{account}")).await.shows("A equipe consultou as causas de um evento.");
}

#[tokio::test]
async fn a_waiting_timer_is_part_of_what_follows() {
    let world = World::start().await;
    let (account, _) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    let instance: recado_kernel::InstanceId = id.parse().unwrap();
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    let why = format!("/suporte/contas/{}/porque?tipo=instance&de={instance}&n=1", account.account_id);
    support.open(&why).await.is(200).shows("Aguardando: fim do prazo da instância, em 07/10/2026 09:00:00.");
    world.test.clock.advance(chrono::Duration::hours(49));
    world.settle().await;
    support
        .open(&why)
        .await
        .hides("em 07/10/2026 09:00:00.")
        .shows("em 14/10/2026")
        .shows("O teste da instância “Loja” terminou.");
    let expiry = why.replace("n=1", "n=2");
    support.open(&expiry).await.shows("Instância “Loja” criada");
}

#[tokio::test]
async fn an_instance_is_shown_as_it_was_with_what_an_event_changed() {
    let world = World::start().await;
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    let instance: recado_kernel::InstanceId = id.parse().unwrap();
    customer.open(&format!("/instancias/{id}/editar")).await;
    customer.post(&format!("/instancias/{id}/editar"), &[("nome", "Loja nova")]).await.is(303);
    let target = ScanTarget::Instance { account: account.account_id, instance };
    world.sim.scan(&target, &"5562900000001".parse().unwrap()).await.unwrap();
    world.settle().await;
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    let page = format!("/suporte/contas/{}/estado?tipo=instance&de={instance}", account.account_id);
    let then = support.open(&format!("{page}&n=1")).await;
    then.is(200).shows("<dt>Nome</dt><dd>Loja</dd>").shows("antes de existir").hides("Loja nova");
    let renamed = support.open(&format!("{page}&n=2")).await;
    renamed.shows("<dt>Nome</dt><dd>Loja nova</dd>").shows("<del>Loja</del>").shows("<ins>Loja nova</ins>");
    let now = support.open(&page).await;
    now.shows("+55 62 90000-0001").hides("_protected").hides("digest").hides("argon2");
    let long_ago = support.open(&format!("{page}&em=2001-01-01T00:00")).await;
    long_ago.is(200).shows("Ainda não existia.");
    let compared = support.open(&format!("{page}&n=1&com=2199-01-01T00:00")).await;
    compared.shows("<ins>Loja nova</ins>").shows("Diferença: depois do evento nº 1 → em 01/01/2199");
    support.open(&page.replace("tipo=instance", "tipo=nothing")).await.is(404);
    let mut finance = world.staff("fin@exemplo.com", StaffRole::Finance).await;
    finance.open(&page).await.is(403);
}

#[tokio::test]
async fn erased_data_reads_as_erased_in_every_state() {
    let world = World::start().await;
    let (account, message) = sent_message(&world).await;
    world.test.platform.vault.erase_subject(account, "contact/5562988887777", world.test.platform.now()).await.unwrap();
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    let page = format!("/suporte/contas/{account}/estado?tipo=message&de={message}");
    support.open(&page).await.is(200).shows("<dt>Conversa</dt><dd>apagado</dd>").hides("98888");
}

#[tokio::test]
async fn the_history_leaves_as_a_file_that_proves_itself_and_the_export_is_recorded_first() {
    let world = World::start().await;
    let (account, _) = sent_message(&world).await;
    let keys = AuditKeys::of(&world.test.platform.vault);
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    world.settle().await;
    let page = format!("/suporte/contas/{account}");
    support.open(&page).await.shows("Registro selado").shows("Exportar histórico");
    for format in ["jsonl", "csv"] {
        let file = support.post(&format!("{page}/exportar"), &[("desde", ""), ("ate", ""), ("formato", format)]).await;
        file.is(200).hides("segredo do pão").hides("98888");
        let expected = Expected { public_key: Some(keys.public_key().unwrap()), head: None };
        let verified = verify(file.text.as_bytes(), expected).unwrap();
        assert_eq!((verified.account.as_str(), verified.format), (account.to_string().as_str(), format));
        assert!(verified.events > 5, "{verified:?}");
        world.settle().await;
        support.open(&page).await.shows("A equipe consultou o histórico, exportando-o.");
    }
    support.post(&format!("{page}/exportar"), &[("desde", "ontem")]).await.goes_to(&page);
    support.open(&page).await.shows("O período não é válido");
    let mut finance = world.staff("fin@exemplo.com", StaffRole::Finance).await;
    finance.open("/financeiro").await;
    finance.post(&format!("{page}/exportar"), &[]).await.is(403);
}

#[tokio::test]
async fn an_owner_takes_their_own_history_and_nobody_takes_it_by_a_forged_form() {
    let world = World::start().await;
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    world.customer("bia@exemplo.com").await;
    world.settle().await;
    customer.open("/conta").await.shows("Exportar meu histórico");
    let file = customer.post("/conta/exportar", &[("formato", "jsonl")]).await;
    let verified = verify(file.text.as_bytes(), Expected::default()).unwrap();
    assert_eq!(verified.account, account.account_id.to_string());
    customer.post_raw("/conta/exportar", &[("_csrf", "0".repeat(64))], &[]).await.is(403);
    let foreign = [("origin", "https://evil.example")];
    customer.post_raw("/conta/exportar", &[("_csrf", customer.token())], &foreign).await.is(403);
    let mut visitor = world.visitor();
    visitor.open("/entrar").await;
    visitor.post("/conta/exportar", &[]).await.is(303);
}
