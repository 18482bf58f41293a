//! `GET /business/tags/colors`: the palette.

use std::collections::BTreeMap;

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::routes::live;

/// Index (as a key, so a text) to `#RRGGBB`.
///
/// # Errors
/// Not connected.
#[utoipa::path(
    get,
    path = "/business/tags/colors",
    summary = "Cores das etiquetas",
    description = "O índice de cada cor e a cor.",
    responses((status = 200, description = "As cores.", body = BTreeMap<String, String>, example = json!({ "0": "#FF9485", "1": "#64C4FF" }))),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn list(State(state): State<RestState>, caller: Caller) -> Answer<BTreeMap<i32, String>> {
    let session = live::session(&state, &caller)?;
    let colors = session.answer(session.directory().tag_colors(session.instance())).await?;
    Ok(Reply::ok(colors.into_iter().map(|color| (color.index, color.rgb)).collect()))
}
