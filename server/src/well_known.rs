//! What an installation says about itself at fixed addresses.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use recado_event_store::Vault;
use recado_event_store::audit::{AuditKeys, PublicKey};
use serde_json::{Value, json};

/// The routes below `/.well-known`.
pub fn router(vault: Vault) -> Router {
    Router::new().route("/.well-known/recado-audit.json", get(audit)).with_state(vault)
}

/// Anybody with an export compares its key with this.
async fn audit(State(vault): State<Vault>) -> Response {
    match AuditKeys::of(&vault).public_key() {
        Ok(key) => Json(audit_key(&key)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the public key of exports is not available");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The published form.
pub fn audit_key(key: &PublicKey) -> Value {
    json!({"algorithm": "Ed25519", "export_version": 1, "public_key": key.to_string()})
}
