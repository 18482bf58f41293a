//! `GET /instances`: the partner's instances, page by page.

use axum::extract::State;
use recado_kernel::Timestamp;
use recado_messaging::{InstanceView, TOKEN_PURPOSE};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Partner;
use crate::query::Params;
use crate::routes::instance::me::CallbackUrls;
use crate::{RestError, RestState};

/// One page of the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InstancePage)]
pub struct Page {
    total: usize,
    total_page: usize,
    page_size: usize,
    page: usize,
    content: Vec<Item>,
}

/// One instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InstanceItem)]
pub struct Item {
    id: String,
    token: String,
    tenant: String,
    name: String,
    created: String,
    due: i64,
    payment_status: &'static str,
    middleware: &'static str,
    phone_connected: bool,
    whatsapp_connected: bool,
    #[serde(flatten)]
    callbacks: CallbackUrls,
}

/// Query: `page` (1), `pageSize` (15, at most 500), `query` (part of name or id), `middleware` (`web` or `mobile`, as asked for at birth).
///
/// # Errors
/// The token, numbers of letters, the database.
#[utoipa::path(
    get,
    path = "/instances",
    summary = "Listar instâncias",
    description = "As instâncias da conta, com situação e webhooks, página por página.",
    params(
        ("page" = Option<i64>, Query, description = "Página, a partir de 1. Padrão: 1."),
        ("pageSize" = Option<i64>, Query, description = "Quantas por página: 1 a 500. Padrão: 15."),
        ("query" = Option<String>, Query, description = "Parte do nome ou do ID."),
        ("middleware" = Option<String>, Query, description = "`web` ou `mobile`. Todas as nossas são `web`, que é o padrão."),
    ),
    responses((status = 200, description = "Uma página.", body = Page, example = json!({
        "total": 1, "totalPage": 1, "pageSize": 15, "page": 1,
        "content": [{
            "id": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "token": "8A7C1D2E3F405162738495A6",
            "tenant": "019a2c77-55b1-704e-9d0f-3b6a81c4e2d7", "name": "Loja Centro", "created": "2026-06-14T12:00:00+00:00",
            "due": 1_781_697_600_000_i64, "paymentStatus": "TRIAL", "middleware": "web", "phoneConnected": false,
            "whatsappConnected": false, "connectedCallbackUrl": null, "deliveryCallbackUrl": "https://sistema.example.com/entrega",
            "disconnectedCallbackUrl": null, "messageStatusCallbackUrl": null, "presenceChatCallbackUrl": null,
            "receivedCallbackUrl": null, "receivedAndDeliveryCallbackUrl": null, "receivedStatusCallbackUrl": null
        }]
    }))),
    extensions(("x-refusals" = json!(["page is invalid"]))),
)]
pub async fn show(State(state): State<RestState>, partner: Partner, params: Params) -> Answer<Page> {
    let page = in_usize(params.at_least_one("page", 1, u32::MAX)?);
    let page_size = in_usize(params.at_least_one("pageSize", 15, 500)?);
    let wanted = params.text("query").map(str::to_lowercase);
    let middleware = params.text("middleware");
    let instances = state.messaging.instances(partner.account).await?;
    let found: Vec<_> = instances
        .iter()
        .filter(|view| middleware.is_none_or(|wanted| view.device.middleware() == wanted))
        .filter(|view| wanted.as_deref().is_none_or(|text| matches(view, text)))
        .collect();
    let now = state.platform.now();
    let first = (page - 1).saturating_mul(page_size);
    let content = found.iter().skip(first).take(page_size).map(|view| item(&state, view, now)).collect::<Result<_, _>>()?;
    Ok(Reply::ok(Page { total: found.len(), total_page: found.len().div_ceil(page_size), page_size, page, content }))
}

fn matches(view: &InstanceView, text: &str) -> bool {
    view.name.to_lowercase().contains(text) || view.id.public().to_lowercase().contains(text)
}

fn item(state: &RestState, view: &InstanceView, now: Timestamp) -> Result<Item, RestError> {
    Ok(Item {
        id: view.id.public(),
        token: state.platform.vault.reveal(TOKEN_PURPOSE, &view.token_protected)?,
        tenant: view.account.to_string(),
        name: view.name.clone(),
        created: view.created_at.to_rfc3339(),
        due: view.due(now).timestamp_millis(),
        payment_status: view.payment_status(now).as_str(),
        middleware: view.device.middleware(),
        phone_connected: view.connected(),
        whatsapp_connected: view.connected(),
        callbacks: CallbackUrls::of(view),
    })
}

fn in_usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
