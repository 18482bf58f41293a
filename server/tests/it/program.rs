//! Starts and drives the binary as an operator would.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use recado_testkit::TestDatabase;
use serde_json::Value;

/// An installation with its own data folder and (unless private) its own database.
pub struct Installation {
    pub folder: tempfile::TempDir,
    pub database_url: Option<String>,
}

/// A running `recado serve`.
pub struct Server {
    pub url: String,
    child: Child,
}

/// What a finished command said.
pub struct Said {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Installation {
    pub async fn on_shared_postgres() -> Self {
        Self { folder: temp_folder(), database_url: Some(TestDatabase::create_empty().await) }
    }

    pub fn with_private_postgres() -> Self {
        Self { folder: temp_folder(), database_url: None }
    }

    pub fn on(url: &str) -> Self {
        Self { folder: temp_folder(), database_url: Some(url.to_owned()) }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The command, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = recado();
        command.args(args).arg("--data").arg(self.data());
        if let Some(url) = &self.database_url {
            command.arg("--database-url").arg(url);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Said {
        said(&mut self.command(args))
    }

    /// Runs a command that must succeed and print JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        let mut with_json = args.to_vec();
        with_json.push("--json");
        let said = self.run(&with_json);
        assert_eq!(said.code, Some(0), "{args:?}: {}{}", said.stdout, said.stderr);
        serde_json::from_str(said.stdout.trim()).unwrap_or_else(|error| panic!("{args:?}: {error}: {}", said.stdout))
    }

    /// What servers say goes to a file: `RECADO_TEST_LOGS=<folder>` keeps it for looking at.
    fn log(&self) -> Stdio {
        let Ok(folder) = std::env::var("RECADO_TEST_LOGS") else { return Stdio::null() };
        let name = std::thread::current().name().unwrap_or("test").replace(':', "_");
        File::options().create(true).append(true).open(Path::new(&folder).join(name)).map_or_else(|_| Stdio::null(), Stdio::from)
    }

    /// Starts the server with debug logging; everything it says goes to `log`.
    pub fn serve_logging(&self, log: &Path) -> Server {
        let open = || File::options().create(true).append(true).open(log).unwrap();
        self.start(&[], &[("RECADO_LOG", "debug")], Stdio::from(open()), Some(open()))
    }

    /// Starts the server on a free port and waits for its `ready` line.
    pub fn serve(&self, extra: &[&str]) -> Server {
        self.start(extra, &[], self.log(), None)
    }

    /// The same with settings in the environment.
    pub fn serve_with(&self, extra: &[&str], settings: &[(&str, &str)]) -> Server {
        self.start(extra, settings, self.log(), None)
    }

    fn start(&self, extra: &[&str], settings: &[(&str, &str)], stderr: Stdio, mut keep_stdout: Option<File>) -> Server {
        let port = free_port().to_string();
        let mut args = vec!["serve", "--port", &port, "--mode", "dev"];
        args.extend(extra);
        let mut command = self.command(&args);
        command
            .env("RECADO_ALLOW_LOCAL_WEBHOOKS", "1")
            .env("RECADO_GAP_SECONDS", "0-0")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(stderr);
        let mut child = command.spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in std::io::BufRead::lines(std::io::BufReader::new(stdout)).map_while(Result::ok) {
                if let Some(file) = &mut keep_stdout {
                    drop(std::io::Write::write_all(file, line.as_bytes()));
                }
                if let Some(url) = line.strip_prefix("ready ") {
                    drop(sender.send(url.to_owned()));
                }
            }
        });
        match ready.recv_timeout(Duration::from_secs(60)) {
            Ok(url) => Server { url, child },
            Err(_) => {
                drop(child.kill());
                panic!("no ready line; exit status {:?}", child.wait());
            }
        }
    }
}

impl Server {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As the kernel's out-of-memory killer would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; returns how long it took to end.
    pub fn terminate(mut self) -> Duration {
        let begun = std::time::Instant::now();
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status:?}");
        begun.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An orphan would keep its port and its PostgreSQL.
        if self.child.try_wait().ok().flatten().is_none() {
            drop(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status());
            drop(self.child.wait());
        }
    }
}

pub fn recado() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recado"));
    for name in [
        "DATABASE_URL",
        "RECADO_DATA",
        "RECADO_CONFIG",
        "RECADO_CLOCK_OFFSET",
        "RECADO_MASTER_KEY",
        "RECADO_NEW_MASTER_KEY",
        "RECADO_SMTP_URL",
        "RECADO_PUBLIC_URL",
        "RECADO_METRICS_TOKEN",
    ] {
        command.env_remove(name);
    }
    command
}

pub fn said(command: &mut Command) -> Said {
    let output = command.stdin(Stdio::null()).output().unwrap();
    Said {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// PostgreSQL's user must be able to walk into it.
fn temp_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    folder
}

/// An account with one instance, made through the command line.
pub struct Customer {
    pub account: String,
    pub instance: String,
    pub token: String,
}

impl Customer {
    pub fn create(installation: &Installation, email: &str) -> Self {
        let account = installation.json(&[
            "account",
            "create",
            "--email",
            email,
            "--password",
            "uma senha bem longa",
            "--name",
            "Padaria Ipê",
        ]);
        let account = account["account_id"].as_str().unwrap().to_owned();
        let instance = installation.json(&["instance", "create", "--account", &account, "--name", "Balcão"]);
        Self {
            account,
            instance: instance["id"].as_str().unwrap().to_owned(),
            token: instance["token"].as_str().unwrap().to_owned(),
        }
    }

    pub fn base(&self, server: &Server) -> String {
        format!("{}/instances/{}/token/{}", server.url, self.instance, self.token)
    }
}

/// Asks again and again until the answer is what we wait for: the only way to wait for a server from outside.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, attempt: impl Fn() -> F) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = attempt().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub fn exists(path: &Path) -> bool {
    path.exists()
}
