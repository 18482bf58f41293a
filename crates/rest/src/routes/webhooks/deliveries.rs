//! `GET …/webhooks/deliveries` and `GET …/webhooks/deliveries/{id}`: what went to the webhooks, with every attempt. (Ours: the originals
//! have no such route.)

use axum::extract::{RawPathParams, State};
use recado_messaging::{Attempt, Delivery, DeliveryFilter, DeliveryState, DestinationView, Messaging};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Reply};
use crate::auth::{Caller, path_value};
use crate::query::Params;
use crate::{RestError, RestState};

/// One page, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryPage)]
pub struct Page {
    deliveries: Vec<Item>,
    /// Give it as `cursor` to read on.
    #[schema(value_type = Option<String>)]
    cursor: Option<Uuid>,
    has_more: bool,
    /// The receivers behind the instance's webhooks.
    destinations: Vec<Destination>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
struct Item {
    #[schema(value_type = String)]
    id: Uuid,
    r#type: String,
    detail: String,
    webhook: String,
    url: String,
    zaap_id: Option<String>,
    state: &'static str,
    note: Option<String>,
    happened_at: i64,
    ended_at: Option<i64>,
    attempts: Vec<Try>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryAttempt)]
struct Try {
    number: i32,
    at: i64,
    status: Option<u16>,
    latency_ms: i32,
    error: Option<String>,
    answer: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookDestination)]
struct Destination {
    origin: String,
    circuit: &'static str,
    failures: u32,
    open_since: Option<i64>,
    retry_at: Option<i64>,
}

/// One delivery with what it says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryDetail)]
pub struct Detail {
    #[serde(flatten)]
    delivery: Item,
    /// As text, exactly as it is sent; absent once the content has been erased.
    body: Option<String>,
    curl: String,
}

impl Item {
    fn of(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            r#type: delivery.callback,
            detail: delivery.detail,
            webhook: delivery.kind,
            url: delivery.url,
            zaap_id: delivery.message.map(|message| message.zaap_id()),
            state: delivery.state.as_str(),
            note: delivery.note,
            happened_at: delivery.happened_at.timestamp_millis(),
            ended_at: delivery.ended_at.map(|at| at.timestamp_millis()),
            attempts: delivery.attempts.into_iter().map(Try::of).collect(),
        }
    }
}

impl Try {
    fn of(attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            at: attempt.at.timestamp_millis(),
            status: attempt.http_status,
            latency_ms: attempt.latency_ms,
            error: attempt.error,
            answer: attempt.answer,
        }
    }
}

impl Destination {
    fn of(view: DestinationView) -> Self {
        Self {
            origin: view.origin,
            circuit: view.circuit.as_str(),
            failures: view.failures,
            open_since: view.since.map(|at| at.timestamp_millis()),
            retry_at: view.retry_at.map(|at| at.timestamp_millis()),
        }
    }
}

/// Which state a text names.
pub(super) fn state_of(text: Option<&str>) -> Result<Option<DeliveryState>, RestError> {
    text.map(|text| DeliveryState::named(text).ok_or(RestError::Invalid("state"))).transpose()
}

/// Which `type` a text names.
pub(super) fn kind_of(text: Option<&str>) -> Result<Option<String>, RestError> {
    match text {
        Some(kind) if !Messaging::is_feed_kind(kind) => Err(RestError::Invalid("kind")),
        kind => Ok(kind.map(str::to_owned)),
    }
}

