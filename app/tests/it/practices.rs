//! "Boas práticas", the opt-out list and integrator tokens, by plain forms.

use recado_accounts::StaffRole;
use recado_kernel::WireId;
use recado_messaging::{EngineFact, Incoming, MessageContent};

use crate::world::World;

#[tokio::test]
async fn every_guard_shows_its_state_and_is_changed_by_forms() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let id = world.instance_of(account.account_id, "Padaria Ipê").await;
    let page = format!("/instancias/{}/boas-praticas", id.public());
    let seen = browser.open(&page).await;
    seen.is(200).shows("Aquecimento do número").shows("0 de 20 contatos novos hoje").shows("Falta informar").shows("0 de 5");
    seen.shows("Aqui é Padaria Ipê").shows("SAIR, PARAR, STOP, CANCELAR").hides("style=\"");

    let bad = [("aquecimento", "enforce"), ("plano", "muitos")];
    browser.post(&format!("{page}/aquecimento"), &bad).await.is(422).shows("muitos").shows("números inteiros");
    browser.post(&format!("{page}/aquecimento"), &[("aquecimento", "enforce"), ("plano", "1; 2")]).await.goes_to(&page);
    browser.open(&page).await.shows("0 de 1 contatos novos hoje").shows("value=\"1, 2\"");

    let tries = |to: &'static str| [("modelo", "welcome"), ("telefone", to)];
    browser.post(&format!("{page}/modelo"), &tries("12")).await.is(422).shows("Número inválido");
    browser.post(&format!("{page}/modelo"), &tries("5562988887777")).await.goes_to(&page);
    browser.open(&page).await.shows("Mensagem de teste na fila");
    browser.post(&format!("{page}/modelo"), &tries("5562977776666")).await.goes_to(&page);
    browser.open(&page).await.shows("O limite de contatos novos de hoje foi atingido");

    browser.post(&format!("{page}/registro"), &[("quando", "ontem")]).await.is(422).shows("ontem");
    browser.post(&format!("{page}/registro"), &[("antigo", "1"), ("quando", "")]).await.goes_to(&page);
    browser.open(&page).await.shows("Pode conectar");

    browser.post(&format!("{page}/lista"), &[("lista", "perfil"), ("profile_photo", "1")]).await.goes_to(&page);
    browser.open(&page).await.shows("1 de 6").shows("marcado por você").shows("0 de 5");
    browser.post(&format!("{page}/lista"), &[("lista", "perfil")]).await.goes_to(&page);
    browser.open(&page).await.shows("0 de 6");

    browser.open(&format!("{page}/contato.vcf")).await.is(404);
    world.pair(account.account_id, id, "5562900000001").await;
    let card = browser.open(&format!("{page}/contato.vcf")).await;
    card.is(200).shows("FN:Padaria Ipê").shows("waid=5562900000001");

    let (_, mut stranger) = world.customer("outra@exemplo.com").await;
    stranger.open(&page).await.is(404);
    stranger.post(&format!("{page}/lista"), &[("lista", "perfil"), ("profile_photo", "1")]).await.is(404);
}

#[tokio::test]
async fn the_24_hour_rule_is_asked_before_the_code_and_holds_where_it_is_strict() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    browser.open(&page).await.shows("Quando este número foi registrado");
    browser.post(&format!("{page}/boas-praticas/regra-24h"), &[("regra", "enforce")]).await.is(303);
    browser.post(&format!("{page}/conectar"), &[]).await.goes_to(&page);
    browser.open(&page).await.shows("Informe em Boas práticas").hides("Aguardando leitura");
    browser.post(&format!("{page}/boas-praticas/registro"), &[("antigo", "1")]).await.is(303);
    browser.post(&format!("{page}/conectar"), &[]).await.goes_to(&page);
    browser.open(&page).await.hides("Informe em Boas práticas").hides("Quando este número foi registrado");
}

#[tokio::test]
async fn the_list_is_kept_by_hand_searched_and_explained_to_staff() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let id = world.instance_of(account.account_id, "Loja").await;
    browser.open("/descadastro").await.is(200).shows("Ninguém pediu para sair").shows("Importar CSV");
    let add = |number: &'static str, why: &'static str| [("telefone", number), ("motivo", why)];
    browser.post("/descadastro/adicionar", &add("12", "x")).await.is(422).shows("Número inválido").shows("value=\"12\"");
    browser.post("/descadastro/adicionar", &add("120363025486970112-group", "")).await.is(422).shows("Só pessoas");
    browser.post("/descadastro/adicionar", &add("+55 62 98888-7777", "pediu <b>")).await.goes_to("/descadastro");
    browser.post("/descadastro/adicionar", &add("556288887777", "")).await.goes_to("/descadastro");
    browser.open("/descadastro").await.shows("já estava na lista").shows("+55 62 98888-7777").shows("Incluído à mão");

    let said = Incoming::from_chat(
        WireId::parse("3EB0A1C9D2E47F0B6C01").unwrap(),
        "5562977776666".parse().unwrap(),
        MessageContent::text("stop"),
    );
    let at = world.test.platform.now();
    let fact = EngineFact { account: account.account_id, instance: id, engine: "sim".into(), key: "1".into(), at, cause: None };
    world.messaging.record_incoming(&fact, said).await.unwrap();
    world.settle().await;
    browser.open("/descadastro").await.shows("2 contatos").shows("Escreveu STOP").shows("3EB0A1C9D2E47F0B6C01");
    browser.open("/descadastro?busca=7777-6666").await.shows("97777-6666").hides("98888-7777");
    browser.open("/descadastro?busca=0000").await.shows("Nenhum contato encontrado");

    let seen = browser.open("/descadastro?busca=98888").await;
    let contact = seen.text.split("name=\"contato\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    browser.post("/descadastro/retirar", &[("contato", &contact), ("motivo", " ")]).await.goes_to("/descadastro");
    browser.open("/descadastro").await.shows("Escreva o motivo").shows("98888-7777");
    let (_, mut stranger) = world.customer("outra@exemplo.com").await;
    stranger.open("/descadastro").await.hides("7777");
    stranger.post("/descadastro/retirar", &[("contato", &contact), ("motivo", "x")]).await.is(404);
    browser.post("/descadastro/retirar", &[("contato", &contact), ("motivo", "quer de volta")]).await.goes_to("/descadastro");
    browser.open("/descadastro").await.shows("Contato retirado").hides("98888-7777");

    world.settle().await;
    let mut support = world.staff("suporte@recado.test", StaffRole::Support).await;
    let told = support.open(&format!("/suporte/contas/{}?tipo=opt_out&de={contact}", account.account_id)).await;
    told.is(200).shows("Descadastro de +55 62 98888-7777: incluído à mão").shows("voltou a poder receber mensagens");
    support.open(&format!("/suporte/contas/{}/estado?tipo=opt_out&de={contact}", account.account_id)).await.is(200);
}

