//! The connection of an instance: QR code, number, what to do next; kept up to date in the browser.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::{AccountId, Timestamp};
use recado_messaging::engine::QrView;
use recado_messaging::{Connection, GuardMode, InstanceView, Ripeness};

use super::states::{connection_tone, connection_word};
use super::{address, own};
use crate::islands::LiveFragment;
use crate::view::badge::Tone;
use crate::view::field::form_key;
use crate::view::icons::{Icon, icon};
use crate::view::qr::qr;
use crate::view::render::fragment;
use crate::web::failure::Failure;
use crate::web::live::{Piece, keep_sending};
use crate::web::visit::Member;
use crate::words::Words;

/// How long a code is shown before the next one (plugzapi-api.md 2.1).
const QR_SECONDS: i64 = 20;

/// What the connection card shows.
pub struct Facts {
    view: InstanceView,
    qr: Option<QrView>,
    waiting: i64,
    now: Timestamp,
    may_manage: bool,
    simulated: bool,
    form_key: String,
    /// The 24-hour rule, where a QR code may be asked for.
    rule: Option<(GuardMode, Ripeness)>,
}

/// Everything the card needs, for one look.
///
/// # Errors
/// Not found, or the database.
pub async fn facts(member: &Member, account: AccountId, view: InstanceView) -> Result<Facts, Failure> {
    let panel = &member.panel;
    let now = panel.platform.now();
    let qr = match view.connection {
        // An engine that does not answer now will answer the next look; the card says that the code is being made.
        Connection::Pairing => panel.engine.qr(view.id, now).await.unwrap_or_default(),
        _ => None,
    };
    let waiting = panel.messaging.queue_count(account, view.id).await?;
    let rule = match view.connection {
        Connection::Disconnected => Some(panel.messaging.qr_rule(account, view.id).await?),
        _ => None,
    };
    Ok(Facts {
        rule,
        qr,
        waiting,
        now,
        may_manage: member.principal.may(Permission::ManageInstances),
        simulated: panel.sim.is_some(),
        form_key: member.form_key.clone(),
        view,
    })
}

/// `GET /instancias/{id}/ao-vivo`: the card again whenever it changes.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn live(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ViewInstances).await?;
    let instance = view.id;
    let asking = member.clone();
    let look = move || {
        let member = asking.clone();
        async move {
            let view = member.panel.messaging.instance(account, instance).await.ok()?;
            let facts = facts(&member, account, view).await.ok()?;
            let words = member.words();
            let status = connection_word(words, facts.view.connection).to_owned();
            Some(Piece { html: fragment(|| card(words, &facts)), status })
        }
    };
    Ok(keep_sending(&member, look))
}

/// The card with the island that keeps it up to date, and the way to do that without scripts.
pub fn live_card(words: Words, facts: &Facts) -> AnyView {
    let here = address(&facts.view);
    let now = card(words, facts);
    view! {
        <section class="card" aria-label=words.t("connection.title")>
            <LiveFragment url=format!("{here}/ao-vivo")>{now}</LiveFragment>
            <noscript><p class="fine"><a href=here>{words.t("common.refresh")}</a></p></noscript>
        </section>
    }
    .into_any()
}

/// The card itself.
pub fn card(words: Words, facts: &Facts) -> AnyView {
    let view = &facts.view;
    let content = match view.connection {
        _ if !view.may_send(facts.now) => stopped(words),
        Connection::Connected => connected(words, view),
        Connection::Pairing => pairing(words, facts),
        Connection::Lost => lost(words, facts),
        Connection::Disconnected => disconnected(words, facts),
    };
    let waiting = (facts.waiting > 0 && view.connection != Connection::Connected).then(|| {
        let text = words.count("connection.waiting", facts.waiting);
        view! { <p class="notice warn">{icon(Icon::Queue)}<span>{text}" "<a href=format!("{}/fila", address(view))>{words.t("connection.see_queue")}</a></span></p> }
    });
    view! { <div class="connection">{content}{waiting}</div> }.into_any()
}

fn big(shape: Icon, tone: Tone) -> AnyView {
    let class = match tone {
        Tone::Good => "connection-big good",
        Tone::Warn => "connection-big warn",
        Tone::Bad => "connection-big bad",
        Tone::Calm | Tone::Info => "connection-big",
    };
    view! { <span class=class>{icon(shape)}</span> }.into_any()
}

fn stopped(words: Words) -> AnyView {
    view! {
        {big(Icon::Lock, Tone::Bad)}
        <h2>{words.t("connection.stopped.title")}</h2>
        <p>{words.t("connection.stopped.text")}</p>
    }
    .into_any()
}

