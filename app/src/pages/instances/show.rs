//! `/instancias/{id}`: connection, plan, credentials.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{Connection, InstanceView};

use super::connection::{self, Facts};
use super::plan::{self, PlanFacts};
use super::{Tab, address, own, tabs};
use crate::view::confirm::{Confirm, confirm};
use crate::view::field::form_key;
use crate::view::heading::heading;
use crate::view::icons::{Icon, icon};
use crate::view::secret::{copyable, secret};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ViewInstances).await?;
    let token = match member.principal.may(Permission::ViewTokens) {
        true => Some(member.panel.messaging.show_token(account, view.id).await?.expose().clone()),
        false => None,
    };
    let plan = plan::facts(&member, &view).await?;
    let facts = connection::facts(&member, account, view.clone()).await?;
    let page = Page::live("instance.title", Some(Place::Instances));
    Ok(member.answer(page, |words| body(words, &member, &view, token, &facts, &plan)))
}

fn body(words: Words, member: &Member, view: &InstanceView, token: Option<String>, facts: &Facts, plan: &PlanFacts) -> AnyView {
    let back = Some(("/instancias".to_owned(), words.t("instances.title").to_owned()));
    view! {
        {heading(view.name.clone(), back, menu(words, member, view))}
        {tabs(words, member, view, Tab::Overview)}
        <div class="columns two">
            {connection::live_card(words, facts)}
            <div class="stack">
                {plan::card(words, member, view, plan)}
                {credentials(words, member, view, token)}
            </div>
        </div>
    }
    .into_any()
}

fn credentials(words: Words, member: &Member, view: &InstanceView, token: Option<String>) -> AnyView {
    let address = token.as_ref().map(|token| {
        let api = format!("{}/instances/{}/token/{token}", member.panel.api_url, view.id.public());
        secret(words, words.t("instance.api_url"), api)
    });
    let hint = token.is_none().then(|| view! { <p class="fine">{words.t("instance.no_token_right")}</p> });
    view! {
        <section class="card">
            <h2>{words.t("instance.credentials")}</h2>
            <dl>
                {copyable(words, words.t("instance.id"), view.id.public())}
                {token.map(|token| secret(words, words.t("instance.token"), token))}
                {address}
            </dl>
            {hint}
        </section>
    }
    .into_any()
}

/// Editar, Desconectar, Reiniciar, novo token, Cancelar assinatura: what this person may do and what makes sense now.
fn menu(words: Words, member: &Member, view: &InstanceView) -> Option<AnyView> {
    let manage = member.principal.may(Permission::ManageInstances);
    let base = address(view);
    // While a code is shown, too: the card turns to connected by itself, and the menu must fit it then.
    let online = view.connection != Connection::Disconnected;
    let edit = manage.then(|| {
        view! { <a class="menu-item" href=format!("{base}/editar")>{icon(Icon::Edit)}{words.t("instance.menu.edit")}</a> }
    });
    let restart = (manage && online).then(|| {
        view! {
            <form method="post" action=format!("{base}/reiniciar")>
                {form_key(&member.form_key)}
                <button class="menu-item" type="submit">{icon(Icon::Send)}{words.t("instance.menu.restart")}</button>
            </form>
        }
    });
    let ask = |id: &str, action: &str, shape: Icon, word: &'static str, title: &'static str, text: &'static str| Confirm {
        id: id.to_owned(),
        opener: view! { {icon(shape)}{word} }.into_any(),
        opener_class: "menu-item bad",
        title: title.to_owned(),
        body: view! { <p>{text}</p> }.into_any(),
        action: format!("{base}/{action}"),
        confirm: word.to_owned(),
        dangerous: true,
        form_key: member.form_key.clone(),
    };
    let disconnect = (manage && online).then(|| {
        let word = words.t("instance.menu.disconnect");
        let (title, text) = (words.t("instance.disconnect.title"), words.t("instance.disconnect.text"));
        confirm(words, ask("desconectar", "desconectar", Icon::Leave, word, title, text))
    });
    let rotate = (manage && member.principal.may(Permission::ViewTokens)).then(|| {
        let word = words.t("instance.menu.rotate");
        let (title, text) = (words.t("instance.rotate.title"), words.t("instance.rotate.text"));
        confirm(words, ask("novo-token", "novo-token", Icon::Lock, word, title, text))
    });
    let cancel = plan::cancel_item(words, member, view);
    let empty = edit.is_none() && restart.is_none() && disconnect.is_none() && rotate.is_none() && cancel.is_none();
    (!empty).then(|| {
        view! {
            <details class="menu">
                <summary class="button">{icon(Icon::More)}<span>{words.t("instance.menu.open")}</span></summary>
                <div class="menu-body">{edit}{restart}{disconnect}{rotate}{cancel}</div>
            </details>
        }
        .into_any()
    })
}
