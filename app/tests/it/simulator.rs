//! The virtual telephone's page: every kind is shown, and everything can be done with plain forms.

use recado_engine_sim::{Hand, Sample};
use recado_kernel::{Actor, Door, InstanceId};
use recado_messaging::domain::message::{ButtonListContent, ListOption, OptionListContent, ReplyButton};
use recado_messaging::{AcceptMessage, MessageContent};

use crate::browser::Browser;
use crate::world::World;

const OWN: &str = "5562900000002";
const OTHER: &str = "5562988887777";
const PAGE: &str = "/simulador/telefones/5562988887777";
const CHAT: &str = "/simulador/telefones/5562988887777?conversa=5562900000002";

struct Stage {
    world: World,
    browser: Browser,
    hand: Hand,
    instance: InstanceId,
}

impl Stage {
    /// An instance linked to [`OWN`], and the telephone [`OTHER`] with a chat.
    async fn set() -> Self {
        let world = World::start().await;
        let (account, mut browser) = world.customer("ana@exemplo.com").await;
        let id = world.instance(&account, "Loja").await;
        browser.open("/simulador").await;
        browser.post("/simulador/escanear", &[("telefone", OWN), ("instancia", &id)]).await.is(303);
        world.settle().await;
        let hand = Hand { account: account.account_id, phone: OTHER.parse().unwrap(), chat: OWN.parse().unwrap() };
        let stage = Self { world, browser, hand, instance: id.parse().unwrap() };
        stage.world.sim.answer(stage.hand.account, &stage.hand.phone, &stage.hand.chat, "Bom dia").await.unwrap();
        stage
    }

    /// The instance sends this to [`OTHER`]. Returns its id in WhatsApp.
    async fn receives(&self, content: impl Into<MessageContent>) -> String {
        let messaging = &self.world.messaging;
        let access =
            messaging.instance_access(self.hand.account, self.instance, Actor::System("test".into()), Door::Api).await.unwrap();
        let accept = AcceptMessage::new(OTHER.parse().unwrap(), content.into());
        let sent = messaging.accept(&access, accept).await.unwrap();
        self.world.settle().await;
        for _ in 0..3 {
            self.world.test.clock.advance(chrono::Duration::seconds(3));
            self.world.settle().await;
        }
        sent.wire_id.as_str().to_owned()
    }

    /// The id of the newest message of the chat.
    async fn newest(&self) -> String {
        let messages = self.world.sim.messages(Some(self.hand.account), OTHER, OWN).await.unwrap();
        messages.last().unwrap().wire_id.clone()
    }

    async fn does(&mut self, action: &str, fields: &[(&str, &str)]) {
        let fields: Vec<_> = [("conversa", OWN)].into_iter().chain(fields.iter().copied()).collect();
        self.browser.post(&format!("{PAGE}/{action}"), &fields).await.goes_to(CHAT);
    }
}

#[tokio::test]
async fn a_sample_of_every_kind_is_sent_with_one_click_and_shown() {
    let mut stage = Stage::set().await;
    let page = stage.browser.open(CHAT).await;
    for sample in Sample::ALL {
        page.shows(&format!("value=\"{}\"", sample.as_str()));
        stage.does("exemplo", &[("para", OWN), ("amostra", sample.as_str())]).await;
    }
    let seen = stage.browser.open(CHAT).await;
    seen.is(200)
        .shows("Nossa vitrine hoje")
        .shows("Nota de voz")
        .shows("<audio")
        .shows("<video")
        .shows("orcamento.pdf")
        .shows("Padaria Ipê")
        .shows("Bruno Reis")
        .shows("Qual o melhor horário")
        .hides("style=\"")
        .hides(" onclick");
    assert!(seen.policy.contains("media-src 'self'"), "{}", seen.policy);
    // The other telephone of the conversation has the same.
    stage
        .browser
        .open(&format!("/simulador/telefones/{OWN}?conversa={OTHER}"))
        .await
        .shows("Nossa vitrine hoje")
        .shows("não lida");
}

