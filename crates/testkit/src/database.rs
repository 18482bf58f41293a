//! A database per test, copied from a migrated template.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicU64, Ordering};

use recado_postgres::{Cluster, Durability};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool};
use tokio::sync::OnceCell;

static SERVER: OnceCell<Server> = OnceCell::const_new();
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A database of its own for one test.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    /// Connections to it.
    pub pool: PgPool,
    /// For programs that want a `DATABASE_URL`.
    pub url: String,
}

/// Database name to URL.
type UrlOf = Box<dyn Fn(&str) -> String + Send + Sync>;

struct Server {
    url_of: UrlOf,
    template: String,
    // Keeps our own cluster in use for as long as the test process lives.
    _cluster: Option<Cluster>,
}

/// Differs between calls and between processes.
pub(crate) fn unique_number() -> u64 {
    let since_boot = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos();
    let low = u64::try_from(since_boot & u128::from(u64::MAX)).unwrap_or_default();
    low ^ (u64::from(std::process::id()) << 40) ^ COUNTER.fetch_add(1, Ordering::Relaxed)
}

impl TestDatabase {
    /// Copies the template.
    pub async fn create() -> Self {
        let server = SERVER.get_or_init(Server::start).await;
        let name = format!("test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect(&(server.url_of)("postgres")).await;
        run(&mut admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
        run(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE {}", server.template)).await;
        let url = (server.url_of)(&name);
        let pool = PgPoolOptions::new().max_connections(16).connect(&url).await.expect("the test's database answers");
        Self { pool, url }
    }

    /// A database without our schema.
    pub async fn create_empty() -> String {
        let server = SERVER.get_or_init(Server::start).await;
        let name = format!("empty_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect(&(server.url_of)("postgres")).await;
        run(&mut admin, &format!("CREATE DATABASE {name}")).await;
        (server.url_of)(&name)
    }
}

impl Server {
    /// `RECADO_TEST_DATABASE_URL` names a server; without it the tests run one of their own below the target folder, without fsync.
    async fn start() -> Self {
        let (url_of, cluster): (UrlOf, Option<Cluster>) = match std::env::var("RECADO_TEST_DATABASE_URL") {
            Ok(url) => {
                let (base, _) = url.rsplit_once('/').expect("RECADO_TEST_DATABASE_URL ends with /database");
                let base = base.to_owned();
                (Box::new(move |name| format!("{base}/{name}")), None)
            }
            Err(_) => {
                let folder = test_folder();
                let cluster = tokio::task::spawn_blocking(move || Cluster::start(&folder, Durability::None))
                    .await
                    .unwrap()
                    .expect("the tests' PostgreSQL starts");
                let pattern = cluster.url_of("{name}");
                (Box::new(move |name| pattern.replace("{name}", name)), Some(cluster))
            }
        };
        remove_leftovers(&url_of).await;
        let template = migrated_template(&url_of).await;
        Self { url_of, template, _cluster: cluster }
    }
}

/// Databases of test programs that have ended: hundreds of them fill a disk.
async fn remove_leftovers(url_of: &(dyn Fn(&str) -> String + Send + Sync)) {
    let mut admin = connect(&url_of("postgres")).await;
    let names: Vec<String> = sqlx::query_scalar("SELECT datname FROM pg_database WHERE datname ~ '^(test|empty)_[0-9]+_[0-9]+$'")
        .fetch_all(&mut admin)
        .await
        .expect("the list of databases");
    for name in names {
        let ended = name.split('_').nth(1).is_some_and(|pid| !std::path::Path::new("/proc").join(pid).exists());
        if ended {
            // Another program that starts now may be removing it as well.
            drop(sqlx::query(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).execute(&mut admin).await);
        }
    }
}

/// Test programs of several processes share one template: whoever gets the advisory lock first makes it.
async fn migrated_template(url_of: &(dyn Fn(&str) -> String + Send + Sync)) -> String {
    let template = format!("template_{:016x}", recado_event_store::migrations::fingerprint());
    let mut admin = connect(&url_of("postgres")).await;
    sqlx::query("SELECT pg_advisory_lock(7263)").execute(&mut admin).await.unwrap();
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)")
        .bind(&template)
        .fetch_one(&mut admin)
        .await
        .unwrap();
    if !exists {
        run(&mut admin, &format!("DROP DATABASE IF EXISTS {template}")).await;
        run(&mut admin, &format!("CREATE DATABASE {template}")).await;
        let pool = PgPoolOptions::new().max_connections(1).connect(&url_of(&template)).await.expect("the template answers");
        recado_event_store::migrations::run(&pool).await.expect("the migrations run");
        pool.close().await;
        run(&mut admin, &format!("ALTER DATABASE {template} WITH IS_TEMPLATE true")).await;
    }
    sqlx::query("SELECT pg_advisory_unlock(7263)").execute(&mut admin).await.unwrap();
    template
}

fn test_folder() -> PathBuf {
    // Beside the test programs: .../target/debug/deps/x -> .../target/test-postgres
    let program = std::env::current_exe().expect("the test knows its own program");
    let target = program
        .ancestors()
        .find(|folder| folder.file_name().is_some_and(|name| name == "debug" || name == "release"))
        .and_then(std::path::Path::parent);
    target.map_or_else(std::env::temp_dir, std::path::Path::to_owned).join("test-postgres")
}

async fn connect(url: &str) -> sqlx::PgConnection {
    let options = PgConnectOptions::from_str(url).expect("a database URL");
    options.connect().await.expect("the tests' PostgreSQL answers")
}

async fn run(connection: &mut sqlx::PgConnection, statement: &str) {
    sqlx::query(statement).execute(connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}
