//! Settings: one TOML file (`recado.toml` in the data folder, or `RECADO_CONFIG`), overridden by environment variables, checked at start.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use ipnet::IpNet;
use recado_billing::PixReceiver;
use recado_kernel::{Money, Secret};
use recado_messaging::WarmUpPlan;
use serde::Deserialize;

use crate::listen::Limits;
use crate::problem::Problem;

/// Far above every real price, far below what amounts can hold when a month is added up.
const MOST_PRICE_CENTS: i64 = 100_000_000;

/// A shorter token could be guessed.
const SHORTEST_TOKEN: usize = 16;

/// Development or production.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// Mail can be read at /dev/mail, the clock may be shifted, cookies work without https.
    Dev,
    /// None of that.
    Production,
}

/// All settings. Each key can be given as `RECADO_<KEY>` in the environment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address people and webhooks' links use, e.g. `https://recado.example.com`. Default: the address listened on.
    pub public_url: Option<String>,
    /// `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. Default: mail goes to the data folder.
    pub smtp_url: Option<String>,
    /// Sender of mail, e.g. `Recado <nao-responda@example.com>`.
    pub mail_from: Option<String>,
    /// Permits http:// and loopback webhook receivers. Local work and tests only.
    pub allow_local_webhooks: Option<bool>,
    /// S3-compatible bucket for files of messages, e.g. `my-bucket` or `my-bucket/recado`; endpoint and keys come from `AWS_ENDPOINT_URL`,
    /// `AWS_REGION`, `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. Default: folder `media` in the data folder.
    pub media_bucket: Option<String>,
    /// Unknown REST routes answer 200 with an error body, exactly as Z-API does.
    pub strict_zapi_status: Option<bool>,
    /// The simulated WhatsApp. Default: on.
    pub simulator: Option<bool>,
    /// Monthly price of one instance of plan PRO, in BRL. Default 99.90.
    pub plan_price: Option<Money>,
    /// Pix key invoices are paid to (CPF, CNPJ, e-mail, phone or random key), with the receiver's name and city as banks show them.
    pub pix_key: Option<String>,
    /// At most 25 characters are shown.
    pub pix_name: Option<String>,
    /// At most 15 characters are shown.
    pub pix_city: Option<String>,
    /// Seconds between two messages of a queue: shortest and longest. Default 1 and 3 (plugzapi-api.md 4).
    pub gap_seconds: Option<(u32, u32)>,
    /// How long a cancelled subscription stays usable, in days. Default 30 (plugzapi-api.md 2.12).
    pub cancel_grace_days: Option<u32>,
    /// When an instance that nobody pays for is deleted, in days after its trial or service ended. Default 7.
    pub delete_unpaid_days: Option<u32>,
    /// New contacts a freshly linked number may write to on its first days, e.g. `20, 30, 50`. Default: two weeks.
    pub warm_up_plan: Option<String>,
    /// Days a command id is remembered, so that a repeat is recognised. Default 30, at least 7.
    pub command_log_days: Option<i64>,
    /// Addresses or networks of your own reverse proxies, e.g. `["10.0.0.0/8"]` (environment: separated by commas). Only what they say in
    /// `X-Forwarded-For` counts as a caller's address, for the accounts' lists of allowed addresses. Default: none.
    pub trusted_proxies: Option<Vec<String>>,
    /// Connections of clients at once; later ones wait, and idle ones are closed for them. Default 4096, from 16.
    pub http_connections: Option<u32>,
    /// Seconds a request's head may take, and a connection may be idle between two requests. Default 60, from 1 to 600.
    pub http_head_seconds: Option<u32>,
    /// KiB of a request's head (request line and headers) above which it is refused, at the latest at twice as much. Default 64, from 8 to
    /// 1024.
    pub http_head_kilobytes: Option<u32>,
    /// Whoever shows it (`Authorization: Bearer …`), and nobody else, may read `/metrics`. Default: only this machine, while `public_url`
    /// is no public address.
    #[serde(deserialize_with = "secret")]
    pub metrics_token: Option<Secret<String>>,
}

fn secret<'de, D: serde::Deserializer<'de>>(given: D) -> Result<Option<Secret<String>>, D::Error> {
    Ok(Option::<String>::deserialize(given)?.map(Secret::new))
}

