//! `/simulador`: the telephones, and scanning a QR code with one.

use std::collections::HashMap;

use axum::response::Response;
use leptos::prelude::*;
use recado_engine_sim::PhoneView;
use recado_kernel::PhoneNumber;
use recado_messaging::{Connection, InstanceView};

use super::{banner, desk};
use crate::view::badge::{Tone, badge};
use crate::view::empty::empty;
use crate::view::field::{Field, form_error, form_key};
use crate::view::heading::heading;
use crate::view::icons::Icon;
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// What was typed, when the form is shown again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The telephone.
    pub phone: String,
    /// The code's text.
    pub code: String,
    /// The chosen instance's public id.
    pub instance: String,
}

/// The page.
///
/// # Errors
/// No simulator, not allowed, or the database.
pub async fn show(member: Member) -> Result<Response, Failure> {
    page(&member, &Typed { phone: EXAMPLE.to_owned(), ..Typed::default() }, None).await
}

/// A number nobody has.
const EXAMPLE: &str = "5562900000001";

/// The page, with what was typed and what is wrong with it.
///
/// # Errors
/// As [`show`].
pub async fn page(member: &Member, typed: &Typed, error: Option<String>) -> Result<Response, Failure> {
    let (sim, account) = desk(member)?;
    let phones = sim.phones(Some(account)).await?;
    let instances = member.panel.messaging.instances(account).await?;
    let mut page = Page::plain("simulator.title", Some(Place::Simulator));
    if error.is_some() {
        page = page.again();
    }
    Ok(member.answer(page, |words| {
        view! {
            {heading(words.t("simulator.title"), None, None)}
            {banner(words)}
            <div class="columns two">
                {list(words, &phones, &instances)}
                {scan(words, member, &instances, typed, error)}
            </div>
        }
        .into_any()
    }))
}

fn list(words: Words, phones: &[PhoneView], instances: &[InstanceView]) -> AnyView {
    if phones.is_empty() {
        return empty(Icon::Phone, words.t("simulator.empty.title"), words.t("simulator.empty.text"), None);
    }
    let names: HashMap<_, &str> = instances.iter().map(|view| (view.id, view.name.as_str())).collect();
    let rows = phones
        .iter()
        .map(|phone| {
            let number = phone.number.parse::<PhoneNumber>().map_or_else(|_| phone.number.clone(), |number| number.to_display());
            let linked = phone
                .instance
                .and_then(|instance| names.get(&instance))
                .map(|name| words.with("simulator.linked_to", &[("name", name)]));
            let state = match (phone.is_on, phone.online) {
                (false, _) => badge(Tone::Calm, words.t("simulator.off")),
                (true, true) => badge(Tone::Good, words.t("simulator.online")),
                (true, false) => badge(Tone::Info, words.t("simulator.on")),
            };
            let unread = (phone.unread > 0).then(|| badge(Tone::Warn, words.count("simulator.unread", phone.unread)));
            view! {
                <li class="entry">
                    <div class="row spread">
                        <a href=format!("/simulador/telefones/{}", phone.number)><strong>{number}</strong></a>
                        <span class="row">{unread}{state}</span>
                    </div>
                    {linked.map(|linked| view! { <small>{linked}</small> })}
                </li>
            }
        })
        .collect_view();
    view! { <section class="card"><h2>{words.t("simulator.phones")}</h2><ul>{rows}</ul></section> }.into_any()
}

fn scan(words: Words, member: &Member, instances: &[InstanceView], typed: &Typed, error: Option<String>) -> AnyView {
    let phone = Field {
        kind: "tel",
        input_mode: Some("tel"),
        autocomplete: Some("off"),
        ..Field::text("telefone", words.t("simulator.scan.phone")).help(words.t("simulator.scan.phone_help")).value(&typed.phone)
    };
    let code = Field {
        autocomplete: Some("off"),
        ..Field::text("codigo", words.t("simulator.scan.code"))
            .optional()
            .help(words.t("simulator.scan.code_help"))
            .value(&typed.code)
    };
    let options = instances
        .iter()
        .filter(|view| view.connection != Connection::Connected)
        .map(|view| {
            let id = view.id.public();
            let selected = id == typed.instance || (typed.instance.is_empty() && view.connection == Connection::Pairing);
            view! { <option value=id selected=selected>{view.name.clone()}</option> }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2>{words.t("simulator.scan.title")}</h2>
            <form method="post" action="/simulador/escanear" class="form">
                {form_error(error)}
                {form_key(&member.form_key)}
                {phone.view()}
                <div class="field">
                    <label for="instancia">{words.t("simulator.scan.instance")}</label>
                    <select id="instancia" name="instancia">
                        <option value="">{words.t("simulator.scan.by_code")}</option>
                        {options}
                    </select>
                </div>
                {code.view()}
                <button type="submit" class="button primary">{words.t("simulator.scan.submit")}</button>
            </form>
        </section>
    }
    .into_any()
}
