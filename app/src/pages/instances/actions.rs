//! What the buttons of an instance do. Each answers 303 to the instance's page with a word about it.

use axum::extract::Path;
use axum::response::Response;
use recado_accounts::Permission;
use recado_messaging::{InstanceView, MessagingError, Recorded};

use super::{address, own};
use crate::web::failure::Failure;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Member;

/// Shows a QR code.
///
/// # Errors
/// Not found, not allowed, or the database; refusals are told on the page.
pub async fn connect(member: Member, Path(id): Path<String>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let done = member.panel.messaging.start_pairing(member.meta(account), view.id).await;
    finish(&member, &view, done, None).await
}

/// Unlinks the number, or gives a pairing up.
///
/// # Errors
/// As [`connect`].
pub async fn disconnect(
    member: Member,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let done = member.panel.messaging.disconnect(member.meta(account), view.id).await;
    finish(&member, &view, done, Some("notice.disconnected")).await
}

/// Restarts the session.
///
/// # Errors
/// As [`connect`].
pub async fn restart(member: Member, Path(id): Path<String>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    let done = member.panel.messaging.restart(member.meta(account), view.id).await;
    finish(&member, &view, done, Some("notice.restarted")).await
}

/// Subscribes. Two tabs at once subscribe once.
///
/// # Errors
/// As [`connect`].
pub async fn subscribe(member: Member, Path(id): Path<String>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::Subscribe).await?;
    let done = member.panel.messaging.subscribe(member.meta(account), view.id, None).await;
    finish(&member, &view, done, Some("notice.subscribed")).await
}

/// Cancels the subscription.
///
/// # Errors
/// As [`connect`].
pub async fn cancel_subscription(
    member: Member,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::Subscribe).await?;
    let done = member.panel.messaging.cancel_subscription(member.meta(account), view.id).await;
    finish(&member, &view, done, Some("notice.subscription_cancelled")).await
}

/// Another token; the old one is void.
///
/// # Errors
/// As [`connect`].
pub async fn rotate_token(
    member: Member,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Failure> {
    let (account, view) = own(&member, &id, Permission::ManageInstances).await?;
    member.require(Permission::ViewTokens)?;
    let done = member.panel.messaging.rotate_token(member.meta(account), view.id).await.map(|(_, recorded)| recorded);
    finish(&member, &view, done, Some("notice.token_rotated")).await
}

async fn finish(
    member: &Member,
    view: &InstanceView,
    done: Result<Recorded, MessagingError>,
    notice: Option<&'static str>,
) -> Result<Response, Failure> {
    let key = match done {
        Ok(recorded) => {
            member.panel.messaging.instance_visible(recorded.position).await;
            notice
        }
        Err(error) => Some(refusal(error)?),
    };
    Ok(match key {
        Some(key) => member.go_with(&address(view), key),
        None => crate::web::flash::go(&address(view)),
    })
}

/// What the page says about a refusal; everything else is a failure.
pub(super) fn refusal(error: MessagingError) -> Result<&'static str, Failure> {
    Ok(match error {
        MessagingError::SubscribeAgain => "refusal.subscribe_again",
        MessagingError::NotConnected => "refusal.not_connected",
        MessagingError::AlreadyConnected => "refusal.already_connected",
        MessagingError::NotSubscribed => "refusal.not_subscribed",
        MessagingError::NotWaiting => "refusal.not_waiting",
        MessagingError::OptedOut => "refusal.opted_out",
        MessagingError::WarmUp { .. } => "refusal.warm_up",
        MessagingError::NumberTooYoung { .. } => "refusal.number_too_young",
        MessagingError::RegistrationUnknown => "refusal.registration_unknown",
        other => return Err(other.into()),
    })
}
