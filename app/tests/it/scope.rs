//! Nobody sees or touches what is not theirs.

use recado_accounts::StaffRole;

use crate::world::World;

#[tokio::test]
async fn another_accounts_instance_does_not_exist() {
    let world = World::start().await;
    let (ana, mut hers) = world.customer("ana@exemplo.com").await;
    let (_, mut theirs) = world.customer("bia@exemplo.com").await;
    let id = world.instance(&ana, "Loja").await;
    hers.open(&format!("/instancias/{id}")).await.is(200);
    theirs.open("/conta").await;
    for page in ["", "/ao-vivo", "/editar", "/editar/webhooks", "/fila", "/fila/ao-vivo", "/entregas"] {
        theirs.open(&format!("/instancias/{id}{page}")).await.is(404).hides("Loja");
    }
    let actions = [
        "/conectar",
        "/desconectar",
        "/reiniciar",
        "/assinar",
        "/cancelar-assinatura",
        "/novo-token",
        "/editar",
        "/editar/webhooks",
        "/editar/comportamento",
        "/fila/cancelar",
        "/fila/esvaziar",
        "/entregas/reenviar",
    ];
    let before = world.test.dump(&["events"]).await;
    for action in actions {
        let fields = [("nome", "Roubada"), ("mensagem", id.as_str()), ("entrega", id.as_str())];
        theirs.post(&format!("/instancias/{id}{action}"), &fields).await.is(404);
    }
    theirs.post("/simulador/escanear", &[("telefone", "5562900000001"), ("instancia", &id)]).await.is(404);
    assert_eq!(world.test.dump(&["events"]).await, before, "nothing was written");
}

#[tokio::test]
async fn pages_of_the_signed_in_ask_for_the_way_in() {
    let world = World::start().await;
    let mut browser = world.visitor();
    for page in ["/", "/instancias", "/instancias/nova", "/faturas", "/conta", "/financeiro", "/suporte", "/simulador"] {
        let seen = browser.open(page).await;
        assert!(seen.is(303).location.as_deref().unwrap().starts_with("/entrar"), "{page}");
    }
}

#[tokio::test]
async fn customers_do_not_enter_the_desks_nor_staff_the_instances() {
    let world = World::start().await;
    let (account, mut customer) = world.customer("ana@exemplo.com").await;
    let mut support = world.staff("sup@exemplo.com", StaffRole::Support).await;
    for page in ["/financeiro", "/financeiro/2026-10", "/suporte"] {
        customer.open(page).await.is(403).shows("Sem permissão");
    }
    customer.open(&format!("/suporte/contas/{}", account.account_id)).await.is(403);
    for page in ["/instancias", "/faturas", "/financeiro", "/simulador"] {
        support.open(page).await.is(403);
    }
}

#[tokio::test]
async fn unknown_pages_and_bad_ids_are_friendly() {
    let world = World::start().await;
    let (_, mut browser) = world.customer("ana@exemplo.com").await;
    for page in
        ["/nada", "/instancias/nada", "/faturas/1", "/simulador/telefones/12", "/dev/mail/01a1fbaa-e03d-7796-ae4e-46c6f84c310b"]
    {
        browser.open(page).await.is(404).shows("Página não encontrada");
    }
}

#[tokio::test]
async fn without_the_database_pages_say_so_and_come_back() {
    let world = World::start().await;
    let (_, mut browser) = world.customer("ana@exemplo.com").await;
    browser.open("/entrar").await.is(303);
    world.test.platform.pool().close().await;
    browser.open("/instancias").await.is(503).shows("Voltamos já").hides("connection");
    browser.post("/instancias/nova", &[("nome", "Loja")]).await.is(503);
    world.visitor().open("/entrar").await.is(200);
}
