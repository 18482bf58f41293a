//! Closing a month: only one that is over, and only by somebody who typed its name.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use recado_accounts::StaffPermission;
use recado_billing::{BillingError, MonthState};
use recado_kernel::{Actor, Door};
use serde::Deserialize;

use super::month::{Facts, body, facts};
use crate::pages::names::error_text;
use crate::view::field::{Field, form_error, form_key};
use crate::view::shell::Place;
use crate::web::failure::Failure;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visit::Member;
use crate::words::Words;

/// The form.
#[derive(Debug, Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    mes: String,
}

/// Closes the month; closing it twice changes nothing.
///
/// # Errors
/// Not allowed, or the database.
pub async fn close(member: Member, Path(month): Path<String>, Posted(filled): Posted<Filled>) -> Result<Response, Failure> {
    let staff = member.require_staff(StaffPermission::CloseMonth)?;
    let shown = facts(&member, &month).await?;
    let typed = filled.mes.trim();
    let refused = |code: &str| {
        let error = Some(error_text(member.words(), code));
        let page = Page::plain("finance.title", Some(Place::Finance)).again();
        member.answer(page, |words| body(words, &member, &shown, error))
    };
    if typed != shown.month.to_string() && typed != shown.month.to_brazilian() {
        return Ok(refused("month_mistyped"));
    }
    match member.panel.billing.close_month(shown.month, Actor::Staff(staff), Door::Panel).await {
        Ok(_) => Ok(member.go_with(&format!("/financeiro/{}", shown.month), "notice.month_closed")),
        Err(BillingError::MonthNotOver(_)) => Ok(refused("month_not_over")),
        Err(BillingError::Busy) => Ok(refused("busy")),
        Err(other) => Err(other.into()),
    }
}

/// The form, or why there is none.
pub fn close_card(words: Words, member: &Member, facts: &Facts, error: Option<String>) -> Option<AnyView> {
    let overview = facts.overview.as_ref()?;
    match overview.state {
        MonthState::Closed => None,
        MonthState::Running => {
            let day = words.date(facts.month.next().first_day());
            let note = words.with("finance.running_note", &[("date", &day)]);
            Some(view! { {form_error(error)}<p class="notice">{note}</p> }.into_any())
        }
        MonthState::ToClose if !member.principal.staff_may(StaffPermission::CloseMonth) => None,
        MonthState::ToClose => {
            let wanted = facts.month.to_string();
            let typed = Field {
                autocomplete: Some("off"),
                placeholder: Some(wanted.clone()),
                ..Field::text("mes", words.with("finance.close.type", &[("month", &wanted)])).error(error)
            };
            let title = words.with("finance.close.title", &[("month", &words.month(facts.month))]);
            Some(
                view! {
                    <section class="card">
                        <h2>{title.clone()}</h2>
                        <p class="muted">{words.t("finance.close.text")}</p>
                        <form method="post" class="form">
                            {form_key(&member.form_key)}
                            {typed.view()}
                            <div class="form-actions"><button type="submit" class="button primary">{title.clone()}</button></div>
                        </form>
                    </section>
                }
                .into_any(),
            )
        }
    }
}
