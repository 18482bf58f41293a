//! Instances from birth to cancellation, by plain forms.

use recado_engine_sim::ScanTarget;

use crate::world::World;

#[tokio::test]
async fn an_instance_is_born_connected_and_disconnected() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    browser.open("/instancias/nova").await;
    let long = "x".repeat(300);
    browser.post("/instancias/nova", &[("nome", &long)]).await.is(422).shows("100 caracteres").shows(&long);
    browser.post("/instancias/nova", &[("nome", "Lo\u{7}ja")]).await.is(422).shows("controle");
    let born = browser.post("/instancias/nova", &[("nome", "Loja <b>1</b>")]).await;
    let page = born.is(303).location.clone().unwrap();
    let seen = browser.open(&page).await;
    seen.is(200).shows("Loja &lt;b&gt;1&lt;/b&gt;").shows("Teste: restam 2 dias").shows("Desconectada").shows("começou agora");
    browser.post(&format!("{page}/conectar"), &[]).await.goes_to(&page);
    world.settle().await;
    browser.open(&page).await.shows("class=\"qr\"").shows("Dispositivos conectados");
    let instance = page.rsplit('/').next().unwrap().parse().unwrap();
    let target = ScanTarget::Instance { account: account.account_id, instance };
    world.sim.scan(&target, &"5562900000001".parse().unwrap()).await.unwrap();
    world.settle().await;
    browser.open(&page).await.shows("+55 62 90000-0001").hides("class=\"qr\"");
    browser.post(&format!("{page}/conectar"), &[]).await.goes_to(&page);
    browser.open(&page).await.shows("já está conectada");
    browser.post(&format!("{page}/desconectar"), &[]).await.goes_to(&page);
    browser.open(&page).await.shows("Instância desconectada").shows("Desconectada por aqui");
    browser.post(&format!("{page}/reiniciar"), &[]).await.goes_to(&page);
    browser.open(&page).await.shows("Não há número conectado");
}

#[tokio::test]
async fn renaming_and_webhooks() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    browser.open(&format!("{page}/editar")).await.shows("Dados da instância");
    browser.post(&format!("{page}/editar"), &[("nome", "Loja nova")]).await.is(303);
    browser.open(&page).await.shows("Loja nova");
    let hooks = format!("{page}/editar/webhooks");
    browser.open(&hooks).await.shows("Ao receber");
    let bad = [("ao_receber", "ftp://x"), ("ao_enviar", "https://ok.example/hook")];
    browser.post(&hooks, &bad).await.is(422).shows("https://").shows("ftp://x").shows("https://ok.example/hook");
    browser.post(&hooks, &[("ao_receber", "https://ok.example/a"), ("enviadas_por_mim", "1")]).await.goes_to(&hooks);
    browser.open(&hooks).await.shows("value=\"https://ok.example/a\"").shows("checked");
    browser.post(&hooks, &[("ao_receber", "")]).await.goes_to(&hooks);
    browser.open(&hooks).await.hides("ok.example");
}

#[tokio::test]
async fn two_tabs_that_subscribe_at_once_subscribe_once() {
    let world = World::start().await;
    let (account, mut one) = world.customer("ana@exemplo.com").await;
    let mut two = world.signed_in("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    one.open(&page).await.shows("R$\u{a0}99,90").shows("referente a outubro de 2026").shows("vencimento em 10/11/2026");
    two.open(&page).await;
    let path = format!("{page}/assinar");
    let (first, second) = tokio::join!(one.post(&path, &[]), two.post(&path, &[]));
    first.goes_to(&page);
    second.goes_to(&page);
    world.settle().await;
    one.open(&page).await.shows("Assinada").shows("Cancelar assinatura");
    one.open("/faturas").await.shows("1 instância cobrada").shows("R$\u{a0}99,90");
    let events: i64 = sqlx_count(&world, "instance.subscribed").await;
    assert_eq!(events, 1);
    one.post(&format!("{page}/cancelar-assinatura"), &[]).await.goes_to(&page);
    one.open(&page).await.shows("Em cancelamento").shows("Utilizável até");
}

async fn sqlx_count(world: &World, event: &str) -> i64 {
    let dump = world.test.dump(&["events"]).await;
    i64::try_from(dump.lines().filter(|line| line.contains(&format!(",{event},"))).count()).unwrap()
}

#[tokio::test]
async fn when_the_trial_is_over_the_page_says_so() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    world.test.clock.advance(chrono::Duration::hours(49));
    world.settle().await;
    browser.open(&page).await.shows("Instância parada").shows("Teste encerrado").shows("Assinar");
    browser.post(&format!("{page}/conectar"), &[]).await.goes_to(&page);
    browser.open(&page).await.shows("Assine a instância");
}
