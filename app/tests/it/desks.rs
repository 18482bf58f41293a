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
