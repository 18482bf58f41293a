//! Where a person writes: a line for text, a bar above it while something is answered, edited or passed on, and what can be attached.

use leptos::prelude::*;
use recado_engine_sim::{MessageView, Quote, Sample};

use super::bubble::quoted;
use super::ground::Ground;
use super::kinds;
use crate::view::icons::{Icon, icon};

/// What was begun for a message of the chat.
#[derive(Debug, Clone, Copy)]
pub enum Doing<'a> {
    /// Nothing: just writing.
    Writing,
    /// It is being answered.
    Answering(&'a MessageView),
    /// Its text is being changed.
    Editing(&'a MessageView),
    /// It is being passed on.
    Forwarding(&'a MessageView),
}

/// The bottom of the telephone.
pub fn composer(ground: Ground<'_>, doing: Doing<'_>) -> AnyView {
    let words = ground.words;
    let (action, texto, submit) = match doing {
        Doing::Writing | Doing::Answering(_) => ("enviar", String::new(), words.t("simulator.send")),
        Doing::Editing(message) => ("editar", message.text.clone(), words.t("simulator.save_edit")),
        Doing::Forwarding(_) => ("encaminhar", String::new(), words.t("simulator.forward")),
    };
    let line = if matches!(doing, Doing::Forwarding(_)) { None } else { Some(text_line(ground, texto, doing)) };
    let to = match doing {
        Doing::Forwarding(_) => Some(number_line(ground, true)),
        _ if ground.chat.is_empty() => Some(number_line(ground, ground.new_chat)),
        _ => Some(view! { <input type="hidden" name="para" value=ground.chat.to_owned() /> }.into_any()),
    };
    let attach = matches!(doing, Doing::Writing | Doing::Answering(_)).then(|| attach(ground, doing));
    view! {
        <div class="composer" id="escrever">
            {bar(ground, doing)}
            <form method="post" action=format!("{}/{action}", ground.base) class="composer-line">
                {ground.hidden()}
                {subject(doing)}
                {to}
                {line}
                <button type="submit" class="button primary">{icon(Icon::Send)}{submit}</button>
            </form>
            {attach}
        </div>
    }
    .into_any()
}

fn text_line(ground: Ground<'_>, text: String, doing: Doing<'_>) -> AnyView {
    let words = ground.words;
    // Who came by "Responder" or "Editar" wants to write.
    let focus = !matches!(doing, Doing::Writing);
    view! {
        <label class="hidden" for="texto">{words.t("simulator.message")}</label>
        <input class="input" id="texto" name="texto" type="text" required value=text placeholder=words.t("simulator.message") autocomplete="off" autofocus=focus />
    }
    .into_any()
}

/// Left empty it is the newest chat, which may have begun since.
fn number_line(ground: Ground<'_>, required: bool) -> AnyView {
    let words = ground.words;
    view! {
        <label class="composer-to" for="para">
            {words.t("simulator.to")}
            <input class="input" id="para" name="para" type="tel" inputmode="tel" autocomplete="off" required=required
                placeholder="5562988887777" />
        </label>
    }
    .into_any()
}

/// The message all this is about.
fn subject(doing: Doing<'_>) -> Option<AnyView> {
    let (Doing::Answering(message) | Doing::Editing(message) | Doing::Forwarding(message)) = doing else { return None };
    Some(view! { <input type="hidden" name="mensagem" value=message.wire_id.clone() /> }.into_any())
}

fn bar(ground: Ground<'_>, doing: Doing<'_>) -> Option<AnyView> {
    let words = ground.words;
    let (message, title) = match doing {
        Doing::Writing => return None,
        Doing::Answering(message) => (message, words.t("simulator.replying")),
        Doing::Editing(message) => (message, words.t("simulator.editing")),
        Doing::Forwarding(message) => (message, words.t("simulator.forwarding")),
    };
    let quote = Quote { wire_id: message.wire_id.clone(), content: Some(message.content.clone()), own: message.own };
    Some(
        view! {
            <div class="composer-bar">
                <div><strong>{title}</strong>{quoted(ground, &quote)}</div>
                <a class="button small" href=ground.here()>{words.t("simulator.give_up")}</a>
            </div>
        }
        .into_any(),
    )
}

fn attach(ground: Ground<'_>, doing: Doing<'_>) -> AnyView {
    let words = ground.words;
    let subject = || subject(doing);
    let target = move || {
        if ground.chat.is_empty() {
            number_line_named(ground)
        } else {
            view! { <input type="hidden" name="para" value=ground.chat.to_owned() /> }.into_any()
        }
    };
    let samples = Sample::ALL
        .into_iter()
        .map(|sample| {
            let kind = recado_messaging::MessageKind::ALL.iter().copied().find(|kind| kind.as_str() == sample.as_str());
            let sign = kind.and_then(kinds::sign).map(icon);
            let name = kind.map(|kind| kinds::name(words, kind)).unwrap_or_default();
            view! { <button type="submit" name="amostra" value=sample.as_str() class="attach-sample">{sign}<span>{name}</span></button> }
        })
        .collect_view();
    let form = |action: &str, legend: &'static str, shape: Icon, fields: AnyView| {
        view! {
            <details class="attach-form" name="anexo">
                <summary>{icon(shape)}{legend}</summary>
                <form method="post" action=format!("{}/{action}", ground.base) class="form">
                    {ground.hidden()}
                    {subject()}
                    {target()}
                    {fields}
                    <button type="submit" class="button">{words.t("simulator.attach.submit")}</button>
                </form>
            </details>
        }
    };
    view! {
        <details class="attach">
            <summary class="button small">{icon(Icon::Clip)}{words.t("simulator.attach.title")}</summary>
            <div class="attach-body">
                <form method="post" action=format!("{}/exemplo", ground.base) class="attach-samples" aria-label=words.t("simulator.attach.samples")>
                    <p class="muted">{words.t("simulator.attach.samples")}</p>
                    {ground.hidden()}
                    {subject()}
                    {target()}
                    <div class="attach-grid">{samples}</div>
                </form>
                <details class="attach-form" name="anexo">
                    <summary>{icon(Icon::Clip)}{words.t("simulator.attach.file")}</summary>
                    <form method="post" action=format!("{}/anexar", ground.base) enctype="multipart/form-data" class="form">
                        {ground.hidden()}
                        {subject()}
                        {target()}
                        {file_fields(ground)}
                        <button type="submit" class="button">{words.t("simulator.attach.submit")}</button>
                    </form>
                </details>
                {form("lugar", words.t("simulator.kind.location"), Icon::Pin, place_fields(ground))}
                {form("contato", words.t("simulator.kind.contact"), Icon::Person, contact_fields(ground))}
                {form("enquete", words.t("simulator.kind.poll"), Icon::Poll, poll_fields(ground))}
            </div>
        </details>
    }
    .into_any()
}

/// The same as [`number_line`], for forms that are hidden beside it: without an id of its own.
fn number_line_named(ground: Ground<'_>) -> AnyView {
    view! {
        <label class="composer-to">
            {ground.words.t("simulator.to")}
            <input class="input" name="para" type="tel" inputmode="tel" autocomplete="off" required=ground.new_chat placeholder="5562988887777" />
        </label>
    }
    .into_any()
}

fn field(name: &'static str, label: &'static str, value: &'static str) -> AnyView {
    view! { <label class="field"><span class="legend">{label}</span><input class="input" name=name type="text" required value=value autocomplete="off" /></label> }
        .into_any()
}

fn file_fields(ground: Ground<'_>) -> AnyView {
    let words = ground.words;
    let uses = [
        ("", words.t("simulator.attach.as_it_is")),
        ("sticker", words.t("simulator.kind.sticker")),
        ("ptv", words.t("simulator.kind.ptv")),
        ("gif", words.t("simulator.kind.gif")),
        ("document", words.t("simulator.kind.document")),
    ];
    let uses = uses.into_iter().map(|(value, label)| view! { <option value=value>{label}</option> }).collect_view();
    view! {
        <label class="field"><span class="legend">{words.t("simulator.attach.file")}</span><input class="input" name="arquivo" type="file" required /></label>
        <label class="field"><span class="legend">{words.t("simulator.attach.as")}</span><select class="input" name="tipo">{uses}</select></label>
        <label class="field"><span class="legend">{words.t("simulator.attach.caption")}</span><input class="input" name="legenda" type="text" autocomplete="off" /></label>
    }
    .into_any()
}

fn place_fields(ground: Ground<'_>) -> AnyView {
    let words = ground.words;
    view! {
        {field("nome", words.t("simulator.attach.name"), words.t("simulator.attach.example_place"))}
        {field("endereco", words.t("simulator.attach.address"), words.t("simulator.attach.example_address"))}
        {field("latitude", words.t("simulator.attach.latitude"), "-16.6869")}
        {field("longitude", words.t("simulator.attach.longitude"), "-49.2648")}
    }
    .into_any()
}

fn contact_fields(ground: Ground<'_>) -> AnyView {
    let words = ground.words;
    view! { {field("nome", words.t("simulator.attach.name"), words.t("simulator.attach.example_person"))}{field("telefone", words.t("simulator.attach.phone"), "5562977776666")} }
        .into_any()
}

fn poll_fields(ground: Ground<'_>) -> AnyView {
    let words = ground.words;
    view! {
        {field("pergunta", words.t("simulator.attach.question"), "")}
        <label class="field">
            <span class="legend">{words.t("simulator.attach.options")}</span>
            <textarea class="input" name="opcoes" rows="3" required></textarea>
        </label>
        <label class="check"><input type="checkbox" name="varias" value="1" />{words.t("simulator.attach.several")}</label>
    }
    .into_any()
}
