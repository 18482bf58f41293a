//! What people see of deliveries, and do with them.

use recado_engine_sim::ScanTarget;
use recado_messaging::DeliveryFilter;
use recado_testkit::Receiver;

use crate::browser::Browser;
use crate::world::World;

struct Shop {
    browser: Browser,
    page: String,
    receiver: Receiver,
}

/// A customer whose instance is linked and tells everything to a receiver.
async fn shop(world: &World) -> Shop {
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    let receiver = Receiver::start().await;
    let url = receiver.url();
    let fields =
        ["ao_receber", "ao_enviar", "status_da_mensagem", "ao_conectar", "ao_desconectar"].map(|name| (name, url.as_str()));
    browser.open(&format!("{page}/editar/webhooks")).await;
    browser.post(&format!("{page}/editar/webhooks"), &fields).await.is(303);
    // Before there is anything to tell: afterwards the reactor may be faster than the next look.
    browser.open(&format!("{page}/entregas")).await.shows("Nenhuma entrega ainda").hides("Filtrar");
    let instance = page.rsplit('/').next().unwrap().parse().unwrap();
    let target = ScanTarget::Instance { account: account.account_id, instance };
    world.sim.scan(&target, &"5562900000001".parse().unwrap()).await.unwrap();
    Shop { browser, page, receiver }
}

#[tokio::test]
async fn attempts_are_seen_filtered_and_one_is_sent_again() {
    let world = World::start().await;
    let Shop { mut browser, page, receiver } = shop(&world).await;
    let list = format!("{page}/entregas");
    receiver.answer_with(410);
    world.settle().await;
    let shown = browser.open(&list).await;
    shown.shows("ConnectedCallback").shows("Falhou").shows("1 tentativa").shows("resposta 410").shows("Reenviar as que falharam");
    browser.open(&format!("{list}?estado=delivered")).await.shows("Nenhuma entrega neste filtro").shows("Limpar filtro");
    browser.open(&format!("{list}?estado=failed&tipo=ConnectedCallback")).await.shows("Falhou");
    browser.open(&format!("{list}?tipo=%3Cscript%3E&desde=nunca")).await.shows("Falhou").hides("<script>nunca");

    let instance = page.rsplit('/').next().unwrap().parse().unwrap();
    let account = world.messaging.find_instance(instance).await.unwrap().unwrap().account;
    let all = world.messaging.find_deliveries(account, instance, &DeliveryFilter::default(), None, 10).await.unwrap();
    let id = all[0].id.to_string();
    let one = browser.open(&format!("{list}/{id}")).await;
    one.shows(&id).shows("resposta 410").shows("curl -X POST").shows("SEGREDO_DO_WEBHOOK").shows("5562900000001");
    let secret = world.messaging.webhook_secret(account, instance).await.unwrap();
    browser.open(&format!("{list}/{id}")).await.hides(secret.expose());

    receiver.answer_with(200);
    browser.post(&format!("{list}/reenviar"), &[("entrega", &id)]).await.goes_to(&list);
    world.settle().await;
    browser.open(&list).await.shows("Entregue").shows("2 tentativas").hides("Reenviar as que falharam");
    let received = receiver.received();
    assert_eq!(received[0].headers["webhook-id"], received[1].headers["webhook-id"]);
}

#[tokio::test]
async fn all_that_failed_are_sent_again_and_another_account_finds_nothing() {
    let world = World::start().await;
    let Shop { mut browser, page, receiver } = shop(&world).await;
    receiver.answer_with(410);
    world.settle().await;
    world.sim.say(page.rsplit('/').next().unwrap().parse().unwrap(), &"5562988887777".parse().unwrap(), "oi").await.unwrap();
    world.settle().await;
    let list = format!("{page}/entregas");
    browser.open(&format!("{list}?estado=failed")).await.shows("ReceivedCallback").shows("ConnectedCallback");
    receiver.answer_with(200);
    browser.post(&format!("{list}/reenviar-todas?estado=failed&tipo=ReceivedCallback&desde=&ate="), &[]).await.goes_to(&list);
    world.settle().await;
    browser.open(&list).await.shows("Entregue");
    browser.open(&format!("{list}?estado=failed")).await.shows("ConnectedCallback").hides("<strong>ReceivedCallback");
    browser.post(&format!("{list}/reenviar-todas?estado=&tipo=&desde=&ate="), &[]).await.goes_to(&list);
    world.settle().await;
    browser.open(&format!("{list}?estado=failed")).await.shows("Nenhuma entrega neste filtro");
    browser.post(&format!("{list}/reenviar-todas"), &[]).await.goes_to(&list);
    browser.open(&list).await.shows("Nenhuma entrega pode ser reenviada");

    let (_, mut stranger) = world.customer("outra@exemplo.com").await;
    for path in [list.clone(), format!("{list}/00000000-0000-0000-0000-000000000000")] {
        stranger.open(&path).await.is(404);
    }
    stranger.open("/instancias").await;
    stranger.post(&format!("{list}/reenviar-todas"), &[]).await.is(404);
}

#[tokio::test]
async fn a_receiver_that_is_away_is_said_above_the_list() {
    let world = World::start().await;
    let Shop { mut browser, page, receiver } = shop(&world).await;
    world.settle().await;
    receiver.answer_with(503);
    let instance = page.rsplit('/').next().unwrap();
    for k in 0..10 {
        let from = format!("55629888877{k:02}").parse().unwrap();
        world.sim.say(instance.parse().unwrap(), &from, "oi").await.unwrap();
    }
    world.settle().await;
    browser.open(&format!("{page}/entregas")).await.shows("não responde desde").shows(&receiver.url());
    receiver.answer_with(200);
    world.test.clock.advance(chrono::Duration::seconds(15));
    world.settle().await;
    browser.open(&format!("{page}/entregas")).await.hides("não responde desde");
}

#[tokio::test]
async fn the_webhook_secret_is_exchanged_and_the_old_one_retired() {
    let world = World::start().await;
    let Shop { mut browser, page, .. } = shop(&world).await;
    let instance = page.rsplit('/').next().unwrap().parse().unwrap();
    let account = world.messaging.find_instance(instance).await.unwrap().unwrap().account;
    let hooks = format!("{page}/editar/webhooks");
    let secret = || async { world.messaging.webhook_secret(account, instance).await.unwrap().expose().clone() };
    let old = secret().await;
    browser.open(&hooks).await.shows(&old).shows("Trocar segredo").hides("assina junto até");
    browser.post(&format!("{hooks}/novo-segredo"), &[]).await.goes_to(&hooks);
    let new = secret().await;
    browser.open(&hooks).await.shows(&new).hides(&old).shows("assina junto até").shows("Aposentar agora");
    browser.post(&format!("{hooks}/aposentar-segredo"), &[]).await.goes_to(&hooks);
    browser.open(&hooks).await.shows("O segredo anterior não assina mais").hides("Aposentar agora");
    browser.post(&hooks, &[("z_api_token", "1")]).await.goes_to(&hooks);
    browser.open(&hooks).await.shows("name=\"z_api_token\" value=\"1\" checked");
}