impl Settings {
    /// Reads file and environment.
    ///
    /// # Errors
    /// A [`Problem`] naming the key and what it should look like.
    pub fn load(data: &Path) -> Result<Self, Problem> {
        let given = std::env::var("RECADO_CONFIG").ok().map(std::path::PathBuf::from);
        let path = given.clone().unwrap_or_else(|| data.join("recado.toml"));
        let mut settings: Self = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| Problem::new(format!("{}: {error}", path.display())))?,
            Err(error) if given.is_some() => return Err(Problem::new(format!("RECADO_CONFIG={}: {error}", path.display()))),
            Err(_) => Self::default(),
        };
        settings.override_from(|key| std::env::var(key).ok().filter(|value| !value.is_empty()))?;
        settings.check()?;
        Ok(settings)
    }

    /// What clients may take.
    pub fn limits(&self) -> Limits {
        let given = |setting: Option<u32>| setting.and_then(|given| usize::try_from(given).ok());
        let usual = Limits::default();
        Limits {
            connections: given(self.http_connections).unwrap_or(usual.connections),
            head_timeout: self.http_head_seconds.map_or(usual.head_timeout, |seconds| Duration::from_secs(seconds.into())),
            head_bytes: given(self.http_head_kilobytes).map_or(usual.head_bytes, |kilobytes| kilobytes * 1_024),
            ..usual
        }
    }

    fn override_from(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), Problem> {
        let switch = |key: &str| match variable(key).as_deref() {
            None => Ok(None),
            Some("1" | "true" | "on" | "yes") => Ok(Some(true)),
            Some("0" | "false" | "off" | "no") => Ok(Some(false)),
            Some(_) => Err(Problem::new(format!("{key} must be 1 or 0"))),
        };
        self.public_url = variable("RECADO_PUBLIC_URL").or(self.public_url.take());
        self.smtp_url = variable("RECADO_SMTP_URL").or(self.smtp_url.take());
        self.media_bucket = variable("RECADO_MEDIA_BUCKET").or(self.media_bucket.take());
        self.mail_from = variable("RECADO_MAIL_FROM").or(self.mail_from.take());
        self.pix_key = variable("RECADO_PIX_KEY").or(self.pix_key.take());
        self.pix_name = variable("RECADO_PIX_NAME").or(self.pix_name.take());
        self.pix_city = variable("RECADO_PIX_CITY").or(self.pix_city.take());
        self.metrics_token = variable("RECADO_METRICS_TOKEN").map(Secret::new).or(self.metrics_token.take());
        if let Some(proxies) = variable("RECADO_TRUSTED_PROXIES") {
            self.trusted_proxies = Some(proxies.split(',').map(|proxy| proxy.trim().to_owned()).collect());
        }
        self.allow_local_webhooks = switch("RECADO_ALLOW_LOCAL_WEBHOOKS")?.or(self.allow_local_webhooks);
        self.strict_zapi_status = switch("RECADO_STRICT_ZAPI_STATUS")?.or(self.strict_zapi_status);
        self.simulator = switch("RECADO_SIMULATOR")?.or(self.simulator);
        if let Some(price) = variable("RECADO_PLAN_PRICE") {
            self.plan_price = Some(
                price.parse().map_err(|error| Problem::new(format!("RECADO_PLAN_PRICE: {error}; write for example 99.90")))?,
            );
        }
        if let Some(days) = variable("RECADO_COMMAND_LOG_DAYS") {
            self.command_log_days =
                Some(days.parse().map_err(|_| Problem::new("RECADO_COMMAND_LOG_DAYS must be a whole number of days"))?);
        }
        let days = |key: &str| match variable(key) {
            None => Ok(None),
            Some(days) => days.parse().map(Some).map_err(|_| Problem::new(format!("{key} must be a whole number of days"))),
        };
        self.cancel_grace_days = days("RECADO_CANCEL_GRACE_DAYS")?.or(self.cancel_grace_days);
        self.delete_unpaid_days = days("RECADO_DELETE_UNPAID_DAYS")?.or(self.delete_unpaid_days);
        self.warm_up_plan = variable("RECADO_WARM_UP_PLAN").or(self.warm_up_plan.take());
        for (key, setting) in [
            ("RECADO_HTTP_CONNECTIONS", &mut self.http_connections),
            ("RECADO_HTTP_HEAD_SECONDS", &mut self.http_head_seconds),
            ("RECADO_HTTP_HEAD_KILOBYTES", &mut self.http_head_kilobytes),
        ] {
            if let Some(given) = variable(key) {
                *setting = Some(given.parse().map_err(|_| Problem::new(format!("{key} must be a whole number")))?);
            }
        }
        if let Some(gap) = variable("RECADO_GAP_SECONDS") {
            let parsed = gap.split_once('-').and_then(|(low, high)| Some((low.trim().parse().ok()?, high.trim().parse().ok()?)));
            self.gap_seconds = Some(parsed.ok_or_else(|| Problem::new("RECADO_GAP_SECONDS must look like 1-3"))?);
        }
        Ok(())
    }

    /// To whom invoices are paid by Pix, if the operator said so.
    ///
    /// # Errors
    /// A [`Problem`] naming what is missing or wrong.
    pub fn pix_receiver(&self) -> Result<Option<PixReceiver>, Problem> {
        let (key, name, city) = match (&self.pix_key, &self.pix_name, &self.pix_city) {
            (None, None, None) => return Ok(None),
            (Some(key), Some(name), Some(city)) => (key, name, city),
            _ => return Err(Problem::new("pix_key, pix_name and pix_city belong together: set all three or none")),
        };
        let wrong = |error| Problem::new(format!("pix_key, pix_name, pix_city: {error}"));
        PixReceiver::new(key.parse().map_err(wrong)?, name, city).map(Some).map_err(wrong)
    }

    /// The operator's reverse proxies.
    ///
    /// # Errors
    /// Something that is no address.
    pub fn proxies(&self) -> Result<Vec<IpNet>, Problem> {
        let read = |text: &String| {
            let single = || text.parse::<IpAddr>().map(IpNet::from).ok();
            text.parse::<IpNet>().ok().or_else(single).ok_or_else(|| {
                Problem::new(format!("trusted_proxies: {text} is neither an address (10.0.0.7) nor a network (10.0.0.0/8)"))
            })
        };
        self.trusted_proxies.iter().flatten().map(read).collect()
    }

    fn check(&self) -> Result<(), Problem> {
        self.proxies()?;
        if let Some(url) = &self.public_url
            && (!(url.starts_with("http://") || url.starts_with("https://")) || url.ends_with('/'))
        {
            return Err(Problem::new("public_url must start with https:// (or http://) and have no slash at the end"));
        }
        if self.metrics_token.as_ref().is_some_and(|token| token.expose().trim().len() < SHORTEST_TOKEN) {
            return Err(Problem::new(format!(
                "metrics_token must have at least {SHORTEST_TOKEN} characters: take for example the output of `openssl rand -hex 24`"
            )));
        }
        if self.plan_price.is_some_and(|price| price.is_negative() || price > Money::from_cents(MOST_PRICE_CENTS)) {
            return Err(Problem::new("plan_price must be from 0.00 to 1000000.00"));
        }
        self.pix_receiver()?;
        let fewest = recado_event_store::prune::FEWEST_COMMAND_LOG_DAYS;
        if self.command_log_days.is_some_and(|days| !(fewest..=3_650).contains(&days)) {
            return Err(Problem::new(format!("command_log_days must be from {fewest} to 3650: commands are retried for days")));
        }
        for (key, days) in [("cancel_grace_days", self.cancel_grace_days), ("delete_unpaid_days", self.delete_unpaid_days)] {
            if days.is_some_and(|days| days > 3_650) {
                return Err(Problem::new(format!("{key} must be from 0 to 3650")));
            }
        }
        if self.warm_up_plan.as_deref().is_some_and(|plan| WarmUpPlan::parse(plan).is_err()) {
            return Err(Problem::new("warm_up_plan must be 1 to 90 whole numbers, for example 20, 30, 50"));
        }
        for (name, given, range) in [
            ("http_connections", self.http_connections, 16..=1_000_000),
            ("http_head_seconds", self.http_head_seconds, 1..=600),
            ("http_head_kilobytes", self.http_head_kilobytes, 8..=1_024),
        ] {
            if given.is_some_and(|given| !range.contains(&given)) {
                return Err(Problem::new(format!("{name} must be from {} to {}", range.start(), range.end())));
            }
        }
        if self.gap_seconds.is_some_and(|(low, high)| low > high || high > 60) {
            return Err(Problem::new("gap_seconds must be two whole seconds from 0 to 60, the smaller first"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Settings, Problem> {
        let mut settings = Settings::default();
        settings.override_from(|key| pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned()))?;
        settings.check().map(|()| settings)
    }

    #[test]
    fn the_environment_overrides_and_nonsense_is_named() {
        assert_eq!(with(&[("RECADO_ALLOW_LOCAL_WEBHOOKS", "1")]).map(|s| s.allow_local_webhooks).ok(), Some(Some(true)));
        assert_eq!(with(&[("RECADO_DELETE_UNPAID_DAYS", "3")]).map(|s| s.delete_unpaid_days).ok(), Some(Some(3)));
        assert_eq!(with(&[("RECADO_GAP_SECONDS", "0-0")]).map(|s| s.gap_seconds).ok(), Some(Some((0, 0))));
        let pix = [("RECADO_PIX_KEY", "financeiro@example.com"), ("RECADO_PIX_NAME", "Recado"), ("RECADO_PIX_CITY", "Goiânia")];
        assert!(with(&pix).is_ok_and(|settings| settings.pix_receiver().is_ok_and(|receiver| receiver.is_some())));
        for bad in [
            ("RECADO_SIMULATOR", "maybe"),
            ("RECADO_PLAN_PRICE", "9,90"),
            ("RECADO_PLAN_PRICE", "-1"),
            ("RECADO_PLAN_PRICE", "7922816251426433759354395033"),
            ("RECADO_PUBLIC_URL", "ftp://x"),
            ("RECADO_GAP_SECONDS", "3-1"),
            ("RECADO_COMMAND_LOG_DAYS", "2"),
            ("RECADO_COMMAND_LOG_DAYS", "many"),
            ("RECADO_METRICS_TOKEN", "short"),
            ("RECADO_PIX_KEY", "financeiro@example.com"),
            ("RECADO_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example.com"),
            ("RECADO_WARM_UP_PLAN", "many"),
            ("RECADO_DELETE_UNPAID_DAYS", "-1"),
            ("RECADO_HTTP_CONNECTIONS", "1"),
            ("RECADO_HTTP_HEAD_SECONDS", "0"),
            ("RECADO_HTTP_HEAD_KILOBYTES", "1"),
            ("RECADO_HTTP_HEAD_KILOBYTES", "64k"),
        ] {
            assert!(with(&[bad]).is_err(), "{bad:?}");
        }
    }
}
