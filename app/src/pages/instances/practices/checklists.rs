//! What a person checks by hand: the profile, and "use o número à mão antes" (each tick says who and when).

use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::Actor;
use recado_messaging::{CheckItem, Checked, Checklist, GuardState, InstanceView};

use super::here;
use crate::view::badge::{Tone, badge};
use crate::view::field::form_key;
use crate::web::visit::Member;
use crate::words::Words;

/// Both lists.
pub fn cards(words: Words, member: &Member, view: &InstanceView, state: &GuardState) -> AnyView {
    view! {
        {card(words, member, view, state, Checklist::ByHand)}
        {card(words, member, view, state, Checklist::Profile)}
    }
    .into_any()
}

/// The form's name of a list.
pub const fn name(list: Checklist) -> &'static str {
    match list {
        Checklist::Profile => "perfil",
        Checklist::ByHand => "a-mao",
    }
}

fn card(words: Words, member: &Member, view: &InstanceView, state: &GuardState, list: Checklist) -> AnyView {
    let (title, text) = match list {
        Checklist::Profile => (words.t("practices.profile.title"), words.t("practices.profile.text")),
        Checklist::ByHand => (words.t("practices.by_hand.title"), words.t("practices.by_hand.text")),
    };
    let items: Vec<CheckItem> = CheckItem::ALL.into_iter().filter(|item| item.list() == list).collect();
    let done = items.iter().filter(|item| state.guard.checked.contains_key(item)).count();
    let tone = if done == items.len() { Tone::Good } else { Tone::Warn };
    let progress = words.with("practices.checked", &[("done", &done.to_string()), ("all", &items.len().to_string())]);
    let may = member.principal.may(Permission::ManageInstances);
    let boxes = items
        .into_iter()
        .map(|item| {
            let checked = state.guard.checked.get(&item);
            let said = checked.map(|checked| view! { <small class="muted">{who(words, member, checked)}</small> });
            view! {
                <label class="check">
                    <input type="checkbox" name=item.as_str() value="1" checked=checked.is_some() disabled=!may />
                    <span>{words.find(&format!("practices.item.{}", item.as_str())).unwrap_or_default()}" "{said}</span>
                </label>
            }
        })
        .collect_view();
    let save = may.then(|| {
        view! { <div class="form-actions"><button type="submit" class="button">{words.t("common.save")}</button></div> }
    });
    view! {
        <section class="card stack" id=name(list)>
            <div class="row spread"><h2>{title}</h2>{badge(tone, progress)}</div>
            <p class="muted">{text}</p>
            <form method="post" action=format!("{}/lista", here(view)) class="form">
                {form_key(&member.form_key)}
                <input type="hidden" name="lista" value=name(list) />
                {boxes}
                {save}
            </form>
        </section>
    }
    .into_any()
}

fn who(words: Words, member: &Member, checked: &Checked) -> String {
    let moment = words.moment(checked.at);
    match checked.actor() {
        Some(actor) if actor == member.principal.actor() => words.with("practices.checked_by_you", &[("moment", &moment)]),
        Some(Actor::Staff(_)) => words.with("practices.checked_by_staff", &[("moment", &moment)]),
        _ => words.with("practices.checked_by_other", &[("moment", &moment)]),
    }
}
