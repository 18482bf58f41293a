//! `GET …/events`: every callback of the last 30 days, in order, as pages or as a stream. Whoever lost a webhook reads on from the last
//! cursor. (Ours: the originals have no such route.)

mod follow;
mod page;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use http::header::ACCEPT;
use recado_messaging::{FeedQuery, Messaging};
use utoipa_axum::routes;

use crate::auth::Caller;
use crate::describe::Router;
use crate::query::Params;
use crate::{RestError, RestState};

pub(super) fn routes() -> Router {
    Router::new().described(routes!(show))
}

/// Query, all optional: `after` (a cursor; absent: the oldest entry there is; `now`: only what comes), `kind` (`type`s, separated by
/// commas), `limit` (100, at most 500). With `Accept: text/event-stream` the same as a stream, where `Last-Event-ID` takes the place
/// of `after`.
///
/// # Errors
/// The parameters, too many streams of one instance, the database.
#[utoipa::path(
    get,
    path = "/events",
    summary = "Fluxo de eventos",
    description = "Tudo o que os webhooks avisam (ou avisariam, se tivessem endereço) dos últimos 30 dias, cada aviso uma vez, o mais antigo \
                   primeiro. Quem perdeu um webhook continua a partir do último `cursor` que viu: mande-o em `after`.\n\n\
                   Com o cabeçalho `Accept: text/event-stream`, o mesmo como *server-sent events*, ao vivo: `id` é o cursor e `data` o aviso. \
                   Quem perde a conexão manda `Last-Event-ID` (navegadores o fazem sozinhos) e não perde nada. A cada 15 segundos vem um \
                   comentário. Um fluxo termina depois de uma hora, quando o servidor para, quando o token é trocado e quando o serviço \
                   acaba: abra outro. Cabem dez por instância; o seguinte recebe 429.\n\n\
                   O texto de mensagens recebidas fica guardado por até 72 horas. Um aviso cujo texto já foi apagado vem sem ele e com \
                   `\"contentErased\": true`.",
    params(
        ("after" = Option<String>, Query, description = "O último `cursor` que se leu. Ausente: desde o aviso mais antigo; `now`: só o que vier."),
        ("kind" = Option<String>, Query, description = "Só estes `type`, separados por vírgula: `DeliveryCallback,ReceivedCallback`."),
        ("limit" = Option<i64>, Query, description = "Quantos por página: 1 a 500. Padrão: 100."),
        ("Last-Event-ID" = Option<String>, Header, description = "Só com `text/event-stream`: vale no lugar de `after`."),
    ),
    responses((status = 200, description = "Uma página, ou o fluxo.", content(
        (page::EventPage = "application/json"),
        (String = "text/event-stream", example = json!(
            "id: 4712\ndata: {\"type\":\"ConnectedCallback\",\"connected\":true,\"phone\":\"5562933334444\",\"momment\":1781520000000,\
             \"instanceId\":\"5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C\"}\n\n"
        )),
    ))),
    extensions(("x-refusals" = json!(["after is invalid", "kind is invalid", "limit is invalid"]))),
)]
pub async fn show(
    State(state): State<RestState>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default().to_owned();
    let streams = text(ACCEPT.as_str()).split(',').any(|kind| kind.trim().starts_with("text/event-stream"));
    let last = Some(text("last-event-id")).filter(|id| streams && !id.is_empty());
    let query = FeedQuery {
        after: match last.as_deref().or_else(|| params.text("after")) {
            None => 0,
            Some("now") => state.messaging.feed_end().await?,
            Some(cursor) => cursor.parse().ok().filter(|cursor| *cursor >= 0).ok_or(RestError::Invalid("after"))?,
        },
        kinds: kinds(params.text("kind"))?,
        limit: i64::from(params.at_least_one("limit", 100, 500)?),
    };
    if streams { follow::follow(state, &caller, query) } else { Ok(page::page(&state, &caller, &query).await?.into_response()) }
}

fn kinds(text: Option<&str>) -> Result<Vec<String>, RestError> {
    let named: Vec<String> =
        text.unwrap_or_default().split(',').map(str::trim).filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
    match named.iter().all(|kind| Messaging::is_feed_kind(kind)) {
        true => Ok(named),
        false => Err(RestError::Invalid("kind")),
    }
}
