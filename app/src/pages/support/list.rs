//! A time line on the page.

use leptos::prelude::*;

use super::tell::{Change, Told};
use super::thing::Thing;
use crate::words::Words;

/// The list. `narrow`: each entry leads to the time line of its own thing, for readers who may open that.
pub fn timeline_list(words: Words, told: &[Told], narrow: bool) -> AnyView {
    let entries = told.iter().map(|told| entry(words, told, narrow)).collect_view();
    view! { <ol class="timeline">{entries}</ol> }.into_any()
}

fn entry(words: Words, told: &Told, narrow: bool) -> AnyView {
    let place = words.with(
        "timeline.place",
        &[
            ("actor", &told.actor),
            ("door", told.door),
            ("moment", &words.exact_moment(told.at)),
            ("position", &told.place.position.to_string()),
            ("sequence", &told.sequence.to_string()),
        ],
    );
    let (kind, of) = &told.aggregate;
    let only = narrow.then(|| {
        let query = serde_urlencoded::to_string([("tipo", kind), ("de", of)]).unwrap_or_default();
        let thing = Thing { kind: kind.clone(), id: of.clone() };
        // Links that all read alike are told apart by what they are about.
        let about = |text: &str| format!("{text} {}", told.sentence);
        view! {
            <p class="where links">
                <a href=thing.causes(told.account, told.sequence) aria-label=about(words.t("causes.link"))>{words.t("causes.link")}</a>
                <a href=thing.state(told.account, told.sequence) aria-label=about(words.t("state.link"))>{words.t("state.link")}</a>
                <a href=format!("/suporte/contas/{}?{query}", told.account)>{words.t("timeline.only")}</a>
            </p>
        }
    });
    let changes = told.changes.iter().map(|change| change_line(words, change)).collect_view();
    let changes = (!told.changes.is_empty()).then(|| view! { <ul class="changes">{changes}</ul> });
    view! {
        <li id=format!("p{}", told.place.position)>
            <p class="what">{told.sentence.clone()}</p>
            <p class="where"><time datetime=told.at.to_rfc3339()>{place}</time></p>
            {changes}
            {only}
        </li>
    }
    .into_any()
}

fn change_line(words: Words, change: &Change) -> AnyView {
    let or_nothing = |text: &str| if text.is_empty() { words.t("timeline.nothing").to_owned() } else { text.to_owned() };
    let (before, after) = (or_nothing(&change.before), or_nothing(&change.after));
    view! {
        <li>
            {change.label}": "
            <span class="hidden">{words.t("timeline.before")}</span><del>{before}</del>" → "
            <span class="hidden">{words.t("timeline.after")}</span><ins>{after}</ins>
        </li>
    }
    .into_any()
}
