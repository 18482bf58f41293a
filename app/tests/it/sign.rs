//! Coming in and going out.

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn a_person_signs_up_confirms_and_comes_in() {
    let world = World::start().await;
    let mut browser = world.visitor();
    browser.open("/cadastro").await.is(200).shows("permanente").hides("wasm");
    let form = [("nome", "Ana"), ("email", "ana@exemplo.com"), ("senha", PASSWORD), ("documento", "")];
    browser.post("/cadastro", &form).await.is(200).shows("ana@exemplo.com");
    let mail = world.last_mail().await;
    let link = mail.split_whitespace().find(|word| word.contains("token=")).unwrap();
    let path = link.strip_prefix("http://painel.test").unwrap();
    let mut page = browser.open(path).await;
    if let Some(moved) = page.location.clone() {
        page = browser.open(&moved).await;
    }
    page.is(200).shows("Confirmar");
    let token = link.split("token=").nth(1).unwrap();
    browser.post("/verificar", &[("token", token)]).await.goes_to("/entrar");
    browser.open("/entrar").await.shows("E-mail confirmado");
    browser.post("/entrar", &[("email", "ana@exemplo.com"), ("senha", PASSWORD)]).await.goes_to("/");
    browser.open("/").await.goes_to("/instancias");
    browser.open("/instancias").await.is(200).shows("Sua primeira instância");
    browser.post("/sair", &[]).await.goes_to("/entrar");
    browser.open("/instancias").await.goes_to("/entrar?voltar=%2Finstancias");
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_what_was_typed_and_the_errors() {
    let world = World::start().await;
    let mut browser = world.visitor();
    browser.open("/cadastro").await;
    let form = [("nome", ""), ("email", "ana@"), ("senha", "abc12"), ("documento", "11.222.333/0001-82")];
    let seen = browser.post("/cadastro", &form).await;
    seen.is(422)
        .shows("Informe um nome.")
        .shows("Este e-mail não é válido.")
        .shows("dígitos verificadores")
        .shows("11.222.333/0001-82");
    seen.shows("aria-invalid=\"true\"").hides("abc12");
}

#[tokio::test]
async fn a_known_address_gets_the_same_answer() {
    let world = World::start().await;
    world.account("ana@exemplo.com").await;
    let mut browser = world.visitor();
    browser.open("/cadastro").await;
    let form = [("nome", "Outra"), ("email", "ana@exemplo.com"), ("senha", PASSWORD)];
    browser.post("/cadastro", &form).await.is(200).shows("Confirme seu e-mail");
}

#[tokio::test]
async fn ten_wrong_passwords_close_the_door() {
    let world = World::start().await;
    world.account("ana@exemplo.com").await;
    let mut browser = world.visitor();
    browser.open("/entrar").await;
    for _ in 0..9 {
        browser.post("/entrar", &[("email", "ana@exemplo.com"), ("senha", "errada errada")]).await.is(422).shows("incorretos");
    }
    browser.post("/entrar", &[("email", "ana@exemplo.com"), ("senha", "errada errada")]).await.is(429).shows("Muitas tentativas");
    browser.post("/entrar", &[("email", "ana@exemplo.com"), ("senha", PASSWORD)]).await.is(429);
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let world = World::start().await;
    let (_, mut browser) = world.customer("ana@exemplo.com").await;
    browser.open("/instancias/nova").await;
    let name = ("nome", "Loja".to_owned());
    browser.post_raw("/instancias/nova", std::slice::from_ref(&name), &[]).await.is(403).shows("Formulário vencido");
    let token = ("_csrf", browser.token());
    let foreign = [("origin", "https://outro.test")];
    browser.post_raw("/instancias/nova", &[token.clone(), name.clone()], &foreign).await.is(403);
    let cross = [("sec-fetch-site", "cross-site")];
    browser.post_raw("/instancias/nova", &[token.clone(), name.clone()], &cross).await.is(403);
    browser.post_raw("/instancias/nova", &[token, name], &[("origin", "http://painel.test")]).await.is(303);
    let mut other = world.visitor();
    other.open("/entrar").await;
    let stolen = [("_csrf", browser.token()), ("email", "a@b.com".to_owned())];
    other.post_raw("/entrar", &stolen, &[]).await.is(403);
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link() {
    let world = World::start().await;
    let (_, mut before) = world.customer("ana@exemplo.com").await;
    let mut browser = world.visitor();
    browser.open("/esqueci-senha").await;
    browser.post("/esqueci-senha", &[("email", "ninguem@exemplo.com")]).await.goes_to("/entrar");
    browser.post("/esqueci-senha", &[("email", "ana@exemplo.com")]).await.goes_to("/entrar");
    let mail = world.last_mail().await;
    let token = mail.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    browser.open(&format!("/redefinir-senha?token={token}")).await.is(200).shows(&token);
    browser.post("/redefinir-senha", &[("token", &token), ("senha", "curta")]).await.is(422).shows("10 caracteres");
    browser.post("/redefinir-senha", &[("token", &token), ("senha", "outra frase bem longa")]).await.goes_to("/entrar");
    before.open("/conta").await.is(303);
    browser.post("/redefinir-senha", &[("token", &token), ("senha", "mais uma frase longa")]).await.is(422).shows("já foi usado");
}