#[tokio::test]
async fn buttons_lists_and_polls_are_answered_with_plain_forms() {
    let mut stage = Stage::set().await;
    let button = |id: &str, label: &str| ReplyButton { id: id.into(), label: label.into() };
    let buttons = vec![button("sim", "Sim, confirmo"), button("nao", "Não <b>")];
    let asked = stage.receives(ButtonListContent { text: "Confirma?".into(), image: None, video: None, buttons }).await;
    stage.browser.open(CHAT).await.shows("Sim, confirmo").shows("Não &lt;b&gt;");
    stage.does("apertar", &[("mensagem", &asked), ("escolha", "sim")]).await;
    stage.browser.open(CHAT).await.shows("choice chosen").shows(&format!("href=\"#m-{asked}\""));

    let options = vec![ListOption { id: "seg".into(), title: "Segunda-feira".into(), description: "Das 8h às 12h".into() }];
    let offered = stage
        .receives(OptionListContent { text: "Quando?".into(), title: String::new(), button_label: "Ver dias".into(), options })
        .await;
    stage.browser.open(CHAT).await.shows("Ver dias").shows("Das 8h às 12h");
    stage.does("escolher", &[("mensagem", &offered), ("escolha", "seg")]).await;

    stage.does("enquete", &[("para", OWN), ("pergunta", "Qual sabor?"), ("opcoes", "Milho\r\n\r\nFubá")]).await;
    let poll = stage.newest().await;
    stage.does("votar", &[("mensagem", &poll), ("escolha", "Fubá")]).await;
    stage.browser.open(CHAT).await.shows("Qual sabor?").shows("1 voto").shows("poll-option own");
    stage.does("votar", &[("mensagem", &poll), ("escolha", "Fubá")]).await;
    stage.browser.open(CHAT).await.hides("poll-option own");
    // What the page does not offer is refused in words.
    stage.does("apertar", &[("mensagem", &asked), ("escolha", "talvez")]).await;
    stage.browser.open(CHAT).await.shows("Esta opção não existe na mensagem.");
    stage.does("enquete", &[("para", OWN), ("pergunta", "Só uma?"), ("opcoes", "Milho")]).await;
    stage.browser.open(CHAT).await.shows("uma enquete precisa de duas opções");
}

#[tokio::test]
async fn messages_are_answered_reacted_to_edited_deleted_and_passed_on() {
    let mut stage = Stage::set().await;
    let greeting = stage.newest().await;
    let begun = stage.browser.open(&format!("{CHAT}&responder={greeting}")).await;
    begun.shows("Respondendo").shows(&format!("name=\"mensagem\" value=\"{greeting}\""));
    stage.does("enviar", &[("para", OWN), ("texto", "Tudo bem?"), ("mensagem", &greeting)]).await;
    let own = stage.newest().await;
    stage.browser.open(CHAT).await.shows("class=\"quote\"");

    stage.does("reagir", &[("mensagem", &greeting), ("emoji", "🙏")]).await;
    stage.browser.open(CHAT).await.shows("class=\"chip own\"");
    stage.does("reagir", &[("mensagem", &greeting), ("emoji", "")]).await;
    stage.browser.open(CHAT).await.hides("class=\"chip own\"");

    stage.browser.open(&format!("{CHAT}&editar={own}")).await.shows("Editando").shows("value=\"Tudo bem?\"");
    stage.does("editar", &[("mensagem", &own), ("texto", "Tudo ótimo?")]).await;
    stage.browser.open(CHAT).await.shows("editada").shows("Tudo ótimo?");

    stage.browser.open(&format!("{CHAT}&encaminhar={own}")).await.shows("Encaminhando");
    let there = "/simulador/telefones/5562988887777?conversa=5562911112222";
    let forward = [("conversa", OWN), ("mensagem", own.as_str()), ("para", "+55 62 91111-2222")];
    stage.browser.post(&format!("{PAGE}/encaminhar"), &forward).await.goes_to(there);
    stage.browser.open(there).await.shows("Encaminhada");

    stage.does("apagar", &[("mensagem", &own)]).await;
    stage.browser.open(CHAT).await.shows("Você apagou esta mensagem").hides("editada").hides("Tudo bem?");
    stage.does("editar", &[("mensagem", &own), ("texto", "?")]).await;
    stage.browser.open(CHAT).await.shows("Esta mensagem não está mais na conversa.");
}

