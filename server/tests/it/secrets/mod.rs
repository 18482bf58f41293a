//! One whole story through the real server with debug logging; afterwards its secrets are looked for in every row of the database, in
//! everything the server said, in PostgreSQL's own log and in every file of the data folder.

mod browser;
mod search;

use recado_postgres::{Cluster, Durability};
use recado_testkit::Receiver;
use serde_json::{Value, json};

use crate::journey::{get, send};
use crate::program::{Customer, Installation, eventually};
use browser::Browser;
use search::{Search, Secret, files, tables};

const OWN: &str = "5562900000001";
const FRIEND: &str = "5562988887777";
const WAITS: &str = "5562977776666";
const SENT: &str = "Bom dia! Pão quentinho às 7h";
const WAITING: &str = "Reserva de broa para sexta-feira";
const HEARD: &str = "Vocês abrem no feriado de amanhã?";
const REFUSED: &str = "Texto que não chega a lugar nenhum";
const EMAIL: &str = "dona.ipezinha@padaria.example.com";
const VISITOR: &str = "cliente.novo@padaria.example.com";
const NAME: &str = "Ipezinha da Silva Sauro";
const DOCUMENT: &str = "52998224725";
const PASSWORD: &str = "uma senha bem longa e secreta";
const WRONG_PASSWORD: &str = "quase a senha bem longa";
/// Only ever in statements that fail.
const FORCED: &str = "valor de um comando que falha";
const NEW_PASSWORD: &str = "outra senha bem longa e nova";

/// Tables that hold personal data in clear, each with its reason. Nothing but personal data may stand there.
const CLEAR: [(&str, &str); 15] = [
    ("view_account", "the panel and the support desk show name, address and document"),
    ("view_user", "every page greets the person by name"),
    ("view_staff", "the time line says which member of staff did something"),
    ("view_message", "queue, deliveries and support show the other side"),
    ("view_instance", "the panel shows the linked number, support searches by it"),
    ("sim_phone", "the virtual phones' own storage: the number is the phone"),
    ("sim_session", "the virtual phones' own storage: which phone is linked"),
    ("sim_message", "the virtual phones' own storage: who wrote to whom"),
    ("sim_profile", "the virtual phones' own storage: what people show of themselves"),
    ("sim_contact", "the virtual phones' own storage: address books"),
    ("sim_chat", "the virtual phones' own storage: what was done to chats"),
    ("sim_group", "the virtual phones' own storage: who made a group"),
    ("sim_group_member", "the virtual phones' own storage: who is in a group"),
    ("sim_notice", "the simulated servers' own storage: what a session has yet to be told"),
    ("sim_call", "the virtual phones' own storage: who called"),
];

/// Files of the data folder that may hold something, by the beginning of their path, with the reason.
fn may_hold(path: &str, secret: &Secret) -> bool {
    match path {
        "master.key" => secret.what == "installation key",
        // Without an SMTP server mails are kept for development: addresses, names and links are what they are made of.
        path if path.starts_with("mail/") => secret.personal || secret.what == "link token",
        // PostgreSQL's own files hold the tables above, and what was in them before.
        // A row that was refused was written there, too.
        path if path.starts_with("postgres/data/") => secret.personal || secret.what == "value of a failed statement",
        _ => false,
    }
}

struct Story {
    installation: Installation,
    receiver: Receiver,
    log: std::path::PathBuf,
    secrets: Vec<Secret>,
}

impl Story {
    fn keep(&mut self, what: &'static str, text: &str) {
        self.secrets.push(Secret::new(what, text));
    }

    /// People: registered, signed in with wrong and right passwords, a forgotten password, tokens looked at.
    async fn people(&mut self, site: &str) {
        let mut browser = Browser::new(site);
        browser.open("/cadastro").await;
        let form = [("nome", NAME), ("email", VISITOR), ("senha", PASSWORD), ("documento", "529.982.247-25")];
        let registered = browser.post("/cadastro", &form).await;
        assert!(registered < 400, "{registered}");
        self.follow_mail(&mut browser, "verificar?token=", "/verificar", &[]).await;
        browser.open("/entrar").await;
        assert_eq!(browser.post("/entrar", &[("email", EMAIL), ("senha", WRONG_PASSWORD)]).await, 422);
        browser.open("/esqueci-senha").await;
        assert!(browser.post("/esqueci-senha", &[("email", EMAIL)]).await < 400);
        self.follow_mail(&mut browser, "redefinir-senha?token=", "/redefinir-senha", &[("senha", NEW_PASSWORD)]).await;
        browser.open("/entrar").await;
        assert_eq!(browser.post("/entrar", &[("email", EMAIL), ("senha", NEW_PASSWORD)]).await, 303);
        assert_eq!(browser.open("/conta").await.0, 200);
        for (name, value) in browser.seen.clone() {
            if name == "recado" && !value.is_empty() {
                self.keep("session cookie", &value);
            }
        }
        assert!(self.secrets.iter().any(|secret| secret.what == "session cookie"), "{:?}", browser.seen);
    }

