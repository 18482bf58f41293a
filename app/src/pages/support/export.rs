//! An account's history as a file for whoever has to prove it. Recorded on the account before the first byte leaves.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_event_store::audit::{self, Format};
use recado_kernel::AccountId;
use serde::Deserialize;

use crate::view::field::{Field, form_key};
use crate::web::download;
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Period {
    #[serde(default)]
    desde: String,
    #[serde(default)]
    ate: String,
    #[serde(default)]
    formato: String,
}

impl Period {
    /// What is asked for; `None` when the days make no period.
    pub fn asked(&self) -> Option<(audit::Period, Format)> {
        let period = audit::Period::parse(&self.desde, &self.ate).ok()?;
        Some((period, self.formato.parse().unwrap_or(Format::Jsonl)))
    }
}

/// The file.
///
/// # Errors
/// Not found, not allowed, too many at once, or the database.
pub async fn download(member: Member, Path(id): Path<String>, Posted(form): Posted<Period>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ReadTimeline)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    member.panel.accounts.account(id).await?.ok_or(Failure::NotFound)?;
    let Some((period, format)) = form.asked() else {
        return Ok(member.go_with(&format!("/suporte/contas/{id}"), "refusal.period"));
    };
    member.panel.accounts.record_support_read(&member.principal, id, "export").await?;
    download::history(&member.panel, download::Reader::Staff, id, period, format).await
}

/// The card.
pub fn card(words: Words, member: &Member, account: AccountId) -> AnyView {
    view! {
        <section class="card">
            <h2>{words.t("export.title")}</h2>
            <p class="muted">{words.t("export.text")}</p>
            <form method="post" action=format!("/suporte/contas/{account}/exportar") class="form">
                {form_key(&member.form_key)}
                {period_fields(words)}
            </form>
        </section>
    }
    .into_any()
}

/// The fields of such a form and its button.
pub fn period_fields(words: Words) -> AnyView {
    let day = |name, label| Field { kind: "date", ..Field::text(name, label).optional() };
    view! {
        <div class="pair">
            {day("desde", words.t("export.from")).view()}
            {day("ate", words.t("export.until")).view()}
        </div>
        <div class="field">
            <label for="formato">{words.t("export.format")}</label>
            <select id="formato" name="formato">
                <option value="jsonl">{words.t("export.jsonl")}</option>
                <option value="csv">{words.t("export.csv")}</option>
            </select>
        </div>
        <div class="form-actions"><button type="submit" class="button">{words.t("export.submit")}</button></div>
    }
    .into_any()
}