/// Query, all optional: `state` (`waiting`, `delivered`, `failed`, `stopped`), `kind` (a `type`), `from` and `until` (Unix milliseconds),
/// `pageSize` (20, at most 100), `cursor` as the page before gave it.
///
/// # Errors
/// The parameters, the database.
#[utoipa::path(
    get,
    path = "/webhooks/deliveries",
    summary = "Listar entregas",
    description = "O que foi (ou vai) aos webhooks da instância, o mais novo primeiro, cada aviso com todas as tentativas; e como estão os \
                   receptores. O que foi entregue é esquecido depois de 30 dias; o que falhou fica.",
    params(
        ("state" = Option<String>, Query, description = "`waiting`, `delivered`, `failed` ou `stopped`."),
        ("kind" = Option<String>, Query, description = "Só deste `type`, por exemplo `ReceivedCallback`."),
        ("from" = Option<i64>, Query, description = "Só o que aconteceu a partir deste momento, em milissegundos desde 1970 (UTC)."),
        ("until" = Option<i64>, Query, description = "Só o que aconteceu antes deste momento, em milissegundos desde 1970 (UTC)."),
        ("pageSize" = Option<i64>, Query, description = "Quantas por página: 1 a 100. Padrão: 20."),
        ("cursor" = Option<String>, Query, description = "O `cursor` da página anterior. Ausente: a primeira página."),
    ),
    responses((status = 200, description = "Uma página.", body = Page, example = json!({
        "deliveries": [{
            "id": "019a2c77-6a10-7c3e-8f21-5d4b9e0a7c12", "type": "DeliveryCallback", "detail": "", "webhook": "delivery",
            "url": "https://exemplo.com.br/recado", "zaapId": "019A2C7755B1704E9D0F3B6A81C4E2D7", "state": "delivered", "note": null,
            "happenedAt": 1_781_524_802_456_i64, "endedAt": 1_781_524_812_901_i64, "attempts": [
                { "number": 1, "at": 1_781_524_802_500_i64, "status": 502, "latencyMs": 84, "error": null, "answer": "Bad Gateway" },
                { "number": 2, "at": 1_781_524_812_840_i64, "status": 200, "latencyMs": 61, "error": null, "answer": "ok" }
            ]
        }],
        "cursor": null, "hasMore": false, "destinations": [{
            "origin": "https://exemplo.com.br", "circuit": "closed", "failures": 0, "openSince": null, "retryAt": null
        }]
    }))),
    extensions(("x-refusals" = json!([
        "state is invalid", "kind is invalid", "from is invalid", "until is invalid", "pageSize is invalid", "cursor is invalid"
    ]))),
)]
pub async fn list(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Page> {
    let filter = DeliveryFilter {
        state: state_of(params.text("state"))?,
        callback: kind_of(params.text("kind"))?,
        from: params.moment("from")?,
        until: params.moment("until")?,
    };
    let size = params.at_least_one("pageSize", 20, 100)?;
    let cursor = params.text("cursor").map(str::parse::<Uuid>).transpose().map_err(|_| RestError::Invalid("cursor"))?;
    let (account, instance) = (caller.access.account(), caller.instance());
    let found = state.messaging.find_deliveries(account, instance, &filter, cursor, i64::from(size)).await?;
    let destinations = state.messaging.webhook_destinations(account, instance).await?;
    let has_more = usize::try_from(size).is_ok_and(|size| found.len() == size);
    Ok(Reply::ok(Page {
        cursor: found.last().map(|last| last.id).filter(|_| has_more),
        has_more,
        deliveries: found.into_iter().map(Item::of).collect(),
        destinations: destinations.into_iter().map(Destination::of).collect(),
    }))
}

/// The id in the path.
pub(super) fn id_of(path: &RawPathParams) -> Result<Uuid, RestError> {
    path_value(path, "delivery").parse().map_err(|_| RestError::DeliveryNotFound)
}

/// With its body, as long as its content is kept, and as a `curl` command.
///
/// # Errors
/// No such delivery of this instance, the database.
#[utoipa::path(
    get,
    path = "/webhooks/deliveries/{delivery}",
    summary = "Ver uma entrega",
    description = "Uma entrega com o corpo, enquanto o conteúdo estiver guardado, e como comando `curl` sem o segredo.",
    responses((status = 200, description = "A entrega.", body = Detail, example = json!({
        "id": "019a2c77-6a10-7c3e-8f21-5d4b9e0a7c12", "type": "ConnectedCallback", "detail": "", "webhook": "connected",
        "url": "https://exemplo.com.br/recado", "zaapId": null, "state": "failed", "note": "gone",
        "happenedAt": 1_781_520_000_000_i64, "endedAt": 1_781_520_000_150_i64, "attempts": [
            { "number": 1, "at": 1_781_520_000_030_i64, "status": 410, "latencyMs": 112, "error": null, "answer": "Gone" }
        ],
        "body": "{\"type\":\"ConnectedCallback\",\"connected\":true,\"phone\":\"5562933334444\",\"momment\":1781520000000,\
                 \"instanceId\":\"5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C\"}",
        "curl": "curl -X POST 'https://exemplo.com.br/recado' \\\n  -H 'content-type: application/json; charset=utf-8' \\\n  \
                 -H 'webhook-id: 019a2c77-6a10-7c3e-8f21-5d4b9e0a7c12' \\\n  -H 'x-token: SEGREDO_DO_WEBHOOK' \\\n  --data-raw '{…}'"
    }))),
    extensions(("x-refusals" = json!(["DeliveryNotFound"]))),
)]
pub async fn one(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Detail> {
    let (account, instance, id) = (caller.access.account(), caller.instance(), id_of(&path)?);
    let delivery = state.messaging.webhook_delivery(account, instance, id).await?.ok_or(RestError::DeliveryNotFound)?;
    let preview = state.messaging.preview_delivery(account, instance, id).await?.ok_or(RestError::DeliveryNotFound)?;
    Ok(Reply::ok(Detail { delivery: Item::of(delivery), body: preview.body, curl: preview.curl }))
}
