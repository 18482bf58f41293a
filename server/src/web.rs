//! Every door over HTTP in one router.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use recado_app::PanelState;
use recado_event_store::health::HealthProbe;
use recado_rest::{Description, RestSettings, RestState};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::assets::Assets;
use crate::composition::Contexts;
use crate::config::{Mode, Settings};
use crate::metrics;
use crate::problem::Problem;

/// Longest silence while a form is coming in.
const FORM_SILENCE: Duration = Duration::from_secs(15);

/// The whole site: REST API, panel, assets, health.
///
/// # Errors
/// The built site is missing.
pub fn router(
    contexts: &Contexts,
    settings: &Settings,
    mode: Mode,
    health: HealthProbe,
    stopping: watch::Receiver<bool>,
) -> anyhow::Result<Router> {
    let assets = Assets::load().map_err(|error| Problem::new(error.to_string()))?;
    let rest_settings = RestSettings {
        strict_zapi_status: settings.strict_zapi_status.unwrap_or(false),
        public_url: contexts.public_url.clone(),
        trusted_proxies: settings.proxies()?,
        ..RestSettings::default()
    };
    let rest =
        RestState::new(contexts.accounts.clone(), contexts.messaging.clone(), rest_settings).stopping_with(stopping.clone());
    let metrics = metrics::router(health.clone(), settings);
    let panel = PanelState {
        health,
        platform: contexts.platform.clone(),
        accounts: contexts.accounts.clone(),
        messaging: contexts.messaging.clone(),
        billing: contexts.billing.clone(),
        aggregates: Contexts::aggregates(),
        engine: contexts.engine.clone(),
        sim: contexts.simulator_open.then(|| contexts.sim.clone()),
        assets: assets.urls(),
        leptos: assets.leptos_options(),
        dev_mode: mode == Mode::Dev,
        mail_folder: contexts.mail_folder.clone(),
        secure: contexts.public_url.starts_with("https://"),
        api_url: contexts.public_url.clone(),
        api: Description::new(&contexts.public_url).json().clone(),
        stopping,
    };
    // The REST API has limits of its own, for larger bodies.
    let pages = recado_app::router(panel).layer(RequestBodyTimeoutLayer::new(FORM_SILENCE)).layer(CompressionLayer::new());
    let site = recado_rest::router(rest)
        .merge(recado_rest::media_router(contexts.messaging.clone()))
        .merge(pages)
        .merge(assets.router())
        .merge(metrics)
        .route("/health", get(answer_health).with_state(contexts.platform.pool().clone()))
        .merge(crate::well_known::router(contexts.platform.vault.clone()))
        .layer(SetResponseHeaderLayer::if_not_present(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(CatchPanicLayer::custom(panicked));
    Ok(site)
}

/// 200 when requests can be served, 503 while the database does not answer.
async fn answer_health(State(pool): State<PgPool>) -> Response {
    match sqlx::query_scalar::<_, i32>("SELECT 1").fetch_one(&pool).await {
        Ok(_) => Json(json!({"status": "ok"})).into_response(),
        Err(error) => {
            tracing::warn!(%error, "health: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "unavailable"}))).into_response()
        }
    }
}

/// A defect in one request must not take the others down.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"error": "INTERNAL_ERROR"}))).into_response()
}
