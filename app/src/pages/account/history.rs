//! The account's own history as a file: what "você pode provar" stands on.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;

use crate::pages::support::{ExportForm, period_fields};
use crate::view::field::form_key;
use crate::web::download;
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The file; only of the asker's own account.
///
/// # Errors
/// Not allowed, one is leaving already, or the database.
pub async fn export(member: Member, Posted(form): Posted<ExportForm>) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageAccount)?;
    let Some((period, format)) = form.asked() else { return Ok(member.go_with("/conta", "refusal.period")) };
    download::history(&member.panel, download::Reader::Customer, account, period, format).await
}

/// The card, for whoever may.
pub fn card(words: Words, member: &Member) -> Option<AnyView> {
    let card = || {
        view! {
            <section class="card">
                <h2>{words.t("export.own_title")}</h2>
                <p class="muted">{words.t("export.own_text")}</p>
                <form method="post" action="/conta/exportar" class="form">
                    {form_key(&member.form_key)}
                    {period_fields(words)}
                </form>
                <details class="how">
                    <summary>{words.t("seal.how")}</summary>
                    <p>{words.t("seal.how_text")}</p>
                    <pre><code>"recado audit verify historico.jsonl"</code></pre>
                    <p><a href="/.well-known/recado-audit.json">{words.t("seal.key")}</a></p>
                </details>
            </section>
        }
        .into_any()
    };
    member.principal.may(Permission::ManageAccount).then(card)
}
