//! A private PostgreSQL cluster below a folder: started when nobody gave us a database, stopped by whoever uses it last.
//!
//! Unix socket only, so that two checkouts never collide. PostgreSQL refuses to run as root: as root it runs as the `postgres` user. A
//! cluster left behind by a killed process is found running and used again.

mod backup;
mod install;
mod layout;
mod remove;

use std::fs::File;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub use backup::put_back;
pub use install::Install;
pub use layout::Layout;

/// Why there is no cluster.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No binaries on this machine.
    #[error(
        "PostgreSQL is not installed: install the package `postgresql` (Debian, Ubuntu: apt-get install postgresql), or set DATABASE_URL"
    )]
    NotInstalled,
    /// Root, and no unprivileged user to run it as.
    #[error(
        "PostgreSQL cannot run as root and there is no user `postgres`: install the package `postgresql`, or start as an ordinary user"
    )]
    NoUser,
    /// A file or folder could not be made or used.
    #[error("{what} {path}: {source}")]
    File {
        /// What was tried.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Which.
        program: &'static str,
        /// Its last words.
        output: String,
    },
    /// A server or command runs on it.
    #[error("{0} is in use: stop the server that runs on it first")]
    InUse(PathBuf),
    /// There is a cluster where one was to be put.
    #[error("there is a PostgreSQL cluster in {0} already: choose another folder")]
    Exists(PathBuf),
    /// Not a copy that [`Cluster::copy_to`] made.
    #[error("{0} is not a copy of a PostgreSQL cluster: its backup_manifest is missing")]
    NoCopy(PathBuf),
    /// It did not answer in time.
    #[error("PostgreSQL did not start within {seconds} s; its log is {log}")]
    NotReady {
        /// How long we waited.
        seconds: u64,
        /// Where to look.
        log: PathBuf,
    },
}

/// Trade durability for speed? Only tests may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// fsync on: the product and every benchmark.
    Full,
    /// fsync off: throw-away clusters of tests.
    None,
}

/// A running cluster in use by this process.
#[derive(Debug)]
pub struct Cluster {
    install: Install,
    layout: Layout,
    users: Option<File>,
}

/// PostgreSQL's log must not repeat values: an error's text and detail quote them (`Key (key)=(…)`, `Failing row contains (…)`). Errors
/// reach us as answers, so the log keeps to the server's own affairs. Given on the command line, so that clusters made earlier obey too.
const SILENCE: [&str; 10] = [
    "-c",
    "log_min_messages=log",
    "-c",
    "log_min_error_statement=panic",
    "-c",
    "log_error_verbosity=terse",
    "-c",
    "log_parameter_max_length=0",
    "-c",
    "log_parameter_max_length_on_error=0",
];

impl Cluster {
    /// Starts the cluster below `folder`, or joins the one that runs there.
    ///
    /// # Errors
    /// Missing binaries or users, a folder that cannot be used, or PostgreSQL's own troubles.
    pub fn start(folder: &Path, durability: Durability) -> Result<Self, ClusterError> {
        let install = Install::find()?;
        let layout = Layout::below(folder, &install)?;
        layout.prepare(&install)?;
        let starting = lock_file(&layout.root.join("start.lock"))?;
        starting.lock().map_err(file_error("lock", &layout.root))?;
        let users = lock_file(&layout.root.join("users.lock"))?;
        users.lock_shared().map_err(file_error("lock", &layout.root))?;
        let cluster = Self { install, layout, users: Some(users) };
        if !cluster.answers() {
            cluster.initialise(durability)?;
            cluster.launch()?;
        }
        Ok(cluster)
    }

