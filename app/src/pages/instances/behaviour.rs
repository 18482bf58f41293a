//! How an instance behaves: automatic reading, calls, queueing while disconnected. The second form of the page "Dados da instância".

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{InstanceView, MessagingError, SettingsChange};
use serde::Deserialize;

use super::{address, own};
use crate::view::field::{Field, form_key};
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// Longest text for rejected calls that the form takes, in characters.
const MOST_TEXT: u32 = 1_000;

/// The form; a box that is not ticked is not sent.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    leitura_automatica: String,
    #[serde(default)]
    rejeitar_chamadas: String,
    #[serde(default)]
    texto_da_chamada: String,
    #[serde(default)]
    recusar_desconectada: String,
}

/// Changes all of it.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn save(member: Member, Path(id): Path<String>, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let ticked = |value: &str| Some(!value.is_empty());
    let change = SettingsChange {
        disable_enqueue_when_disconnected: ticked(&filled.recusar_desconectada),
        call_reject_auto: ticked(&filled.rejeitar_chamadas),
        call_reject_message: Some(filled.texto_da_chamada),
        auto_read_message: ticked(&filled.leitura_automatica),
    };
    let page = format!("{}/editar", address(&view));
    match member.panel.messaging.adjust_settings(member.meta(account), view.id, change).await {
        Ok(done) => {
            member.panel.messaging.instance_visible(done.position).await;
            Ok(member.go_with(&page, "notice.saved"))
        }
        Err(MessagingError::Setting(_)) => Ok(member.go_with(&page, "refusal.text_invalid")),
        Err(error) => Err(error.into()),
    }
}

/// The form with what is.
pub fn card(words: Words, member: &Member, view: &InstanceView) -> AnyView {
    let settings = &view.settings;
    let check = |name: &'static str, on: bool, label: &'static str| {
        view! {
            <label class="check">
                <input type="checkbox" name=name value="1" checked=on />
                <span>{label}</span>
            </label>
        }
    };
    let text = Field {
        max_length: Some(MOST_TEXT),
        autocomplete: Some("off"),
        ..Field::text("texto_da_chamada", words.t("behaviour.call_text"))
            .optional()
            .help(words.t("behaviour.call_text_help"))
            .value(settings.call_reject_message.clone().unwrap_or_default())
    };
    view! {
        <form method="post" action=format!("{}/editar/comportamento", address(view)) class="card form">
            {form_key(&member.form_key)}
            <h2>{words.t("behaviour.title")}</h2>
            {check("leitura_automatica", settings.auto_read_message, words.t("behaviour.auto_read"))}
            {check("rejeitar_chamadas", settings.call_reject_auto, words.t("behaviour.call_reject"))}
            {text.view()}
            {check(
                "recusar_desconectada",
                settings.disable_enqueue_when_disconnected,
                words.t("behaviour.refuse_disconnected"),
            )}
            <div class="form-actions">
                <button type="submit" class="button primary">{words.t("common.save")}</button>
            </div>
        </form>
    }
    .into_any()
}
