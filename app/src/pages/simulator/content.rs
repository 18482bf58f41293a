//! What a message says, by kind.

use leptos::prelude::*;
use recado_engine_sim::MessageView;
use recado_messaging::domain::message::{ContactCard, LinkContent, LocationContent};
use recado_messaging::{Media, MessageContent};

use super::ground::{Ground, shown};
use super::{choices, kinds};
use crate::view::icons::{Icon, icon};

/// The inside of a bubble.
pub fn body(ground: Ground<'_>, message: &MessageView) -> AnyView {
    let words = ground.words;
    match &message.content {
        MessageContent::Image(image) => view! { {once(ground, image.view_once)}{picture(ground, message)}{said(&message.text)} }.into_any(),
        MessageContent::Sticker(_) => picture(ground, message),
        MessageContent::Video(video) => {
            view! { {once(ground, video.view_once)}{film(ground, message, "film")}{said(&message.text)} }.into_any()
        }
        MessageContent::Gif(_) => view! { {film(ground, message, "film")}{said(&message.text)} }.into_any(),
        MessageContent::Ptv(_) => view! { {film(ground, message, "film round")}{play(ground, message)} }.into_any(),
        MessageContent::Audio(audio) => sound(ground, message, audio.ptt, audio.view_once),
        MessageContent::Document(document) => {
            let name = document.file_name.clone().unwrap_or_else(|| format!("{}.{}", words.t("simulator.kind.document"), document.extension));
            view! { {paper(ground, message, &document.media, &name, &document.extension)}{said(&message.text)} }.into_any()
        }
        MessageContent::Link(link) => view! { {said(&message.text)}{preview(ground, message, link)} }.into_any(),
        MessageContent::Location(place) => location(ground, place),
        MessageContent::Contact(card) => contact(card),
        MessageContent::Contacts(several) => several.contacts.iter().map(contact).collect_view().into_any(),
        MessageContent::ButtonList(_)
        | MessageContent::ButtonActions(_)
        | MessageContent::ButtonPix(_)
        | MessageContent::ButtonOtp(_)
        | MessageContent::OptionList(_)
        | MessageContent::Poll(_) => choices::body(ground, message),
        MessageContent::ListResponse(answer) => {
            view! { {said(&answer.title)}{(!answer.text.is_empty()).then(|| view! { <p class="muted">{answer.text.clone()}</p> })} }.into_any()
        }
        MessageContent::Text(_) | MessageContent::ButtonResponse(_) => said(&message.text).into_any(),
        // These have no bubble of their own.
        other => said(kinds::name(words, other.kind())).into_any(),
    }
}

/// A text with its line ends; nothing when it is empty.
pub fn said(text: &str) -> Option<AnyView> {
    (!text.is_empty()).then(|| view! { <p class="said">{text.to_owned()}</p> }.into_any())
}

/// The picture (or film) above buttons.
pub fn header(ground: Ground<'_>, message: &MessageView) -> Option<AnyView> {
    match &message.content {
        MessageContent::ButtonList(list) if list.image.is_some() => Some(picture(ground, message)),
        MessageContent::ButtonList(list) if list.video.is_some() => Some(film(ground, message, "film")),
        MessageContent::ButtonOtp(otp) if otp.image.is_some() => Some(picture(ground, message)),
        _ => None,
    }
}

fn once(ground: Ground<'_>, view_once: bool) -> Option<AnyView> {
    view_once.then(|| view! { <p class="bubble-mark">{icon(Icon::Clock)}{ground.words.t("simulator.view_once")}</p> }.into_any())
}

/// Shown when the telephone does not have the file.
fn missing(ground: Ground<'_>, message: &MessageView) -> AnyView {
    let shape = kinds::sign(message.content.kind()).unwrap_or(Icon::Sheet);
    let name = kinds::name(ground.words, message.content.kind());
    view! {
        <div class="attachment"><span class="attachment-icon">{icon(shape)}</span><span><strong>{name}</strong><small>{ground.words.t("simulator.no_file")}</small></span></div>
    }
    .into_any()
}

fn picture(ground: Ground<'_>, message: &MessageView) -> AnyView {
    if !message.has_files {
        return missing(ground, message);
    }
    let file = message.content.media().into_iter().find_map(|(_, media)| media.stored());
    let (width, height) = (file.and_then(|file| file.width), file.and_then(|file| file.height));
    let alt =
        if message.text.is_empty() { kinds::name(ground.words, message.content.kind()).to_owned() } else { message.text.clone() };
    view! { <img class="picture" src=ground.file(&message.wire_id, 0) alt=alt loading="lazy" width=width height=height /> }
        .into_any()
}