    /// For `DATABASE_URL`: database `recado`, created on the first start.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("recado")
    }

    /// The same for another database name.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        let host: String =
            self.layout
                .socket
                .to_string_lossy()
                .bytes()
                .map(|b| {
                    if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                        char::from(b).to_string()
                    } else {
                        format!("%{b:02X}")
                    }
                })
                .collect();
        format!("postgres://postgres@{host}/{database}")
    }

    /// PostgreSQL's data folder (`PGDATA`).
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.layout.data
    }

    /// Lets go of the cluster and stops it when nobody else uses it. Called by `Drop` as well.
    pub fn stop(mut self) {
        self.leave();
    }

    /// Stops it whether or not others use it (a test's fault injection, or `--fresh`).
    ///
    /// # Errors
    /// `pg_ctl` failed.
    pub fn stop_now(&self, mode: &str) -> Result<(), ClusterError> {
        self.run("pg_ctl", &["-D", &self.layout.data.to_string_lossy(), "-m", mode, "-w", "stop"])
    }

    /// Starts it again after [`Self::stop_now`].
    ///
    /// # Errors
    /// It does not come up.
    pub fn start_again(&self) -> Result<(), ClusterError> {
        self.launch()
    }

    fn leave(&mut self) {
        let Some(users) = self.users.take() else { return };
        drop(users.unlock());
        if users.try_lock().is_ok()
            && let Err(error) = self.stop_now("fast")
        {
            tracing::warn!(%error, "the private PostgreSQL did not stop");
        }
    }

    fn answers(&self) -> bool {
        self.layout.data.join("postmaster.pid").exists()
            && self.run("pg_isready", &["-q", "-h", &self.layout.socket.to_string_lossy()]).is_ok()
    }

    fn initialise(&self, durability: Durability) -> Result<(), ClusterError> {
        let data = &self.layout.data;
        if data.join("PG_VERSION").exists() {
            return Ok(());
        }
        self.run(
            "initdb",
            &[
                "-D",
                &data.to_string_lossy(),
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
            ],
        )?;
        let durable = if durability == Durability::Full { "on" } else { "off" };
        let config = format!(
            "\n# Recado: reachable through a socket in a private folder only.\nlisten_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 200\n\
             fsync = {durable}\nsynchronous_commit = {durable}\nfull_page_writes = {durable}\nidle_in_transaction_session_timeout = '30s'\n\
             shared_buffers = '128MB'\nmax_prepared_transactions = 0\n",
            self.layout.socket.display()
        );
        let path = data.join("postgresql.conf");
        let mut file = File::options().append(true).open(&path).map_err(file_error("open", &path))?;
        file.write_all(config.as_bytes()).map_err(file_error("write", &path))
    }

    fn launch(&self) -> Result<(), ClusterError> {
        let log_path = self.layout.root.join("postgres.log");
        let log = File::options().create(true).append(true).open(&log_path).map_err(file_error("open", &log_path))?;
        let log_again = log.try_clone().map_err(file_error("open", &log_path))?;
        // A process group of its own: Ctrl-C is for us; we stop PostgreSQL after the last connection is closed.
        let mut command = self.command("postgres");
        // A cluster that was put back from a copy still names the socket folder it had elsewhere.
        command.arg("-D").arg(&self.layout.data).args(["-c", "listen_addresses=", "-k"]).arg(&self.layout.socket).args(SILENCE);
        command.stdin(Stdio::null()).stdout(log).stderr(log_again).process_group(0);
        let mut child = command.spawn().map_err(file_error("start postgres in", &self.layout.data))?;
        let limit = Duration::from_secs(30);
        let begun = Instant::now();
        while !self.answers() {
            let died = child.try_wait().ok().flatten().is_some();
            if died || begun.elapsed() > limit {
                return Err(ClusterError::NotReady { seconds: begun.elapsed().as_secs(), log: log_path });
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        // Reaped in the background so that a stopped cluster does not stay behind as a zombie.
        std::thread::spawn(move || drop(child.wait()));
        match self.run("createdb", &["-h", &self.layout.socket.to_string_lossy(), "-U", "postgres", "recado"]) {
            Err(ClusterError::Program { output, .. }) if !output.contains("already exists") => {
                Err(ClusterError::Program { program: "createdb", output })
            }
            Err(error @ ClusterError::File { .. }) => Err(error),
            _ => Ok(()),
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.install.bin.join(program));
        command.current_dir("/").env("LC_ALL", "C");
        if let Some((uid, gid)) = self.install.run_as {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn run(&self, program: &'static str, args: &[&str]) -> Result<(), ClusterError> {
        let output = self
            .command(program)
            .args(args)
            .stdin(Stdio::null())
            .output()
            .map_err(file_error("run", &self.install.bin.join(program)))?;
        if output.status.success() {
            return Ok(());
        }
        let text = [output.stdout, output.stderr].concat();
        Err(ClusterError::Program { program, output: String::from_utf8_lossy(&text).trim().to_owned() })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.leave();
    }
}

fn lock_file(path: &Path) -> Result<File, ClusterError> {
    File::options().create(true).truncate(false).read(true).write(true).open(path).map_err(file_error("open", path))
}

pub(crate) fn file_error(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ClusterError {
    let path = path.to_owned();
    move |source| ClusterError::File { what, path, source }
}
