//! Behaviour of an instance, allowed addresses of the account, gestures of virtual telephones: by plain forms.

use recado_engine_sim::ScanTarget;

use crate::world::World;

#[tokio::test]
async fn an_instance_s_behaviour_is_chosen_with_boxes() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}/editar", world.instance(&account, "Loja").await);
    browser.open(&page).await.shows("Comportamento").hides("checked");
    let chosen = [("leitura_automatica", "1"), ("rejeitar_chamadas", "1"), ("texto_da_chamada", "Só por texto <3")];
    browser.post(&format!("{page}/comportamento"), &chosen).await.goes_to(&page);
    let seen = browser.open(&page).await;
    seen.shows("Só por texto &lt;3").shows("name=\"leitura_automatica\" value=\"1\" checked");
    seen.hides("name=\"recusar_desconectada\" value=\"1\" checked");
    let long = "x".repeat(5_000);
    browser.post(&format!("{page}/comportamento"), &[("texto_da_chamada", &long)]).await.goes_to(&page);
    browser.open(&page).await.shows("Só por texto").shows("name=\"leitura_automatica\" value=\"1\" checked");
    browser.post(&format!("{page}/comportamento"), &[("recusar_desconectada", "1")]).await.goes_to(&page);
    let seen = browser.open(&page).await;
    seen.hides("Só por texto").shows("name=\"recusar_desconectada\" value=\"1\" checked");
}

#[tokio::test]
async fn a_list_of_addresses_is_kept_and_nonsense_is_shown_again() {
    let world = World::start().await;
    let (_, mut browser) = world.customer("ana@exemplo.com").await;
    browser.open("/conta").await.shows("Endereços permitidos");
    browser
        .post("/conta/enderecos", &[("enderecos", "203.0.113.7\nfoo.example"), ("ativa", "1")])
        .await
        .is(422)
        .shows("foo.example")
        .shows("nem uma rede");
    browser.post("/conta/enderecos", &[("enderecos", " "), ("ativa", "1")]).await.is(422).shows("ao menos um endereço");
    browser.post("/conta/enderecos", &[("enderecos", "203.0.113.7, 198.51.100.9/24"), ("ativa", "1")]).await.goes_to("/conta");
    browser.open("/conta").await.shows("203.0.113.7\n198.51.100.0/24").shows("name=\"ativa\" value=\"1\" checked");
    browser.post("/conta/enderecos", &[("enderecos", "")]).await.goes_to("/conta");
    browser.open("/conta").await.hides("198.51.100.0/24");
}

#[tokio::test]
async fn a_virtual_telephone_types_and_calls() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    let target = ScanTarget::Instance { account: account.account_id, instance: id.parse().unwrap() };
    world.sim.scan(&target, &"5562900010001".parse().unwrap()).await.unwrap();
    world.sim.say(id.parse().unwrap(), &"5562988887777".parse().unwrap(), "oi").await.unwrap();
    world.settle().await;
    let phone = "/simulador/telefones/5562988887777";
    browser.open(&format!("{phone}?conversa=5562900010001")).await.is(200).shows("Presença e chamadas");
    let back = format!("{phone}?conversa=5562900010001");
    for gesture in ["composing", "unavailable", "call", "video_call"] {
        browser.post(&format!("{phone}/gesto"), &[("conversa", "5562900010001"), ("gesto", gesture)]).await.goes_to(&back);
        browser.open(&back).await.shows("Feito no telefone simulado");
    }
    browser.post(&format!("{phone}/gesto"), &[("conversa", "5562900010001"), ("gesto", "dance")]).await.is(400);
    browser.post(&format!("{phone}/gesto"), &[("conversa", "5562911112222"), ("gesto", "call")]).await.is(303);
    browser.open(phone).await.shows("Nenhum telefone está vinculado");
    let calls: i64 = sqlx::query_scalar("SELECT count(*) FROM sim_call").fetch_one(&world.test.database.pool).await.unwrap();
    assert_eq!(calls, 2);
}