#[tokio::test]
async fn a_file_is_uploaded_shown_and_never_run() {
    let mut stage = Stage::set().await;
    stage.browser.open(CHAT).await;
    let target = [("conversa", OWN), ("para", OWN), ("legenda", "olha só")];
    let photo: &[u8] = include_bytes!("../../../crates/engines/sim/samples/photo.jpg");
    stage.browser.upload(&format!("{PAGE}/anexar"), &target, ("foto.jpg", "image/jpeg", photo)).await.goes_to(CHAT);
    let picture = stage.newest().await;
    stage.browser.open(CHAT).await.shows("olha só").shows(&format!("src=\"{PAGE}/arquivo/{picture}/0\""));
    let answer = stage.browser.raw(&format!("{PAGE}/arquivo/{picture}/0")).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((header("content-type").as_str(), header("content-disposition").as_str()), ("image/jpeg", "inline"));
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes(), photo);

    let page = b"<script>alert(1)</script>";
    stage.browser.upload(&format!("{PAGE}/anexar"), &target, ("x.html", "text/html", page)).await.goes_to(CHAT);
    let sheet = stage.newest().await;
    let answer = stage.browser.raw(&format!("{PAGE}/arquivo/{sheet}/0")).await;
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    assert_eq!(answer.headers()["content-disposition"], "attachment");

    let wrong = [("conversa", OWN), ("para", OWN), ("tipo", "sticker")];
    stage.browser.upload(&format!("{PAGE}/anexar"), &wrong, ("x.html", "text/html", page)).await.goes_to(CHAT);
    stage.browser.open(CHAT).await.shows("Este arquivo não pode ser enviado assim");

    // Neither other people nor other sites.
    let (_, mut stranger) = stage.world.customer("bia@exemplo.com").await;
    stranger.open(&format!("{PAGE}/arquivo/{picture}/0")).await.is(404);
    let mut forged = stage.world.visitor();
    forged.upload(&format!("{PAGE}/anexar"), &target, ("foto.jpg", "image/jpeg", photo)).await.is(303);
}

#[tokio::test]
async fn listening_is_a_button_and_a_new_chat_asks_for_a_number() {
    let mut stage = Stage::set().await;
    stage.does("exemplo", &[("para", OWN), ("amostra", "audio")]).await;
    let voice = stage.newest().await;
    let other = format!("/simulador/telefones/{OWN}?conversa={OTHER}");
    stage.browser.open(&other).await.shows("Marcar como ouvida");
    let fields = [("conversa", OTHER), ("mensagem", voice.as_str())];
    stage.browser.post(&format!("/simulador/telefones/{OWN}/ouvir"), &fields).await.goes_to(&other);
    stage.browser.open(&other).await.hides("Marcar como ouvida").shows("ouvida");
    // Whoever opened the page before the first chat began writes into the newest one.
    let fields = [("conversa", ""), ("para", ""), ("amostra", "sticker")];
    stage.browser.post(&format!("{PAGE}/exemplo"), &fields).await.goes_to(CHAT);
    stage.browser.open(&format!("{PAGE}?nova=1")).await.shows("Nova conversa").shows("name=\"para\" type=\"tel\"");
    let places = [("nome", "Loja"), ("endereco", "Rua 4"), ("latitude", "-16,68"), ("longitude", "-49.26")];
    let fields: Vec<_> = [("conversa", OWN), ("para", OWN)].into_iter().chain(places).collect();
    stage.browser.post(&format!("{PAGE}/lugar"), &fields).await.goes_to(CHAT);
    stage.browser.open(CHAT).await.shows("-16.68, -49.26");
    let card = [("conversa", OWN), ("para", OWN), ("nome", "Carla"), ("telefone", "12")];
    stage.browser.post(&format!("{PAGE}/contato"), &card).await.goes_to(CHAT);
    stage.browser.open(CHAT).await.shows("Número inválido");
}
