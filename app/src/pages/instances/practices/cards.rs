//! The guards themselves, one card each.

use leptos::prelude::*;
use recado_accounts::Permission;
use recado_messaging::{GuardMode, GuardState, InstanceView, Ripeness};

use super::{Typed, here, mode_field};
use crate::view::badge::{Tone, badge};
use crate::view::field::{Field, form_key};
use crate::view::icons::{Icon, icon};
use crate::web::visit::Member;
use crate::words::Words;

fn error_of(words: Words, typed: bool, key: &'static str) -> Option<String> {
    typed.then(|| words.t(key).to_owned())
}

/// How many new contacts today, of how many.
pub fn warm_up(words: Words, member: &Member, view: &InstanceView, state: &GuardState, typed: &Typed) -> AnyView {
    let (today, mode) = (state.warm_up, state.guard.warm_up);
    let (tone, word) = match (mode, today.allowed) {
        (GuardMode::Off, _) => (Tone::Calm, words.t("practices.state.off")),
        (_, None) => (Tone::Good, words.t("practices.warm_up.over")),
        (GuardMode::Advise, _) if !today.has_room() => (Tone::Warn, words.t("practices.warm_up.full")),
        (GuardMode::Enforce, _) if !today.has_room() => (Tone::Bad, words.t("practices.warm_up.stopped")),
        _ => (Tone::Good, words.t("practices.warm_up.room")),
    };
    let progress = today.allowed.filter(|_| mode != GuardMode::Off).map(|allowed| {
        let (used, most) = (today.used.to_string(), allowed.max(1).to_string());
        let said = words.with("practices.warm_up.used", &[("used", &used), ("allowed", &allowed.to_string())]);
        view! {
            <label class="gauge"><span>{said}</span><progress max=most value=today.used.min(allowed.max(1)).to_string()></progress></label>
        }
    });
    let day = match state.first_linked_at {
        Some(at) => words.with("practices.warm_up.day", &[("day", &today.age.to_string()), ("date", &words.local_date(at))]),
        None => words.t("practices.warm_up.not_linked").to_owned(),
    };
    let next = match (today.has_room(), mode) {
        (_, GuardMode::Off) => words.t("practices.warm_up.next_off"),
        (true, _) => words.t("practices.warm_up.next"),
        (false, _) => words.t("practices.warm_up.next_full"),
    };
    let days = state.plan.days().iter().enumerate();
    let plan = days
        .map(|(index, allowed)| {
            let today = u32::try_from(index).is_ok_and(|index| index + 1 == today.age).then_some("date");
            view! { <li aria-current=today><small>{(index + 1).to_string()}</small><span>{allowed.to_string()}</span></li> }
        })
        .collect_view();
    let typed_plan = typed.plan.as_ref().map(|(plan, _)| plan.clone());
    let form = member.principal.may(Permission::ManageInstances).then(|| {
        let chosen = typed.plan.as_ref().map_or(mode, |(_, mode)| *mode);
        let field =
            Field { max_length: Some(700), autocomplete: Some("off"), ..Field::text("plano", words.t("practices.warm_up.plan")) }
                .help(words.t("practices.warm_up.plan_help"))
                .error(error_of(words, typed_plan.is_some(), typed.error))
                .value(typed_plan.unwrap_or_else(|| state.plan.to_string()));
        view! {
            <form method="post" action=format!("{}/aquecimento", here(view)) class="form divided">
                {form_key(&member.form_key)}
                {mode_field(words, "aquecimento", words.t("practices.mode.label"), Some(chosen), false)}
                {field.view()}
                <div class="form-actions"><button type="submit" class="button">{words.t("common.save")}</button></div>
            </form>
        }
    });
    view! {
        <section class="card stack" id="aquecimento-do-numero">
            <div class="row spread"><h2>{words.t("practices.warm_up.title")}</h2>{badge(tone, word)}</div>
            <p class="muted">{words.t("practices.warm_up.text")}</p>
            {progress}
            <p>{day}</p>
            <div>
                <p class="legend">{words.t("practices.warm_up.per_day")}</p>
                <ol class="plan">{plan}</ol>
            </div>
            <p class="next">{icon(Icon::Send)}<span>{next}</span></p>
            {form}
        </section>
    }
    .into_any()
}

