//! What a virtual telephone does beside writing: it shows presence, and calls.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_kernel::PhoneNumber;
use recado_messaging::engine::PresenceState;
use serde::Deserialize;

use super::actions::{finish, own_phone};
use crate::view::field::form_key;
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The open chat, and what is done in it.
#[derive(Debug, Default, Deserialize)]
pub struct Gesture {
    #[serde(default)]
    conversa: String,
    #[serde(default)]
    gesto: String,
}

const CALL: &str = "call";
const VIDEO_CALL: &str = "video_call";

/// Towards the number of the open chat, if it is linked to an instance of this account.
///
/// # Errors
/// Not this account's telephone, no such gesture, or the database.
pub async fn make(member: Member, Path(number): Path<String>, Posted(gesture): Posted<Gesture>) -> Result<Response, Failure> {
    let (sim, account, number, _) = own_phone(&member, &number).await?;
    let Ok(to) = gesture.conversa.parse::<PhoneNumber>() else {
        return Ok(member.go_with(&format!("/simulador/telefones/{}", number.as_str()), "refusal.phone_invalid"));
    };
    let linked = sim.phones(Some(account)).await?.into_iter().find(|phone| phone.number == to.as_str());
    let Some(instance) = linked.and_then(|phone| phone.instance) else {
        return finish(&member, &number, to.as_str(), Err(recado_engine_sim::SimError::NotLinked), "notice.gesture_made");
    };
    let done = match (gesture.gesto.as_str(), PresenceState::parse(&gesture.gesto)) {
        (CALL | VIDEO_CALL, _) => sim.call(instance, &number, gesture.gesto == VIDEO_CALL).await.map(drop),
        (_, Some(state)) => sim.presence(instance, &number, state).await,
        (_, None) => return Err(Failure::BadRequest),
    };
    finish(&member, &number, to.as_str(), done, "notice.gesture_made")
}

/// The form.
pub fn card(words: Words, member: &Member, base: &str, open: &str) -> AnyView {
    let gestures = [
        ("composing", words.t("simulator.gesture.composing")),
        ("recording", words.t("simulator.gesture.recording")),
        ("paused", words.t("simulator.gesture.paused")),
        ("available", words.t("simulator.gesture.available")),
        ("unavailable", words.t("simulator.gesture.unavailable")),
        (CALL, words.t("simulator.gesture.call")),
        (VIDEO_CALL, words.t("simulator.gesture.video_call")),
    ];
    let buttons = gestures
        .into_iter()
        .map(|(value, label)| view! { <button type="submit" name="gesto" value=value class="button small">{label}</button> })
        .collect_view();
    view! {
        <form method="post" action=format!("{base}/gesto") class="card stack">
            {form_key(&member.form_key)}
            <input type="hidden" name="conversa" value=open.to_owned() />
            <h2>{words.t("simulator.gesture.title")}</h2>
            <p class="muted">{words.t("simulator.gesture.text")}</p>
            <div class="row">{buttons}</div>
        </form>
    }
    .into_any()
}
