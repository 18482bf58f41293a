//! One message as a bubble: what is quoted, what it says, what happened to it, what can be done with it.

use leptos::prelude::*;
use recado_engine_sim::{MessageView, Quote};
use recado_messaging::{MessageContent, MessageKind};

use super::ground::Ground;
use super::{content, kinds};
use crate::view::icons::{Icon, icon};

/// Emoji offered below a message.
const EMOJI: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/// The bubble.
pub fn bubble(ground: Ground<'_>, message: &MessageView) -> AnyView {
    let words = ground.words;
    let bare = !message.revoked && message.content.kind() == MessageKind::Sticker;
    let class = match (message.own, bare) {
        (true, false) => "bubble mine",
        (true, true) => "bubble mine bare",
        (false, false) => "bubble",
        (false, true) => "bubble bare",
    };
    let id = format!("m-{}", message.wire_id);
    if message.revoked {
        let gone = if message.own { words.t("simulator.deleted_by_you") } else { words.t("simulator.deleted") };
        return view! {
            <div class=class id=id>
                <p class="bubble-gone">{icon(Icon::Gone)}{gone}</p>
                <small>{words.exact_moment(message.sent_at)}</small>
            </div>
        }
        .into_any();
    }
    let forwarded =
        message.forwarded.then(|| view! { <p class="bubble-mark">{icon(Icon::Forward)}{words.t("simulator.forwarded")}</p> });
    view! {
        <div class=class id=id>
            {forwarded}
            {message.quote.as_ref().map(|quote| quoted(ground, quote))}
            {content::body(ground, message)}
            {foot(ground, message)}
            {reactions(ground, message)}
            {more(ground, message)}
        </div>
    }
    .into_any()
}

/// What an answer is about, with a way there.
pub fn quoted(ground: Ground<'_>, quote: &Quote) -> AnyView {
    let words = ground.words;
    let who = if quote.own { words.t("simulator.you").to_owned() } else { super::ground::shown(ground.chat) };
    let Some(content) = &quote.content else {
        return view! { <p class="quote"><em>{words.t("simulator.quote_missing")}</em></p> }.into_any();
    };
    let sign = kinds::sign(content.kind()).map(icon);
    view! {
        <a class="quote" href=format!("#m-{}", quote.wire_id)><strong>{who}</strong><span>{sign}{kinds::line(words, content)}</span></a>
    }
    .into_any()
}

fn foot(ground: Ground<'_>, message: &MessageView) -> AnyView {
    let words = ground.words;
    let state = match (message.own, message.delivered_at, message.read_at, message.played_at) {
        (_, _, _, Some(_)) => words.t("simulator.played"),
        (_, _, Some(_), _) => words.t("simulator.read"),
        (true, Some(_), None, _) => words.t("simulator.delivered"),
        (true, None, None, _) => words.t("simulator.sent"),
        (false, _, None, _) => words.t("simulator.not_read"),
    };
    let edited = (!message.earlier.is_empty()).then(|| {
        let earlier = message.earlier.iter().map(|text| view! { <li>{text.clone()}</li> }).collect_view();
        view! {
            <details class="bubble-edits"><summary>{words.t("simulator.edited")}</summary><ol>{earlier}</ol></details>
        }
    });
    view! { <small>{words.exact_moment(message.sent_at)}" · "{state}</small>{edited} }.into_any()
}

fn reactions(ground: Ground<'_>, message: &MessageView) -> Option<AnyView> {
    let words = ground.words;
    let chips = message
        .reactions
        .iter()
        .map(|reaction| {
            let emoji = reaction.emoji.clone();
            if !reaction.own {
                return view! { <span class="chip" title=super::ground::shown(ground.chat)>{emoji}</span> }.into_any();
            }
            let label = words.with("simulator.remove_reaction", &[("emoji", &emoji)]);
            let button = view! { <button type="submit" name="emoji" value="" class="chip own" title=label.clone() aria-label=label>{emoji}</button> };
            ground.form("reagir", &message.wire_id, "", button.into_any())
        })
        .collect_view();
    (!message.reactions.is_empty()).then(|| view! { <div class="chips">{chips}</div> }.into_any())
}

fn more(ground: Ground<'_>, message: &MessageView) -> AnyView {
    let words = ground.words;
    let wire_id = &message.wire_id;
    let emoji = EMOJI
        .iter()
        .map(|emoji| {
            let label = words.with("simulator.react_with", &[("emoji", emoji)]);
            view! { <button type="submit" name="emoji" value=*emoji aria-label=label class="emoji">{*emoji}</button> }
        })
        .collect_view();
    let link = |what: &str, shape: Icon, label: &'static str| {
        view! { <a class="menu-item" href=ground.begin(what, wire_id)>{icon(shape)}{label}</a> }
    };
    let editable = message.own && matches!(message.content, MessageContent::Text(_) | MessageContent::Document(_));
    let edit = editable.then(|| link("editar", Icon::Edit, words.t("simulator.edit")));
    let delete = message.own.then(|| {
        let button =
            view! { <button type="submit" class="menu-item bad">{icon(Icon::Bin)}{words.t("simulator.delete")}</button> };
        ground.form("apagar", wire_id, "", button.into_any())
    });
    view! {
        <details class="bubble-more">
            <summary title=words.t("simulator.options")>{icon(Icon::More)}<span class="hidden">{words.t("simulator.options")}</span></summary>
            {ground.form("reagir", wire_id, "emojis", emoji.into_any())}
            {link("responder", Icon::Reply, words.t("simulator.reply"))}
            {link("encaminhar", Icon::Forward, words.t("simulator.forward"))}
            {edit}
            {delete}
        </details>
    }
    .into_any()
}