/// The 24-hour rule.
pub fn qr_rule(words: Words, member: &Member, view: &InstanceView, state: &GuardState, typed: &Typed) -> AnyView {
    let (tone, word) = match (state.qr_rule, state.ripeness) {
        (GuardMode::Off, _) => (Tone::Calm, words.t("practices.state.off")),
        (_, Ripeness::Ripe) => (Tone::Good, words.t("practices.qr.ripe")),
        (_, Ripeness::Unknown) => (Tone::Warn, words.t("practices.qr.unknown")),
        (GuardMode::Advise, Ripeness::Until(_)) => (Tone::Warn, words.t("practices.qr.young")),
        (GuardMode::Enforce, Ripeness::Until(_)) => (Tone::Bad, words.t("practices.qr.young")),
    };
    let next = match state.ripeness {
        Ripeness::Ripe => words.t("practices.qr.next_ripe").to_owned(),
        Ripeness::Unknown => words.t("practices.qr.next_unknown").to_owned(),
        Ripeness::Until(until) => words.with("practices.qr.next_until", &[("moment", &words.moment(until))]),
    };
    let told = state.guard.registered_at.map(|at| {
        view! { <p>{words.with("practices.qr.told", &[("moment", &words.moment(at))])}</p> }
    });
    let wrong = typed.registered.is_some();
    let forms = member.principal.may(Permission::ManageInstances).then(|| {
        let when = Field { kind: "datetime-local", ..Field::text("quando", words.t("practices.qr.when")) }
            .optional()
            .help(words.t("practices.qr.when_help"))
            .error(error_of(words, wrong, typed.error))
            .value(typed.registered.clone().unwrap_or_default());
        view! {
            <form method="post" action=format!("{}/registro", here(view)) class="form divided">
                {form_key(&member.form_key)}
                {when.view()}
                <div class="form-actions">
                    <button type="submit" class="button">{words.t("practices.qr.tell")}</button>
                    <button type="submit" name="antigo" value="1" class="button">{words.t("practices.qr.old")}</button>
                </div>
            </form>
            <form method="post" action=format!("{}/regra-24h", here(view)) class="form divided">
                {form_key(&member.form_key)}
                {mode_field(words, "regra", words.t("practices.mode.label"), state.guard.qr_rule, true)}
                <div class="form-actions"><button type="submit" class="button">{words.t("common.save")}</button></div>
            </form>
        }
    });
    view! {
        <section class="card stack" id="regra-24h">
            <div class="row spread"><h2>{words.t("practices.qr.title")}</h2>{badge(tone, word)}</div>
            <p class="muted">{words.t("practices.qr.text")}</p>
            {told}
            <p class="next">{icon(Icon::Clock)}<span>{next}</span></p>
            {forms}
        </section>
    }
    .into_any()
}

/// The opt-out list in short.
pub fn opt_out(words: Words, member: &Member, state: &GuardState) -> AnyView {
    let listening = !state.rules.words.out.is_empty();
    let (tone, word) = match listening {
        true => (Tone::Good, words.t("practices.opt_out.on")),
        false => (Tone::Warn, words.t("practices.opt_out.off")),
    };
    let heard = listening.then(|| {
        let all = state.rules.words.out.join(", ");
        view! { <p>{words.with("practices.opt_out.words", &[("words", &all)])}</p> }
    });
    let links = member.principal.may(Permission::ReadMessages).then(|| {
        let rules = member.principal.may(Permission::ManageInstances).then(|| {
            view! { <a class="button" href="/descadastro/regras">{words.t("opt_out.rules.open")}</a> }
        });
        view! {
            <div class="row"><a class="button" href="/descadastro">{words.t("practices.opt_out.list")}</a>{rules}</div>
        }
    });
    view! {
        <section class="card stack">
            <div class="row spread"><h2>{words.t("practices.opt_out.title")}</h2>{badge(tone, word)}</div>
            <p class="muted">{words.t("practices.opt_out.text")}</p>
            <p><strong>{words.count("practices.opt_out.count", state.opted_out)}</strong></p>
            {heard}
            {links}
        </section>
    }
    .into_any()
}

/// One contact under its forms.
pub fn identity(words: Words) -> AnyView {
    view! {
        <section class="card stack">
            <div class="row spread"><h2>{words.t("practices.identity.title")}</h2>{badge(Tone::Good, words.t("practices.state.always"))}</div>
            <p class="muted">{words.t("practices.identity.text")}</p>
        </section>
    }
    .into_any()
}
