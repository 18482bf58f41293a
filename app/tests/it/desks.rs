//! The support desk.

use recado_accounts::StaffRole;

use crate::world::World;

#[tokio::test]
async fn support_finds_an_account_and_its_look_is_recorded() {
    let world = World::start().await;
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    let page = format!("/instancias/{id}");
    customer.open(&format!("{page}/editar")).await;
    customer.post(&format!("{page}/editar"), &[("nome", "Loja nova")]).await.is(303);
    world.settle().await;
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    let time_line = format!("/suporte/contas/{}", account.account_id);
    for text in ["ana%40exemplo.com", "padaria", &id, &account.account_id.to_string()] {
        support.open(&format!("/suporte?busca={text}")).await.is(200).shows(&time_line);
    }
    support.open("/suporte?busca=zzz").await.shows("Nada encontrado");
    let seen = support.open(&time_line).await;
    seen.is(200).shows("A equipe consultou a linha do tempo.").shows("sup@exemplo.com (equipe)").shows("pelo painel");
    seen.shows("Instância renomeada para “Loja nova”.").shows("<del>Loja</del>").shows("<ins>Loja nova</ins>").shows("posição");
    seen.hides("argon2").hides("_protected").hides("digest");
    let before = world.test.dump(&["events"]).await.matches("account.support_viewed").count();
    support.open(&time_line).await;
    assert!(world.test.dump(&["events"]).await.matches("account.support_viewed").count() > before, "each look is recorded");
    support.open("/suporte/contas/01a1fbaa-e03d-7796-ae4e-46c6f84c310b").await.is(404);
}

#[tokio::test]
async fn a_time_line_says_where_archived_events_are() {
    let world = World::start().await;
    let account = world.account("ana@exemplo.com").await;
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    let time_line = format!("/suporte/contas/{}", account.account_id);
    support.open(&time_line).await.is(200).hides("arquivad");
    sqlx::query(
        "INSERT INTO message_archive (month, first_id, until_id, state, file, sha256, event_types)
         VALUES ('2026-05', '019de0d6-1000', '019e807a-6c00', 'dropped', 'recado-messages-2026-05.jsonl.gz', 'x', '{message.sent}')",
    )
    .execute(&world.test.database.pool)
    .await
    .unwrap();
    support.open(&time_line).await.is(200).shows("estão arquivados: 2026-05");
    let gone = support.open(&format!("{time_line}?tipo=message&de=019de0d7-0000-7000-8000-000000000000")).await;
    gone.is(200).shows("no arquivo de 05/2026 (recado-messages-2026-05.jsonl.gz)").hides("Nada aconteceu ainda");
    let other = support.open(&format!("{time_line}?tipo=message&de=01a0e0d7-0000-7000-8000-000000000000")).await;
    other.is(200).shows("Nada aconteceu ainda");
}
