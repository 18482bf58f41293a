//! Makes what a run needs: one account, its numbers, linked to simulated phones, with the receiver as their webhook.

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::program::Program;

/// A linked number.
#[derive(Debug)]
pub struct Instance {
    /// The base of its routes.
    pub base: String,
}

/// Everything is made over plain HTTP but what only a person can do.
pub async fn instances(program: &Program, http: &reqwest::Client, count: usize, webhook: &str) -> anyhow::Result<Vec<Instance>> {
    let who = ["account", "create", "--email", "rig@example.com", "--password", "uma senha bem longa", "--name", "Padaria Ipê"];
    let account = program.json(&who).await?;
    let token = account["client_token"].as_str().context("an account without a token")?.to_owned();
    let mut made = Vec::new();
    for n in 0..count {
        let create = http.post(format!("{}/instances/integrator/on-demand", program.address())).bearer_auth(&token);
        let born = answer(create.json(&json!({ "name": format!("Número {n}") }))).await?;
        let text = |field: &str| born[field].as_str().map(str::to_owned).with_context(|| format!("an instance without {field}"));
        let (id, token) = (text("id")?, text("token")?);
        let base = format!("{}/instances/{id}/token/{token}", program.address());
        answer(http.put(format!("{base}/update-every-webhooks")).json(&json!({ "value": webhook }))).await?;
        program.json(&["sim", "scan", "--instance", &id, "--phone", &format!("55639{n:04}7777")]).await?;
        made.push(Instance { base });
    }
    for instance in &made {
        wait_until_connected(http, instance).await?;
    }
    Ok(made)
}

async fn wait_until_connected(http: &reqwest::Client, instance: &Instance) -> anyhow::Result<()> {
    for _ in 0..200 {
        if answer(http.get(format!("{}/status", instance.base))).await?["connected"] == true {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("a number that was scanned does not get connected")
}

async fn answer(request: reqwest::RequestBuilder) -> anyhow::Result<Value> {
    let answer = request.send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    anyhow::ensure!(status.is_success(), "the setup was answered {status}: {text}");
    Ok(serde_json::from_str(&text)?)
}
