//! `/suporte/contas/{id}/estado`: what a thing was after an event or at a moment, and what differed at another. Recorded before
//! anything is shown.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_event_store::history::{Change, StateAt, difference, states};
use recado_kernel::AccountId;

use super::fields::flat;
use super::thing::Thing;
use crate::view::field::Field;
use crate::view::heading::{heading, lead};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::visit::Member;
use crate::words::Words;

mod asked;
mod shown;

use asked::{Asked, Point};
use shown::{label, open_states, value_text};

struct Facts {
    account: AccountId,
    thing: Thing,
    asked: Asked,
    point: Point,
    state: Option<StateAt>,
    compared: Option<(Point, Option<StateAt>)>,
}

/// The page.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn show(member: Member, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    member.require_staff(StaffPermission::ReadTimeline)?;
    let account: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let thing = Thing { kind: asked.tipo.clone(), id: asked.de.clone() };
    let panel = &member.panel;
    let kind = panel.aggregates.get(&thing.kind).ok_or(Failure::NotFound)?;
    panel.accounts.record_support_read(&member.principal, account, "state").await?;
    let (point, other) = (asked.point(), asked.compared());
    let points: Vec<_> = [Some(point), other].into_iter().flatten().map(Point::at).collect();
    let mut found = states(panel.platform.pool(), account, kind, &thing.id, &points).await?;
    open_states(member.words(), &panel.platform.vault, &mut found).await?;
    let compared = other.map(|other| (other, found.pop().flatten()));
    let state = found.pop().flatten();
    let page = Page::plain("state.title", Some(Place::Support));
    let facts = Facts { account, thing, asked, point, state, compared };
    Ok(member.answer(page, |words| body(words, &facts)))
}

fn body(words: Words, facts: &Facts) -> AnyView {
    let back = (format!("/suporte/contas/{}", facts.account), words.t("timeline.title").to_owned());
    let title = words.with("state.heading", &[("kind", &facts.thing.kind_name(words))]);
    view! {
        {heading(title, Some(back), None)}
        {lead(words.with("state.lead", &[("id", &facts.thing.id)]))}
        <p class="notice">{words.t("support.recorded")}</p>
        <div class="columns two">
            <div class="stack">{state_card(words, facts)}{difference_card(words, facts)}</div>
            {form(words, facts)}
        </div>
    }
    .into_any()
}

fn state_card(words: Words, facts: &Facts) -> AnyView {
    let heading = facts.point.named(words);
    let Some(state) = &facts.state else {
        return view! { <section class="card"><h2 class="sentence">{heading}</h2><p class="muted">{words.t("state.nothing")}</p></section> }
            .into_any();
    };
    let last = words.with(
        "state.last",
        &[("sequence", &state.last.sequence.to_string()), ("moment", &words.exact_moment(state.last.occurred_at))],
    );
    let rows = flat(&state.state)
        .into_iter()
        .map(|(path, text)| {
            let shown = value_text(words, &path, &text);
            view! { <div><dt>{label(words, &path)}</dt><dd>{shown}</dd></div> }
        })
        .collect_view();
    let causes = facts.thing.causes(facts.account, state.last.sequence);
    view! {
        <section class="card">
            <h2 class="sentence">{heading}</h2>
            <p class="muted">{last}" "<a href=causes>{words.t("causes.link")}</a></p>
            <dl class="facts state">{rows}</dl>
        </section>
    }
    .into_any()
}

fn difference_card(words: Words, facts: &Facts) -> Option<AnyView> {
    let (other, compared) = facts.compared.as_ref()?;
    let (now, then) = (facts.state.as_ref(), compared.as_ref());
    // The earlier one first, whatever was asked for first.
    let sequence = |state: Option<&StateAt>| state.map_or(0, |state| state.last.sequence);
    let in_order = sequence(then) <= sequence(now);
    let (before, after) = if in_order { (then, now) } else { (now, then) };
    let (first, second) = if in_order { (other, &facts.point) } else { (&facts.point, other) };
    let nothing = serde_json::Value::Object(serde_json::Map::new());
    let json = |state: Option<&StateAt>| state.map_or_else(|| nothing.clone(), |state| state.state.clone());
    let changes = difference(&json(before), &json(after));
    let title = words.with("state.difference", &[("first", &first.named(words)), ("second", &second.named(words))]);
    let list = match changes.is_empty() {
        true => view! { <p class="muted">{words.t("state.same")}</p> }.into_any(),
        false => {
            let rows: Vec<AnyView> = changes.iter().flat_map(|change| change_lines(words, change)).collect();
            view! { <ul class="changes">{rows}</ul> }.into_any()
        }
    };
    Some(view! { <section class="card"><h2>{title}</h2>{list}</section> }.into_any())
}

/// A value that came or went with many fields is told field by field.
fn change_lines(words: Words, change: &Change) -> Vec<AnyView> {
    let side = |value: Option<&serde_json::Value>| value.map(|value| shown::below(&change.path, value)).unwrap_or_default();
    let (mut before, after) = (side(change.before()), side(change.after()));
    let mut lines: Vec<(String, String, String)> = after
        .into_iter()
        .map(|(path, text)| {
            let earlier = before.remove(&path).unwrap_or_default();
            (path, earlier, text)
        })
        .collect();
    lines.extend(before.into_iter().map(|(path, text)| (path, text, String::new())));
    lines
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(path, before, after)| {
            let written = |text: &str| match text.is_empty() {
                true => words.t("timeline.nothing").to_owned(),
                false => value_text(words, &path, text),
            };
            view! {
                <li>
                    {label(words, &path)}": "
                    <span class="hidden">{words.t("timeline.before")}</span><del>{written(&before)}</del>" → "
                    <span class="hidden">{words.t("timeline.after")}</span><ins>{written(&after)}</ins>
                </li>
            }
            .into_any()
        })
        .collect()
}

fn form(words: Words, facts: &Facts) -> AnyView {
    let moment = |name, label, value: &str| Field { kind: "datetime-local", ..Field::text(name, label).optional().value(value) };
    view! {
        <section class="card">
            <h2>{words.t("state.choose")}</h2>
            <form method="get" class="form">
                <input type="hidden" name="tipo" value=facts.thing.kind.clone() />
                <input type="hidden" name="de" value=facts.thing.id.clone() />
                {moment("em", words.t("state.at"), &facts.asked.em).help(words.t("state.at_help")).view()}
                {moment("com", words.t("state.compare"), &facts.asked.com).view()}
                <div class="form-actions"><button type="submit" class="button primary">{words.t("state.show")}</button></div>
            </form>
        </section>
    }
    .into_any()
}
