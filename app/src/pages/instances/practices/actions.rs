//! What the forms of the page do.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use chrono::{Duration, NaiveDateTime, TimeZone as _};
use recado_accounts::Permission;
use recado_kernel::Timestamp;
use recado_messaging::{CheckItem, GuardMode, WarmUpPlan};
use serde::Deserialize;

use super::{Typed, again, checklists, here};
use crate::pages::instances::own;
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;

/// Mode and plan.
#[derive(Debug, Deserialize)]
pub struct WarmUpForm {
    #[serde(default)]
    aquecimento: String,
    #[serde(default)]
    plano: String,
}

/// How strictly the warm-up is meant, and its plan.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn warm_up(member: Member, Path(id): Path<String>, Posted(form): Posted<WarmUpForm>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let mode = GuardMode::parse(&form.aquecimento).ok_or(Failure::BadRequest)?;
    let plan = match WarmUpPlan::parse(&form.plano) {
        Ok(plan) => plan,
        Err(_) => {
            let typed = Typed { plan: Some((form.plano, mode)), error: "error.warm_up_plan", ..Typed::default() };
            return again(&member, &view, typed).await;
        }
    };
    let messaging = &member.panel.messaging;
    let done = messaging.change_warm_up(member.meta(account), view.id, mode, Some(plan)).await?;
    messaging.guards_visible(done.position).await;
    Ok(member.go_with(&here(&view), "notice.saved"))
}

/// When the number was registered.
#[derive(Debug, Deserialize)]
pub struct RegistrationForm {
    #[serde(default)]
    quando: String,
    #[serde(default)]
    antigo: Option<String>,
}

/// Says when the number was registered in WhatsApp.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn registration(
    member: Member,
    Path(id): Path<String>,
    Posted(form): Posted<RegistrationForm>,
) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let messaging = &member.panel.messaging;
    let now = member.panel.platform.now();
    let told = match form.antigo {
        // Whoever says "more than a day" means that it has rested.
        Some(_) => Some(now - Duration::hours(24)),
        None => local_moment(&form.quando),
    };
    let Some(told) = told.filter(|told| *told <= now) else {
        let typed = Typed { registered: Some(form.quando), error: "error.registered_when", ..Typed::default() };
        return again(&member, &view, typed).await;
    };
    let done = messaging.tell_registration(member.meta(account), view.id, told).await?;
    messaging.guards_visible(done.position).await;
    Ok(member.go_with(&here(&view), "notice.saved"))
}

/// The rule's mode.
#[derive(Debug, Deserialize)]
pub struct RuleForm {
    #[serde(default)]
    regra: String,
}

/// How strictly the 24-hour rule is meant for this instance.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn qr_rule(member: Member, Path(id): Path<String>, Posted(form): Posted<RuleForm>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let mode = match form.regra.as_str() {
        "" => None,
        named => Some(GuardMode::parse(named).ok_or(Failure::BadRequest)?),
    };
    let messaging = &member.panel.messaging;
    let done = messaging.change_qr_rule(member.meta(account), view.id, mode).await?;
    messaging.guards_visible(done.position).await;
    Ok(member.go_with(&here(&view), "notice.saved"))
}

/// Ticks the boxes of one list, and takes ticks back.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn check(
    member: Member,
    Path(id): Path<String>,
    Posted(form): Posted<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let list = form.get("lista").map(String::as_str).unwrap_or_default();
    let messaging = &member.panel.messaging;
    let mut position = recado_event_store::Position::default();
    for item in CheckItem::ALL.into_iter().filter(|item| checklists::name(item.list()) == list) {
        let done = messaging.check_item(member.meta(account), view.id, item, form.contains_key(item.as_str())).await?;
        position = position.max(done.position);
    }
    messaging.guards_visible(position).await;
    Ok(member.go_with(&here(&view), "notice.saved"))
}

/// A moment as `datetime-local` writes it, on the clock of São Paulo.
fn local_moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    chrono_tz::America::Sao_Paulo.from_local_datetime(&local).earliest().map(|at| at.to_utc())
}