fn connected(words: Words, view: &InstanceView) -> AnyView {
    let number = view.number.as_ref().map(|number| number.to_display());
    let since = view.connected_at.map(|at| words.with("connection.since", &[("moment", &words.moment(at))]));
    view! {
        {big(Icon::Check, connection_tone(view.connection))}
        <h2>{connection_word(words, view.connection)}</h2>
        {number.map(|number| view! { <p class="phone-number">{number}</p> })}
        {since.map(|since| view! { <p class="muted">{since}</p> })}
    }
    .into_any()
}

fn pairing(words: Words, facts: &Facts) -> AnyView {
    let code = facts.qr.as_ref().and_then(|code| {
        let picture = qr(&code.text, words.t("connection.qr_title").to_owned())?;
        let left = (code.valid_until - facts.now).num_seconds().clamp(0, QR_SECONDS);
        Some(view! { {picture}{timer(left)} }.into_any())
    });
    let code = code.unwrap_or_else(|| view! { <p class="muted">{words.t("connection.qr_soon")}</p> }.into_any());
    let simulated = facts.simulated.then(|| {
        view! { <p class="row"><span class="stamp">{words.t("simulator.stamp")}</span><a href="/simulador">{words.t("connection.scan_simulated")}</a></p> }
    });
    let stop = button(facts, "desconectar", words.t("connection.stop_pairing"), "button small");
    view! {
        <h2>{words.t("connection.scan")}</h2>
        {code}
        {simulated}
        <ol class="steps">
            <li>{words.t("connection.step_1")}</li>
            <li>{words.t("connection.step_2")}</li>
            <li>{words.t("connection.step_3")}</li>
        </ol>
        <p class="fine">{words.t("connection.new_number_hint")}</p>
        {stop}
    }
    .into_any()
}

/// A bar that shrinks until the next code, without scripts.
fn timer(seconds_left: i64) -> AnyView {
    let from = format!("{}%", seconds_left * 100 / QR_SECONDS);
    let duration = format!("{}s", seconds_left.max(1));
    let animate = format!(
        r#"<rect height="100%" width="{from}"><animate attributeName="width" from="{from}" to="0%" dur="{duration}" fill="freeze"/></rect>"#
    );
    view! { <svg class="timer" aria-hidden="true" inner_html=animate></svg> }.into_any()
}

fn lost(words: Words, facts: &Facts) -> AnyView {
    view! {
        {big(Icon::Alert, Tone::Warn)}
        <h2>{words.t("connection.lost")}</h2>
        <p>{words.t("connection.lost_text")}</p>
        {button(facts, "reiniciar", words.t("connection.restart"), "button primary")}
    }
    .into_any()
}

fn disconnected(words: Words, facts: &Facts) -> AnyView {
    let reason = facts.view.disconnect_reason.as_deref().and_then(|reason| words.find(&format!("connection.reason.{reason}")));
    view! {
        {big(Icon::Phone, Tone::Calm)}
        <h2>{words.t("connection.disconnected")}</h2>
        {reason.map(|reason| view! { <p class="muted">{reason}</p> })}
        <p>{words.t("connection.connect_text")}</p>
        {before_qr(words, facts)}
        {button(facts, "conectar", words.t("connection.connect"), "button primary")}
    }
    .into_any()
}

/// The 24-hour rule before the QR code: asks when the number was registered, or says until when it should rest.
fn before_qr(words: Words, facts: &Facts) -> Option<AnyView> {
    let (mode, ripeness) = facts.rule.filter(|(mode, _)| *mode != GuardMode::Off)?;
    let text = match ripeness {
        Ripeness::Ripe => return None,
        Ripeness::Unknown => words.t("connection.rule.unknown").to_owned(),
        Ripeness::Until(until) => words.with("connection.rule.until", &[("moment", &words.moment(until))]),
    };
    let class = if mode == GuardMode::Enforce { "notice bad" } else { "notice warn" };
    let href = format!("{}/boas-praticas#regra-24h", address(&facts.view));
    Some(
        view! { <p class=class>{icon(Icon::Clock)}<span>{text}" "<a href=href>{words.t("connection.rule.tell")}</a></span></p> }
            .into_any(),
    )
}

fn button(facts: &Facts, action: &str, label: &'static str, class: &'static str) -> Option<AnyView> {
    let action = format!("{}/{action}", address(&facts.view));
    facts.may_manage.then(|| {
        view! {
            <form method="post" action=action>{form_key(&facts.form_key)}<button type="submit" class=class>{label}</button></form>
        }
        .into_any()
    })
}
