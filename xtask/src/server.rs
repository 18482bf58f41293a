//! A running `recado serve`, started by us and stopped with us.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::signals::stop_wanted;
use crate::step::say;
use crate::{paths, process};

/// Private PostgreSQL, migrations and warm-up included.
const START_LIMIT: Duration = Duration::from_secs(120);
/// The server promises ten seconds; PostgreSQL may take a moment more.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// How to start it.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The executable.
    pub program: PathBuf,
    /// Port; 0 lets it choose.
    pub port: u16,
    /// Data folder.
    pub data: PathBuf,
    /// The built client.
    pub site: PathBuf,
}

impl Setup {
    /// The development build.
    pub fn development(port: u16, data: &Path, site: &Path) -> Self {
        Self { program: paths::dev_server(), port, data: data.to_owned(), site: site.to_owned() }
    }
}

/// The running server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    setup: Setup,
    /// Where it answers, e.g. `http://127.0.0.1:3000`.
    pub address: String,
}

impl Server {
    /// Starts it and waits until it says `ready`.
    ///
    /// # Errors
    /// It ended, said nothing in time, or a signal came meanwhile.
    pub fn start(setup: Setup) -> anyhow::Result<Self> {
        let mut command = recado(&setup);
        command.args(["serve", "--mode", "dev", "--port", &setup.port.to_string()]).arg("--data").arg(&setup.data);
        // A process group of its own: Ctrl-C is for us; we ask the server to stop and wait until it has.
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0).spawn().context("starting the server")?;
        let lines = listen(&mut child);
        let mut server = Self { child, setup, address: String::new() };
        let begin = Instant::now();
        while server.address.is_empty() {
            match lines.recv_timeout(Duration::from_millis(50)) {
                Ok(address) => server.address = address,
                Err(RecvTimeoutError::Disconnected) => bail!("the server ended before it was ready ({})", server.child.wait()?),
                Err(RecvTimeoutError::Timeout) if stop_wanted() => bail!("stopped before the server was ready"),
                Err(RecvTimeoutError::Timeout) if begin.elapsed() > START_LIMIT => bail!("the server was not ready in time"),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        // Whatever else it prints is for the reader thread, which ends with the server.
        Ok(server)
    }

    /// Runs another command of the same executable on the same installation; returns what it printed.
    pub fn command(&self, arguments: &[&str]) -> anyhow::Result<String> {
        process::run_quiet(recado(&self.setup).args(arguments).arg("--data").arg(&self.setup.data))
    }

    /// Waits until the server ends or somebody wants to stop; true when it ended by itself.
    pub fn wait(&mut self) -> anyhow::Result<bool> {
        while !stop_wanted() {
            if self.child.try_wait()?.is_some() {
                return Ok(true);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(false)
    }

    /// Asks it to stop and waits.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        process::terminate(&self.child)?;
        let begin = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begin.elapsed() > STOP_LIMIT {
                say("    the server does not stop; ending it");
                self.child.kill()?;
                self.child.wait()?;
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            say(&format!("    stopping the server: {error:#}"));
        }
    }
}

fn recado(setup: &Setup) -> Command {
    let mut command = Command::new(&setup.program);
    command.env("RECADO_SITE_DIR", &setup.site);
    if std::env::var_os("RECADO_ALLOW_LOCAL_WEBHOOKS").is_none() {
        command.env("RECADO_ALLOW_LOCAL_WEBHOOKS", "1");
    }
    command
}

/// Passes the address of the `ready` line on; keeps reading, so that the server never waits for us.
fn listen(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            process::read_lines(stdout, &mut |line| {
                if let Some(address) = line.strip_prefix("ready ") {
                    // Nobody listens after the first one.
                    let _ = sender.send(address.trim().to_owned());
                }
            });
        });
    }
    receiver
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn setup(program: &str, data: &Path) -> Setup {
        let program = paths::root().join("xtask/fixtures").join(program);
        Setup { program, port: 4999, data: data.to_owned(), site: data.to_owned() }
    }

    #[test]
    fn it_is_ready_when_it_says_so_and_is_asked_to_stop() {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Server::start(setup("recado-stand-in", folder.path())).unwrap();
        assert_eq!(server.address, "http://127.0.0.1:4999");
        assert!(server.command(&["demo", "--json"]).unwrap().starts_with("demo --json --data /"));
        server.stop().unwrap();
        assert!(folder.path().join("stopped").exists());
    }

    #[test]
    fn one_that_ends_before_it_is_ready_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = Server::start(setup("/bin/true", folder.path())).unwrap_err();
        assert!(error.to_string().contains("before it was ready"), "{error}");
    }
}
