//! What holds for pages as such: policies, weight, languages, the simulator and the account page.

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn sign_in_pages_load_no_scripts_at_all() {
    let world = World::start().await;
    let mut browser = world.visitor();
    for page in ["/entrar", "/cadastro", "/esqueci-senha", "/redefinir-senha?token=x", "/verificar?token=x"] {
        let seen = browser.open(page).await;
        seen.is(200).hides("<script").hides("leptos-island").hides("style=\"");
        assert!(seen.policy.starts_with("default-src 'none'") && !seen.policy.contains("script-src"), "{}", seen.policy);
        assert!(seen.text.len() < 8_000, "{page} has {} bytes before compression", seen.text.len());
    }
}

#[tokio::test]
async fn pages_with_islands_carry_their_nonce() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    let seen = browser.open(&page).await;
    seen.is(200).shows("<leptos-island").shows("<noscript>").hides("style=\"").hides(" onclick");
    let nonce = seen.policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    seen.shows(&format!("nonce=\"{nonce}\""));
    assert!(seen.policy.contains("connect-src 'self'") && seen.policy.contains("frame-ancestors 'none'"), "{}", seen.policy);
}

#[tokio::test]
async fn language_and_theme_are_kept() {
    let world = World::start().await;
    let mut browser = world.visitor();
    browser.open("/entrar").await.shows("lang=\"pt-BR\"");
    browser.post("/preferencias", &[("idioma", "en"), ("voltar", "/entrar")]).await.goes_to("/entrar");
    browser.open("/entrar").await.shows("lang=\"en\"").shows("Sign in");
    browser.post("/preferencias", &[("tema", "dark"), ("voltar", "//fora.test")]).await.goes_to("/");
    browser.open("/entrar").await.shows("data-theme=\"dark\"");
}

#[tokio::test]
async fn the_account_page_changes_what_it_shows() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    browser.open("/conta").await.shows("ana@exemplo.com").shows(account.client_token.expose()).shows("Inativo");
    browser
        .post("/conta/dados", &[("nome", "Ana Maria"), ("documento", "123"), ("idioma", "pt-BR")])
        .await
        .is(422)
        .shows("11 dígitos");
    browser
        .post("/conta/dados", &[("nome", "Ana Maria"), ("documento", "529.982.247-25"), ("idioma", "en")])
        .await
        .goes_to("/conta");
    browser.open("/conta").await.shows("Ana Maria").shows("529.982.247-25").shows("lang=\"en\"");
    browser.post("/conta/client-token/ativar", &[]).await.goes_to("/conta");
    browser.open("/conta").await.shows("Active").hides("/conta/client-token/ativar");
    browser.post("/conta/client-token/trocar", &[]).await.goes_to("/conta");
    browser.open("/conta").await.hides(account.client_token.expose());
    browser
        .post("/conta/senha", &[("senha_atual", "não é esta"), ("senha_nova", "outra frase longa")])
        .await
        .is(422)
        .shows("current password is wrong");
    browser.post("/conta/senha", &[("senha_atual", PASSWORD), ("senha_nova", "outra frase longa")]).await.goes_to("/conta");
    browser.open("/conta").await.is(200);
}

#[tokio::test]
async fn a_simulated_phone_scans_reads_answers_and_unlinks() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    browser.open("/simulador").await.shows("Simulado").shows("Loja");
    browser.post("/simulador/escanear", &[("telefone", "12345"), ("instancia", &id)]).await.is(422).shows("12345");
    let phone = "/simulador/telefones/5562900000001";
    browser.post("/simulador/escanear", &[("telefone", "+55 62 90000-0001"), ("instancia", &id)]).await.goes_to(phone);
    world.settle().await;
    browser.open(&format!("/instancias/{id}")).await.shows("Conectada");
    let write = [("para", "5562911112222"), ("texto", "Oi <script>")];
    browser.post(&format!("{phone}/enviar"), &write).await.goes_to(&format!("{phone}?conversa=5562911112222"));
    let chat = "/simulador/telefones/5562911112222?conversa=5562900000001";
    browser.open(chat).await.is(200).shows("Oi &lt;script&gt;").shows("não lida");
    browser.post("/simulador/telefones/5562911112222/ler", &[("conversa", "5562900000001")]).await.goes_to(chat);
    browser.open(chat).await.shows("lida").hides("não lida");
    browser.post(&format!("{phone}/desvincular"), &[]).await.is(303);
    world.settle().await;
    browser.open(&format!("/instancias/{id}")).await.shows("Desvinculada no telefone");
}