fn film(ground: Ground<'_>, message: &MessageView, class: &'static str) -> AnyView {
    if !message.has_files {
        return missing(ground, message);
    }
    let label = kinds::name(ground.words, message.content.kind());
    let file = message.content.media().into_iter().find_map(|(_, media)| media.stored());
    let (width, height) = (file.and_then(|file| file.width), file.and_then(|file| file.height));
    view! { <video class=class controls preload="metadata" aria-label=label width=width height=height src=ground.file(&message.wire_id, 0)></video> }
        .into_any()
}

fn sound(ground: Ground<'_>, message: &MessageView, voice: bool, view_once: bool) -> AnyView {
    let words = ground.words;
    let label = if voice { words.t("simulator.voice_note") } else { words.t("simulator.kind.audio") };
    let player = if message.has_files {
        view! { <audio controls preload="none" aria-label=label src=ground.file(&message.wire_id, 0)></audio> }.into_any()
    } else {
        missing(ground, message)
    };
    view! {
        {once(ground, view_once)}
        <p class="bubble-mark">{icon(Icon::Microphone)}{label}</p>
        {player}
        {play(ground, message)}
    }
    .into_any()
}

/// The other side hears of it only when it is told: the browser's player tells nobody.
fn play(ground: Ground<'_>, message: &MessageView) -> Option<AnyView> {
    let button =
        || view! { <button type="submit" class="button small">{ground.words.t("simulator.mark_played")}</button> }.into_any();
    (!message.own && message.played_at.is_none()).then(|| ground.form("ouvir", &message.wire_id, "", button()))
}

fn paper(ground: Ground<'_>, message: &MessageView, media: &Media, name: &str, extension: &str) -> AnyView {
    let size = media.stored().map(|file| bytes(file.size)).unwrap_or_default();
    let kind = extension.to_uppercase();
    let inside = view! {
        <span class="attachment-icon">{icon(Icon::Sheet)}</span>
        <span><strong>{name.to_owned()}</strong><small>{kind}" · "{size}</small></span>
    };
    if message.has_files {
        view! { <a class="attachment" href=ground.file(&message.wire_id, 0) download=name.to_owned()>{inside}</a> }.into_any()
    } else {
        view! { <div class="attachment">{inside}</div> }.into_any()
    }
}

fn preview(ground: Ground<'_>, message: &MessageView, link: &LinkContent) -> AnyView {
    let image = (link.image.is_some() && message.has_files)
        .then(|| view! { <img class="picture" src=ground.file(&message.wire_id, 0) alt="" loading="lazy" /> });
    let inside = view! { {image}<strong>{link.title.clone()}</strong><span>{link.description.clone()}</span><small>{link.url.clone()}</small> };
    match web_address(&link.url) {
        Some(url) => view! { <a class="preview" href=url target="_blank" rel="noopener noreferrer">{inside}</a> }.into_any(),
        None => view! { <div class="preview">{inside}</div> }.into_any(),
    }
}

fn location(ground: Ground<'_>, place: &LocationContent) -> AnyView {
    let (north, east) = (place.latitude.as_str(), place.longitude.as_str());
    let map = format!("https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=17/{north}/{east}");
    let name = if place.name.is_empty() { ground.words.t("simulator.kind.location").to_owned() } else { place.name.clone() };
    view! {
        <div class="attachment">
            <span class="attachment-icon">{icon(Icon::Pin)}</span>
            <span><strong>{name}</strong><span>{place.address.clone()}</span><small>{format!("{north}, {east}")}</small></span>
        </div>
        <a class="button small wide" href=map target="_blank" rel="noopener noreferrer">{ground.words.t("simulator.open_map")}</a>
    }
    .into_any()
}

fn contact(card: &ContactCard) -> AnyView {
    let phones = card.phones.iter().map(|phone| view! { <small>{shown(phone)}</small> }).collect_view();
    view! {
        <div class="attachment">
            <span class="attachment-icon">{icon(Icon::Person)}</span>
            <span><strong>{card.name.clone()}</strong>{phones}<small>{card.business_description.clone()}</small></span>
        </div>
    }
    .into_any()
}

/// An address that may stand in a link.
pub fn web_address(url: &str) -> Option<String> {
    (url.starts_with("https://") || url.starts_with("http://")).then(|| url.to_owned())
}

fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} KB", size.div_ceil(1_000)),
        _ => format!("{} MB", size.div_ceil(1_000_000)),
    }
}
