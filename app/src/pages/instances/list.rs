//! `/instancias`: all of them with their states.

use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::Timestamp;
use recado_messaging::InstanceView;

use super::states::time_left;
use super::{address, connection_badge, payment_badge};
use crate::view::empty::empty;
use crate::view::heading::heading;
use crate::view::icons::{Icon, icon};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

/// The list.
///
/// # Errors
/// Not allowed, or the database.
pub async fn show(member: Member) -> Result<Response, Failure> {
    let account = member.require(Permission::ViewInstances)?;
    let instances = member.panel.messaging.instances(account).await?;
    let now = member.panel.platform.now();
    let may_add = member.principal.may(Permission::ManageInstances);
    Ok(member.answer(Page::plain("instances.title", Some(Place::Instances)), |words| body(words, &instances, now, may_add)))
}

fn body(words: Words, instances: &[InstanceView], now: Timestamp, may_add: bool) -> AnyView {
    let add = || {
        may_add.then(|| {
            view! { <a class="button primary" href="/instancias/nova">{icon(Icon::Plus)}{words.t("instances.add")}</a> }
                .into_any()
        })
    };
    let content = if instances.is_empty() {
        empty(Icon::Phone, words.t("instances.empty.title"), words.t("instances.empty.text"), add())
    } else {
        let cards = instances.iter().map(|view| card(words, view, now)).collect_view();
        view! { <ul class="instances">{cards}</ul> }.into_any()
    };
    let actions = if instances.is_empty() { None } else { add() };
    view! { {heading(words.t("instances.title"), None, actions)} {content} }.into_any()
}

fn card(words: Words, view: &InstanceView, now: Timestamp) -> AnyView {
    let number = view.number.as_ref().map_or_else(|| words.t("instances.no_number").to_owned(), |number| number.to_display());
    let left = time_left(words, view, now);
    view! {
        <li>
            <a class="card card-link" href=address(view)>
                <h2>{view.name.clone()}</h2>
                <div class="row">{connection_badge(words, view.connection)}{payment_badge(words, view, now)}</div>
                <div class="foot"><span>{number}</span></div>
                {left.map(|left| view! { <p class="muted"><small>{left}</small></p> })}
            </a>
        </li>
    }
    .into_any()
}