    /// Opens the newest mail's link and sends its form.
    async fn follow_mail(&mut self, browser: &mut Browser, mark: &str, path: &str, fields: &[(&str, &str)]) {
        let folder = self.installation.data();
        let token = eventually("the mail", || async {
            files(&folder.join("mail")).into_iter().find_map(|(_, bytes)| {
                let text = String::from_utf8_lossy(&bytes).replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
                let (_, rest) = text.split_once(mark)?;
                Some(rest.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).next()?.to_owned())
            })
        })
        .await;
        self.keep("link token", &token);
        browser.open(&format!("{path}?token={token}")).await;
        let mut all = vec![("token", token.as_str())];
        all.extend(fields);
        let done = browser.post(path, &all).await;
        assert!(done < 400, "{path}: {done}");
    }

    /// Messages in both directions, one that waits, some that are refused, webhooks that fail.
    async fn messages(&mut self, base: &str, customer: &Customer) {
        let everything = json!({"value": self.receiver.url(), "notifySentByMe": true});
        assert_eq!(send(reqwest::Method::PUT, &format!("{base}/update-every-webhooks"), &everything).await.0, 200);
        get(&format!("{base}/qr-code")).await;
        get(&format!("{base}/qr-code/image")).await;
        get(&format!("{base}/phone-code/{OWN}")).await;
        self.installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", OWN]);
        let text = json!({"phone": FRIEND, "message": SENT, "customId": "pedido-7"});
        let (status, sent) = send(reqwest::Method::POST, &format!("{base}/send-text"), &text).await;
        assert_eq!(status, 200, "{sent}");
        self.told("DeliveryCallback").await;
        self.installation.json(&[
            "sim",
            "read",
            "--instance",
            &customer.instance,
            "--message",
            sent["messageId"].as_str().unwrap(),
        ]);
        self.installation.json(&["sim", "say", "--instance", &customer.instance, "--from", FRIEND, "--text", HEARD]);
        eventually("the incoming message", || async {
            let heard = self.receiver.received().into_iter().any(|request| request.body["text"]["message"] == HEARD);
            heard.then_some(())
        })
        .await;
        let signed = self.receiver.received();
        let secret = signed[0].headers.get("x-token").unwrap().to_str().unwrap().to_owned();
        self.keep("webhook secret", &secret);
        // Refused in several ways; each must be refused without repeating it anywhere.
        for body in [
            json!({"phone": "12", "message": REFUSED}),
            json!({"message": REFUSED}),
            json!({"phone": FRIEND, "message": [REFUSED]}),
        ] {
            let (status, answer) = send(reqwest::Method::POST, &format!("{base}/send-text"), &body).await;
            assert_eq!(status, 400, "{answer}");
        }
        let wrong = base.replace(&customer.token, "0000000000000000000000AB");
        assert!(send(reqwest::Method::POST, &format!("{wrong}/send-text"), &text).await.0 >= 400);
        // One that stays in the queue.
        self.receiver.answer_with(500);
        get(&format!("{base}/disconnect")).await;
        self.told("DisconnectedCallback").await;
        let waiting = json!({"phone": WAITS, "message": WAITING});
        assert_eq!(send(reqwest::Method::POST, &format!("{base}/send-text"), &waiting).await.0, 200);
        assert_eq!(get(&format!("{base}/queue?page=1&pageSize=10")).await.0, 200);
    }

    async fn told(&self, kind: &str) {
        eventually(kind, || async { self.receiver.received().iter().any(|request| request.body["type"] == kind).then_some(()) })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_found_anywhere_it_does_not_belong() {
    let installation = Installation::with_private_postgres();
    let account = ["account", "create", "--email", EMAIL, "--password", PASSWORD, "--name", NAME];
    let account = installation.json(&account);
    let owner = account["account_id"].as_str().unwrap().to_owned();
    let instance = installation.json(&["instance", "create", "--account", &owner, "--name", "Balcão"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let customer = Customer { account: owner, instance: text(&instance["id"]), token: text(&instance["token"]) };
    let log = installation.folder.path().join("server.log");
    let secrets = vec![
        Secret::new("text sent", SENT),
        Secret::new("text waiting", WAITING),
        Secret::new("text received", HEARD),
        Secret::new("text refused", REFUSED),
        Secret::new("value of a failed statement", FORCED),
        Secret::new("password", PASSWORD),
        Secret::new("wrong password", WRONG_PASSWORD),
        Secret::new("new password", NEW_PASSWORD),
        Secret::new("instance token", &customer.token),
        Secret::new("client token", account["client_token"].as_str().unwrap()),
        Secret::new("partner token", account["partner_token"].as_str().unwrap()),
        Secret::new("installation key", &std::fs::read_to_string(installation.data().join("master.key")).unwrap()),
        Secret::personal("own number", OWN),
        Secret::personal("contact's number", &FRIEND[2..]),
        Secret::personal("waiting contact's number", &WAITS[2..]),
        Secret::personal("owner's address", EMAIL),
        Secret::personal("visitor's address", VISITOR),
        Secret::personal("name", NAME),
        Secret::personal("document", DOCUMENT),
    ];
    let server = installation.serve_logging(&log);
    let mut story = Story { receiver: Receiver::start().await, installation, log, secrets };
    story.people(&server.url).await;
    story.messages(&customer.base(&server), &customer).await;
    // The database while everything is alive.
    let cluster = Cluster::start(&story.installation.data().join("postgres"), Durability::Full).unwrap();
    let pool = sqlx::PgPool::connect(&cluster.url()).await.unwrap();
    force_an_error(&pool).await;
    let mut found = vec![];
    let everything = tables(&pool).await;
    assert!(everything.iter().map(|(_, rows)| rows.len()).sum::<usize>() > 10_000, "the story left its rows");
    let search = Search::new(&story.secrets);
    for (table, rows) in &everything {
        let clear = CLEAR.iter().any(|(name, _)| name == table);
        let seen = search.all_in(rows.as_bytes());
        found.extend(
            seen.iter().filter(|(s, _)| !(clear && s.personal)).map(|(s, at)| format!("{} in table {table}: {at}", s.what)),
        );
        // The search itself works: what may be there is found.
        assert!(*table != "view_message" || seen.iter().any(|(secret, _)| secret.what == "contact's number"));
    }
    for (table, why) in CLEAR {
        assert!(everything.iter().any(|(name, _)| name == table), "{table} is listed ({why}) but gone: take it off the list");
    }
    pool.close().await;
    server.terminate();
    cluster.stop();
    // What was said, and what lies on the disk.
    let said = std::fs::read(&story.log).unwrap();
    assert!(said.len() > 10_000 && String::from_utf8_lossy(&said).contains("DEBUG"), "debug logging was on");
    found.extend(search.all_in(&said).iter().map(|(secret, at)| format!("{} in the server's log: {at}", secret.what)));
    let data = story.installation.data();
    let on_disk = files(&data);
    assert!(on_disk.iter().any(|(path, _)| path.ends_with("postgres/postgres.log")), "PostgreSQL's log is among the files");
    for (path, bytes) in on_disk {
        let path = path.strip_prefix(&data).unwrap().display().to_string();
        let seen = search.all_in(&bytes);
        found.extend(
            seen.iter().filter(|(s, _)| !may_hold(&path, s)).map(|(s, at)| format!("{} in the file {path}: {at}", s.what)),
        );
    }
    assert!(found.is_empty(), "found where it does not belong:\n- {}", found.join("\n- "));
}

/// Statements that fail with a secret in their parameters, in the refused row and in the unique value.
async fn force_an_error(pool: &sqlx::PgPool) {
    for statement in [
        "INSERT INTO claim (scope, key, owner) VALUES ('log-test', $1, $1), ('log-test', $1, $1)",
        "INSERT INTO sim_session (instance_id, account_id, secret_protected, state, generation)
         VALUES (gen_random_uuid(), gen_random_uuid(), $1, 'nonsense', 1)",
        "SELECT $1::text::uuid",
    ] {
        sqlx::query(statement).bind(FORCED).execute(pool).await.unwrap_err();
    }
}
