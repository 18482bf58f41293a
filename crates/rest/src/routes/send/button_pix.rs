//! `POST /send-button-pix`: a button that copies a Pix key.

use axum::extract::State;
use recado_messaging::domain::message::{ButtonPixContent, PixKeyType};

use super::common::accept;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-button-pix` takes.
    pub SendButtonPixBody {
        phone(),
        text("pixKey", "A chave.").required(),
        one_of("type", &["CPF", "CNPJ", "PHONE", "EMAIL", "EVP"], "De que tipo é a chave.").required(),
        text("merchantName", "Nome mostrado. Padrão: `Pix`."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "pixKey": "financeiro@example.com", "type": "EMAIL", "merchantName": "Padaria Ipê" }
}

/// Required: `phone`, `pixKey`, `type` (`CPF`, `CNPJ`, `PHONE`, `EMAIL`, `EVP`). Optional: `merchantName` ("Pix"), and the common ones.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-button-pix",
    summary = "Enviar botão Pix",
    description = "Um botão que copia a chave Pix.",
    request_body = SendButtonPixBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = ButtonPixContent {
        key: body.word("pixKey")?,
        key_type: key_type(body.text("type")?)?,
        merchant_name: body.optional_word("merchantName")?.unwrap_or_else(|| "Pix".to_owned()),
    };
    accept(&state, &caller, &body, content, vec![]).await
}

fn key_type(named: &str) -> Result<PixKeyType, RestError> {
    let all = [PixKeyType::Cpf, PixKeyType::Cnpj, PixKeyType::Phone, PixKeyType::Email, PixKeyType::Evp];
    let found = all.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(named.trim()));
    found.ok_or(RestError::Invalid("type"))
}
