//! `recado demo`: the account of the README's tour. Running it again prints the same credentials and changes nothing.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use recado_accounts::{CreateAccount, CreateStaff, StaffRole};
use recado_kernel::{Actor, Door, Name, Secret};
use serde_json::{Value, json};

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

const FILE: &str = "demo.json";

/// Create the demonstration account, once.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let path = place.data.join(FILE);
        if let Ok(text) = std::fs::read_to_string(&path) {
            print(&serde_json::from_str(&text).with_context(|| format!("{} is damaged: delete it", path.display()))?, self.json);
            return Ok(());
        }
        let session = Session::open(place).await?;
        let created = create(&session).await;
        session.close().await?;
        let value = created?;
        keep(&path, &value)?;
        print(&value, self.json);
        Ok(())
    }
}

async fn create(session: &Session) -> anyhow::Result<Value> {
    let contexts = &session.contexts;
    let password = || URL_SAFE_NO_PAD.encode(contexts.platform.random_bytes::<9>());
    let (owner, finance, support) = (password(), password(), password());
    let form = CreateAccount {
        email: "demo@recado.example.com".into(),
        password: Secret::new(owner.clone()),
        name: "Padaria Ipê".into(),
    };
    let account = contexts.accounts.create_verified_account(form).await.map_err(|error| {
        Problem::new(format!("the demonstration account: {error}. Was it made before without {FILE}? Start over with --fresh"))
    })?;
    let mut instances = vec![];
    for name in ["Atendimento", "Entregas"] {
        let name: Name = name.parse()?;
        let meta = contexts.platform.meta(account.account_id, Actor::System("demo".into()), Door::Job);
        let instance = contexts.messaging.create_instance(meta, name.clone()).await?;
        instances.push(json!({"name": name, "id": instance.id.public(), "token": instance.token.expose()}));
    }
    for (email, password, role) in [
        ("financeiro@recado.example.com", &finance, StaffRole::Finance),
        ("suporte@recado.example.com", &support, StaffRole::Support),
    ] {
        let form = CreateStaff { email: email.into(), password: Secret::new(password.clone()), role };
        contexts.accounts.create_staff(form).await?;
    }
    Ok(json!({
        "account": {"email": "demo@recado.example.com", "password": owner, "id": account.account_id.to_string()},
        "finance": {"email": "financeiro@recado.example.com", "password": finance},
        "support": {"email": "suporte@recado.example.com", "password": support},
        "instances": instances,
    }))
}

/// Readable by the operator only: it holds passwords.
fn keep(path: &Path, value: &Value) -> anyhow::Result<()> {
    let mut file = std::fs::File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    std::io::Write::write_all(&mut file, value.to_string().as_bytes())?;
    Ok(())
}
