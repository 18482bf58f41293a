//! The server as a process: started, killed, asked to stop, started again on the same port and the same data.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Recovery of PostgreSQL included.
const START_LIMIT: Duration = Duration::from_secs(90);
/// The server promises ten seconds.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// Where and how the server runs.
#[derive(Debug)]
pub struct Program {
    executable: PathBuf,
    /// Data folder.
    pub data: PathBuf,
    /// Where its words go.
    pub log: PathBuf,
    port: u16,
    /// How many minutes its clock is ahead; it only grows.
    ahead: u32,
    child: Option<Child>,
}

impl Program {
    /// Nothing runs yet.
    pub fn new(executable: PathBuf, data: PathBuf, log: PathBuf) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        Ok(Self { executable, data, log, port, ahead: 0, child: None })
    }

    /// Where it answers, whichever process it is.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(&self.executable);
        for name in ["DATABASE_URL", "RECADO_DATA", "RECADO_CONFIG", "RECADO_MASTER_KEY", "RECADO_PUBLIC_URL", "RECADO_SMTP_URL"]
        {
            command.env_remove(name);
        }
        let log = File::options().create(true).append(true).open(&self.log).context("opening the server's log")?;
        command
            .env("RECADO_ALLOW_LOCAL_WEBHOOKS", "1")
            .env("RECADO_GAP_SECONDS", "0-0")
            .env("RECADO_CLOCK_OFFSET", format!("{}m", self.ahead))
            .stdin(Stdio::null())
            .stderr(log)
            .kill_on_drop(true);
        Ok(command)
    }

    /// Starts it and waits until it says `ready`.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let mut command = self.command()?;
        command.args(["serve", "--mode", "dev", "--port", &self.port.to_string()]).arg("--data").arg(&self.data);
        let mut child = command.stdout(Stdio::piped()).spawn().context("starting the server")?;
        let stdout = child.stdout.take().context("the server's output")?;
        let mut lines = BufReader::new(stdout).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await? {
                if line.starts_with("ready ") {
                    return Ok(());
                }
            }
            bail!("the server ended before it was ready; its log is {}", self.log.display())
        };
        tokio::time::timeout(START_LIMIT, ready).await.context("the server was not ready in time")??;
        // Whatever else it says must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.child = Some(child);
        Ok(())
    }

    /// As the kernel's out-of-memory killer would.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await.context("killing the server")?;
        }
        Ok(())
    }

    /// In order; killed when it does not end.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        if let Some(pid) = child.id() {
            Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        }
        if tokio::time::timeout(STOP_LIMIT, child.wait()).await.is_err() {
            child.kill().await?;
            bail!("the server did not stop within {} s", STOP_LIMIT.as_secs());
        }
        Ok(())
    }

    /// Whether it died by itself, which it never may.
    pub fn died(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().ok().flatten().is_some())
    }

    /// The next server's clock is this many minutes further on: what is due later is due then.
    pub const fn move_clock(&mut self, minutes: u32) {
        self.ahead += minutes;
    }

    /// Runs another command of the same executable and returns the JSON it prints.
    pub async fn json(&self, args: &[&str]) -> anyhow::Result<Value> {
        let mut command = self.command()?;
        let output = command.args(args).args(["--json", "--data"]).arg(&self.data).output().await?;
        anyhow::ensure!(output.status.success(), "{args:?} ended with {}; see {}", output.status, self.log.display());
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}