#[tokio::test]
async fn words_and_confirmation_are_changed_and_checked() {
    let world = World::start().await;
    let (_, mut browser) = world.customer("ana@exemplo.com").await;
    let rules = "/descadastro/regras";
    browser.open(rules).await.is(200).shows("CANCELAR").shows("VOLTAR");
    let both = [("sair", "chega"), ("voltar", "CHEGA"), ("confirmacao", "x"), ("regra", "off")];
    browser.post(rules, &both).await.is(422).shows("A mesma palavra").shows("chega");
    let good = [("sair", "chega\nnão quero"), ("voltar", "quero"), ("confirmacao", ""), ("regra", "enforce"), ("na_api", "1")];
    browser.post(rules, &good).await.goes_to(rules);
    browser.open(rules).await.shows("NÃO QUERO").shows("checked").hides("CANCELAR");
}

#[tokio::test]
async fn files_come_and_go() {
    let world = World::start().await;
    let (_, mut browser) = world.customer("ana@exemplo.com").await;
    browser.open("/descadastro").await.is(200);
    let file = "\u{feff}telefone,motivo\r\n5562988887777,\"=1+1, pediu\"\r\nabc,x\r\n5562977776666,\r\n";
    let seen = browser.upload_csv("/descadastro/importar", "arquivo", file.as_bytes()).await;
    seen.is(200).shows("2 contatos incluídos").shows("1 linha sem número válido").shows("Linha 3").shows("abc");
    browser.upload_csv("/descadastro/importar", "arquivo", file.as_bytes()).await.is(200).shows("2 já estavam na lista");
    browser.upload_csv("/descadastro/importar", "arquivo", b"").await.is(422).shows("Escolha um arquivo");
    browser.upload_csv("/descadastro/importar", "arquivo", b"a\0b").await.is(422).shows("não é um texto");
    browser.upload_csv("/descadastro/importar", "arquivo", &vec![b'1'; 4 * 1024 * 1024 + 1]).await.is(422).shows("grande demais");
    let exported = browser.post("/descadastro/exportar", &[]).await;
    exported.is(200).shows("\u{feff}telefone;motivo;").shows("5562988887777;").shows("5562977776666;").hides("=1+1");
    assert_eq!(exported.text.lines().count(), 3);
    let mut thief = world.visitor();
    thief.open("/entrar").await;
    thief.upload_csv("/descadastro/importar", "arquivo", file.as_bytes()).await.is(303);
    let mut other = world.customer("outra@exemplo.com").await.1;
    other.upload_csv_with_key("/descadastro/importar", "arquivo", file.as_bytes(), "x").await.is(403);
}

#[tokio::test]
async fn integrator_tokens_are_shown_once_and_revoked_by_owner_or_admin() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    browser.open("/conta").await.shows("Tokens de integrador").shows("Nenhum token criado");
    browser.post("/conta/integradores", &[("nome_do_token", " ")]).await.is(422).shows("Dê um nome");
    let made = browser.post("/conta/integradores", &[("nome_do_token", "ERP <1>")]).await;
    made.is(200).shows("não será mostrado de novo").shows("ERP &lt;1&gt;");
    let token =
        made.text.split("<code class=\"value\">P").nth(2).or_else(|| made.text.split("<code class=\"value\">P").nth(1)).unwrap();
    let token = format!("P{}", token.split('<').next().unwrap());
    let found = world.accounts.partner_access(&token).await.unwrap();
    assert_eq!(found.map(|found| found.account_id), Some(account.account_id), "{token}");
    browser.open("/conta").await.hides(&token).shows("Em vigor").shows("último uso");

    let desk = format!("/suporte/contas/{}/integradores", account.account_id);
    let mut support = world.staff("suporte@recado.test", StaffRole::Support).await;
    support.open(&desk).await.is(200).shows("ERP").hides("Criar token");
    support.post(&desk, &[("nome_do_token", "x")]).await.is(403);
    let mut admin = world.staff("admin@recado.test", StaffRole::Admin).await;
    let seen = admin.open(&desk).await;
    let action = seen.text.split("integradores/revogar?token=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    admin.post(&format!("{desk}/revogar?token={action}"), &[]).await.goes_to(&desk);
    admin.open(&desk).await.shows("Revogado em");
    assert!(world.accounts.partner_access(&token).await.unwrap().is_none());
    browser.open(&desk).await.is(403);
}
