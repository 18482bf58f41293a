//! The table of projections: how far each is, and why one stopped.

use leptos::prelude::*;
use recado_event_store::projection::status::{Kind, ProjectionStatus};

use crate::view::badge::{Tone, badge};
use crate::view::icons::{Icon, icon};
use crate::words::Words;

/// A lag below this is the ordinary coming and going.
const NOTICEABLE_SECONDS: f64 = 10.0;

/// How a projection stands, in one word.
pub fn state(status: &ProjectionStatus) -> (Tone, &'static str) {
    match status {
        _ if status.live.stopped.is_some() => (Tone::Bad, "system.projections.stopped"),
        _ if status.live.lag_seconds > NOTICEABLE_SECONDS => (Tone::Warn, "system.projections.behind"),
        _ if status.rebuild.as_ref().is_some_and(|rebuild| rebuild.stopped.is_some()) => {
            (Tone::Warn, "system.projections.rebuild_stopped")
        }
        _ if status.rebuild.is_some() => (Tone::Info, "system.projections.rebuilding"),
        _ => (Tone::Good, "system.projections.current"),
    }
}

/// The card.
pub fn card(words: Words, statuses: &[ProjectionStatus]) -> AnyView {
    let stopped = statuses.iter().filter_map(|status| Some((status, reason(status)?))).map(|(status, reason)| {
        view! {
            <p class="notice bad">{icon(Icon::Alert)}<span><strong>{status.name.clone()}</strong>": "{reason}". "{words.t("system.projections.stopped_help")}</span></p>
        }
    });
    let rows = statuses.iter().map(|status| row(words, status)).collect_view();
    view! {
        <section class="card table-card">
            <h2>{words.t("system.projections.title")}</h2>
            {stopped.collect_view()}
            <table class="table reflow">
                <caption class="hidden">{words.t("system.projections.title")}</caption>
                <thead><tr>
                    <th scope="col">{words.t("system.projections.name")}</th>
                    <th scope="col">{words.t("system.projections.kind")}</th>
                    <th scope="col">{words.t("system.projections.state")}</th>
                    <th scope="col" class="number">{words.t("system.projections.lag")}</th>
                    <th scope="col" class="number">{words.t("system.projections.wait")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn reason(status: &ProjectionStatus) -> Option<String> {
    status.live.stopped.clone().or_else(|| status.rebuild.as_ref()?.stopped.clone())
}

fn row(words: Words, status: &ProjectionStatus) -> AnyView {
    let kind = match status.kind {
        Kind::ReadModel => "system.projections.read_model",
        Kind::Reactor => "system.projections.reactor",
    };
    let (tone, word) = state(status);
    view! {
        <tr>
            <th scope="row" data-label=words.t("system.projections.name")><code>{status.name.clone()}</code></th>
            <td data-label=words.t("system.projections.kind")>{words.t(kind)}</td>
            <td data-label=words.t("system.projections.state")>{badge(tone, words.t(word))}</td>
            <td data-label=words.t("system.projections.lag") class="number">{status.live.lag_events}</td>
            <td data-label=words.t("system.projections.wait") class="number">{format!("{:.0} s", status.live.lag_seconds)}</td>
        </tr>
    }
    .into_any()
}
