//! Requests of people who are not signed in: "send me the link again", "I forgot my password", "register this address" (which is in
//! use), and what ten wrong passwords lead to.
//!
//! The page's answer must not tell whether an address is known, not even by how long it takes. So the page only stores the request as
//! durable work, the same for every address, and all that differs happens here. A repeat is harmless: command and mail ids are made
//! from the request's id; only the link's secret is new, and the mail that was stored first is the one that leaves.

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::{self, back_off};
use recado_event_store::{Alongside, ClaimedWork, NewWork, Outcome, StoreError, WorkHandler};
use recado_kernel::{CommandId, CommandMeta, Email, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::domain::account::AccountCommand;
use crate::domain::lockout;
use crate::mail::templates::{self, Receiver, Template};
use crate::people::{Person, PersonCommand, PersonId, store_error};
use crate::store::attempts::{self, Admission, Counted};
use crate::store::links::Purpose;
use crate::{Accounts, FORGOTTEN_PATH, OPERATOR, RESET_PATH, SIGN_IN_PATH, VERIFY_PATH};

const TOPIC: &str = "account_request";
const PURPOSE: &str = "account-request";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Another verification link.
    Verification,
    /// A link for a new password.
    PasswordReset,
    /// The address was registered again.
    RepeatedRegistration,
    /// The door was closed after too many wrong passwords.
    Locked {
        /// Until when.
        until: Timestamp,
    },
}

#[derive(Serialize, Deserialize)]
struct Payload {
    request: Request,
    email_protected: String,
}

impl Accounts {
    /// Stores a request about `email`, whoever that is.
    pub(crate) async fn ask(&self, request: Request, email: &Email) -> Result<(), StoreError> {
        let id = self.platform.new_uuid();
        let email_protected = self.platform.vault.protect(PURPOSE, email.as_str())?;
        let work = NewWork {
            id,
            topic: TOPIC.to_owned(),
            lane: id.to_string(),
            account_id: OPERATOR,
            subject: String::new(),
            payload: json!(Payload { request, email_protected }),
            due_at: self.platform.now(),
            cause: None,
        };
        let mut db = self.platform.pool().acquire().await?;
        work::enqueue(&mut db, &[work]).await?;
        self.platform.log.ring();
        Ok(())
    }
}

/// The handler.
pub struct AnswerRequests {
    accounts: Accounts,
}

impl AnswerRequests {
    /// Acts through `accounts`.
    #[must_use]
    pub const fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn answer(&self, work: &ClaimedWork) -> Result<(), StoreError> {
        let payload: Payload = work.decode()?;
        let vault = &self.accounts.platform.vault;
        let unreadable = |_| StoreError::Unreadable("a request's address".into());
        let email: Email = vault.reveal(PURPOSE, &payload.email_protected)?.parse().map_err(unreadable)?;
        let Some(person) = self.accounts.person_by_email(&email).await? else { return Ok(()) };
        if let Request::Locked { until } = payload.request {
            let meta = self.meta(work, person.id);
            self.accounts.command(person.id, PersonCommand::RecordLock { until }, meta, Alongside::default()).await?;
            return Ok(());
        }
        if !self.may_mail(work.id, &email).await? {
            tracing::info!("too many mails were asked for one address; this one is not sent");
            return Ok(());
        }
        match (payload.request, person.id) {
            (Request::Verification, PersonId::User(..)) if !person.verified => self.send_verification(work, &person).await,
            (Request::RepeatedRegistration, _) if !person.verified => self.send_verification(work, &person).await,
            (Request::RepeatedRegistration, _) => self.send_already_registered(work, &person).await,
            (Request::PasswordReset, _) => self.send_reset(work, &person).await,
            (Request::Verification | Request::Locked { .. }, _) => Ok(()),
        }
    }

    /// The mailbox of a stranger must not be flooded through us.
    async fn may_mail(&self, request: Uuid, email: &Email) -> Result<bool, StoreError> {
        let platform = &self.accounts.platform;
        let key = self.accounts.email_digest(email);
        let counted = Counted { id: platform.new_uuid(), scope: "mail", key, rule: lockout::MAILS };
        let admission = attempts::admit(platform.pool(), platform.now(), &[counted]).await?;
        tracing::debug!(%request, ?admission, "mail asked for");
        Ok(matches!(admission, Admission::Admitted { .. }))
    }

