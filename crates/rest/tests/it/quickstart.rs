//! The programs of docs/quickstart.pt-BR.md do what the page says: each is taken out of the page and run against a real server.
//!
//! Interpreters that this machine lacks are passed over and named. `RECADO_TEST_PYTHON` names a Python that has `requests`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::client::Client;
use crate::world::World;

const PAGE: &str = include_str!("../../../../docs/quickstart.pt-BR.md");

/// Name and text of every program of the page: the fence names language and file.
fn programs() -> Vec<(&'static str, &'static str)> {
    let fences = PAGE.split("\n```").skip(1).step_by(2);
    fences.filter_map(|block| block.split_once('\n')).filter_map(|(info, text)| Some((info.split_once(' ')?.1, text))).collect()
}

fn interpreter(name: &str) -> Option<PathBuf> {
    let (program, probe): (PathBuf, &[&str]) = match Path::new(name).extension()?.to_str()? {
        "sh" => ("sh".into(), &["-c", "command -v curl"]),
        "mjs" => ("node".into(), &["--version"]),
        "py" => {
            let python = std::env::var_os("RECADO_TEST_PYTHON").unwrap_or("python3".into());
            (python.into(), &["-c", "import requests"])
        }
        "php" => ("php".into(), &["-r", "exit(function_exists('curl_init') ? 0 : 1);"]),
        _ => return None,
    };
    let found = std::process::Command::new(&program).args(probe).output().is_ok_and(|probed| probed.status.success());
    if !found {
        eprintln!("{name} was not run: this machine has nothing that runs it");
    }
    found.then_some(program)
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn with_programs() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in programs() {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    /// The program, with the page's variables; `None` when nothing here runs it.
    fn command(&self, name: &str, client: &Client) -> Option<Command> {
        let mut command = Command::new(interpreter(name)?);
        command.arg(self.0.path().join(name)).env("RECADO_URL", &client.base).env("RECADO_ID", &client.id);
        command.env("RECADO_TOKEN", &client.token).env("NO_PROXY", "127.0.0.1").stdin(Stdio::null()).kill_on_drop(true);
        Some(command)
    }

    async fn output(&self, name: &str, client: &Client) -> Option<String> {
        let running = self.command(name, client)?.output();
        let output = tokio::time::timeout(LIMIT, running).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{name}: {said} {}", String::from_utf8_lossy(&output.stderr));
        Some(said)
    }
}

#[test]
fn the_page_has_all_its_programs() {
    let names: Vec<_> = programs().into_iter().map(|(name, _)| name).collect();
    for name in
        ["enviar.sh", "enviar.mjs", "enviar.py", "enviar.php", "receptor.py", "receptor.mjs", "receptor.php", "webhook.sh"]
    {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
}

#[tokio::test]
async fn the_senders_send() {
    let world = World::start().await;
    let client = world.client().await;
    let folder = Folder::with_programs();
    let status = folder.output("situacao.sh", &client).await;
    assert!(status.is_none_or(|told| told.contains("You are not connected.")));
    let mut waiting = 0;
    for name in ["enviar.sh", "enviar.mjs", "enviar.py", "enviar.php"] {
        let Some(said) = folder.output(name, &client).await else { continue };
        waiting += 1;
        let queue = client.get("/queue").await.ok();
        assert_eq!(queue.as_array().unwrap().len(), waiting, "{name}: {said}");
        let last = &queue[waiting - 1];
        assert_eq!(
            (&last["Phone"], &last["Message"]),
            (&json!("5562988887777"), &json!("Bom dia! Seu pedido saiu para entrega."))
        );
        assert!(said.contains(last["MessageId"].as_str().unwrap()), "{name}: {said}");
    }
    assert!(waiting > 0, "nothing could be run");
}

#[tokio::test]
async fn the_python_receiver_receives() {
    receives("receptor.py").await;
}

#[tokio::test]
async fn the_javascript_receiver_receives() {
    receives("receptor.mjs").await;
}

#[tokio::test]
async fn the_php_receiver_receives() {
    receives("receptor.php").await;
}

async fn receives(name: &str) {
    let world = World::start().await;
    let client = world.client().await;
    let folder = Folder::with_programs();
    let port = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let Some(mut command) = folder.command(name, &client) else { return };
    if name.ends_with(".php") {
        // PHP brings a server of its own, as the page says; what it tells goes to standard error.
        command = Command::new("php");
        command.args(["-S", &format!("127.0.0.1:{port}")]).arg(folder.0.path().join(name)).kill_on_drop(true);
    }
    command.env("PORTA", port.to_string()).env("RECADO_SEGREDO", world.webhook_secret(&client).await);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = Lines::of(&mut child, name.ends_with(".php"));
    while !["esperando avisos", "started"].iter().any(|ready| lines.last.contains(ready)) {
        lines.next().await;
    }
    let Some(mut setting) = folder.command("webhook.sh", &client) else { return };
    setting.env("RECADO_WEBHOOK", format!("http://127.0.0.1:{port}/"));
    let set = tokio::time::timeout(LIMIT, setting.output()).await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&set.stdout), r#"{"value":true}"#);

    world.scan(&client, "5562933334444").await;
    lines.wait_for(&world, "ConnectedCallback").await;
    let sent = client.post("/send-text", json!({ "phone": "5562988887777", "message": "oi" })).await.ok();
    lines.wait_for(&world, &format!("DeliveryCallback {}", sent["messageId"].as_str().unwrap())).await;
}

const LIMIT: Duration = Duration::from_secs(60);

/// What a receiver says, line by line.
struct Lines {
    stream: tokio::io::Lines<BufReader<Box<dyn tokio::io::AsyncRead + Unpin>>>,
    last: String,
}

impl Lines {
    fn of(child: &mut Child, on_error: bool) -> Self {
        let stream: Box<dyn tokio::io::AsyncRead + Unpin> = match on_error {
            true => Box::new(child.stderr.take().unwrap()),
            false => Box::new(child.stdout.take().unwrap()),
        };
        Self { stream: BufReader::new(stream).lines(), last: String::new() }
    }

    async fn next(&mut self) {
        self.last = tokio::time::timeout(LIMIT, self.stream.next_line()).await.unwrap().unwrap().unwrap();
    }

    /// Lets time pass until the receiver says this.
    async fn wait_for(&mut self, world: &World, told: &str) {
        for _ in 0..120 {
            world.step().await;
            while let Ok(line) = tokio::time::timeout(Duration::from_millis(50), self.stream.next_line()).await {
                self.last = line.unwrap().unwrap();
                if self.last.contains(told) {
                    return;
                }
            }
        }
        unreachable!("waited for {told}, the receiver's last words were {}", self.last)
    }
}