    fn meta(&self, work: &ClaimedWork, person: PersonId) -> CommandMeta {
        let mut meta = self.accounts.meta_of(person);
        meta.actor = recado_kernel::Actor::System("visitor".to_owned());
        meta.command_id = CommandId::from_uuid(work.id);
        meta.correlation_id = work.id;
        meta
    }

    async fn mail(&self, work: &ClaimedWork, person: &Person, template: Template) -> Result<Option<Alongside>, StoreError> {
        self.accounts.mail_to(person, template, derived(work)).await
    }

    async fn send_verification(&self, work: &ClaimedWork, person: &Person) -> Result<(), StoreError> {
        let PersonId::User(account, user) = person.id else { return Ok(()) };
        let link = self.accounts.new_link(Purpose::Verify, person.id, VERIFY_PATH).await?;
        let Some(alongside) = self.mail(work, person, Template::Verify { link }).await? else { return Ok(()) };
        let command = AccountCommand::RequestVerification { user };
        let meta = self.meta(work, person.id);
        let bus = &self.accounts.accounts;
        match bus.execute_with(&account.to_string(), command, meta, move |_, _| alongside.clone()).await {
            Ok(_) | Err(recado_event_store::CommandError::Refused(_)) => Ok(()),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn send_already_registered(&self, work: &ClaimedWork, person: &Person) -> Result<(), StoreError> {
        let settings = &self.accounts.settings;
        let template =
            Template::AlreadyRegistered { sign_in: settings.page(SIGN_IN_PATH), forgotten: settings.page(FORGOTTEN_PATH) };
        let Some(alongside) = self.mail(work, person, template).await? else { return Ok(()) };
        let meta = self.meta(work, person.id);
        match person.id {
            PersonId::User(account, _) => {
                let command = AccountCommand::RecordRepeatedRegistration;
                let bus = &self.accounts.accounts;
                bus.execute_with(&account.to_string(), command, meta, move |_, _| alongside.clone())
                    .await
                    .map_err(store_error)?;
                Ok(())
            }
            // Staff know their own address; a note in their history would help nobody.
            PersonId::Staff(_) => Ok(()),
        }
    }

    async fn send_reset(&self, work: &ClaimedWork, person: &Person) -> Result<(), StoreError> {
        let link = self.accounts.new_link(Purpose::Reset, person.id, RESET_PATH).await?;
        let Some(alongside) = self.mail(work, person, Template::Reset { link }).await? else { return Ok(()) };
        let meta = self.meta(work, person.id);
        self.accounts.command(person.id, PersonCommand::RequestPasswordReset, meta, alongside).await?;
        Ok(())
    }
}

fn derived(work: &ClaimedWork) -> Uuid {
    Uuid::new_v5(&work.id, b"mail")
}

impl Accounts {
    /// A new single-use link for `person`.
    pub(crate) async fn new_link(&self, purpose: Purpose, person: PersonId, path: &str) -> Result<String, StoreError> {
        let token = crate::credentials::link_token(&self.platform);
        let hash = self.link_hash(&token);
        crate::store::links::add(self.platform.pool(), &hash, purpose, person, self.platform.now()).await?;
        Ok(self.settings.link(path, &token))
    }

    /// What is stored of a link's token.
    pub(crate) fn link_hash(&self, token: &str) -> String {
        self.platform.vault.digest("link", None, token)
    }

    /// The rows that make `template` leave to `person`; `None` once their data was erased.
    pub(crate) async fn mail_to(&self, person: &Person, template: Template, id: Uuid) -> Result<Option<Alongside>, StoreError> {
        let Some(principal) = self.principal(person, None).await? else { return Ok(None) };
        let receiver = Receiver { to: principal.email, name: principal.name, locale: principal.locale };
        let mail = templates::write(template, receiver, id, self.platform.now());
        crate::mail::outgoing(&self.platform.vault, person.id.account(), &mail).map(Some)
    }
}

#[async_trait]
impl WorkHandler for AnswerRequests {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn concurrency(&self) -> usize {
        2
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        match self.answer(work).await {
            Ok(()) => Outcome::done(),
            Err(error @ StoreError::Unreadable(_)) => Outcome::Dead { error: error.to_string() },
            Err(error) => {
                let at = back_off(self.accounts.platform.now(), work.attempts, Duration::seconds(2), Duration::minutes(5));
                Outcome::Retry { at, error: error.to_string() }
            }
        }
    }
}
