//! "Erase my data" (LGPD, art. 18): the subject's key is destroyed, living copies go, and the log says that it happened, by whom it was
//! asked, and what went, without naming the person.

use std::collections::BTreeSet;

use recado_event_store::history::{self, TimelineFilter};
use recado_event_store::{Alongside, CommandError, StoreError};
use recado_kernel::{AccountId, Actor, Door, Timestamp};
use uuid::Uuid;

use super::store_code;
use crate::Accounts;
use crate::credentials::EMAIL;
use crate::domain::account::{Account, AccountCommand, AccountError, AccountEvent, Erasure, ErasureReport, SubjectErased};
use crate::erasure::{Holdings, Obstacle, Subject};
use crate::people::{PersonId, claim_owner, store_error};

/// Most reports shown at once.
const MOST_REPORTS: i64 = 1_000;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EraseSubject {
    /// In which account.
    pub account: AccountId,
    /// Whose data.
    pub subject: Subject,
    /// The operator states that open invoices are settled outside (owner only).
    pub invoices_settled: bool,
}

/// A recorded erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Who asked.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// Its place in the log.
    pub position: i64,
    /// Whose data, and what went.
    pub erased: SubjectErased,
}

/// Why nothing was erased.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EraseError {
    /// There is no such account.
    #[error("there is no such account")]
    UnknownAccount,
    /// Nothing is kept under a living key: nothing was ever stored, or it was erased before.
    #[error("nothing is kept about this person in this account, or it was erased before")]
    NothingToErase,
    /// Something has to be done first.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Obstacles(Vec<Obstacle>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl EraseError {
    /// Stable name for translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownAccount => "unknown_account",
            Self::NothingToErase => "nothing_to_erase",
            Self::Obstacles(obstacles) => obstacles.first().map_or("internal", Obstacle::code),
            Self::Store(error) => store_code(error),
        }
    }
}

/// An erasure that may go ahead, and the claims that are given back with it.
struct Plan {
    erasure: Erasure,
    holdings: Holdings,
    account: Account,
}

impl Accounts {
    /// What an erasure would do; changes nothing.
    ///
    /// # Errors
    /// See [`EraseError`].
    pub async fn preview_erasure(&self, asked: &EraseSubject) -> Result<ErasureReport, EraseError> {
        let Plan { mut erasure, holdings, .. } = self.plan(asked).await?;
        if !holdings.own_numbers.is_empty() {
            let count = holdings.own_numbers.len();
            erasure.report.kept.push(format!("no linked number ({count}): each goes as a contact, with a report of its own"));
        }
        Ok(erasure.report)
    }

    /// Erases a subject for good and records it. The caller has asked twice and authorised. The numbers an owner linked to instances are
    /// sealed as contacts; they go first, each recorded by itself, so that a restored backup forgets them again, too.
    ///
    /// # Errors
    /// See [`EraseError`]; nothing is erased then, except linked numbers that went before the refusal. A repeat does the rest.
    pub async fn erase_subject(&self, asked: &EraseSubject, actor: Actor, door: Door) -> Result<Erased, EraseError> {
        for number in self.plan(asked).await?.holdings.own_numbers {
            let as_contact = EraseSubject { subject: Subject::Contact(number), ..asked.clone() };
            match self.erase_one(&as_contact, actor.clone(), door).await {
                // Somebody else erased it meanwhile.
                Ok(_) | Err(EraseError::NothingToErase) => {}
                Err(error) => return Err(error),
            }
        }
        self.erase_one(asked, actor, door).await
    }

    async fn erase_one(&self, asked: &EraseSubject, actor: Actor, door: Door) -> Result<Erased, EraseError> {
        let EraseSubject { account, subject, .. } = asked;
        let before = self.plan(asked).await?.holdings.contents;
        let meta = self.platform.meta(*account, actor.clone(), door);
        let mut cancelled = 0;
        for holder in self.holders.iter() {
            cancelled += holder.let_go(&meta, subject).await?;
        }
        // Looked at again: more may have come. What was just stopped took its content along, which belongs in the report.
        let Plan { mut erasure, holdings, account: state } = self.plan(asked).await?;
        erasure.report.cancelled = cancelled;
        erasure.report.content_ids =
            before.into_iter().chain(holdings.contents.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect();
        erasure.report.contents = u64::try_from(erasure.report.content_ids.len()).unwrap_or(u64::MAX);
        let (id, key_generation, at) = (erasure.subject, erasure.key_generation, meta.occurred_at);
        let alongside = Alongside {
            cancel_work: holdings.work,
            erase_content: holdings.contents,
            release: if *subject == Subject::Owner { released(*account, &state) } else { vec![] },
            ..Alongside::default()
        };
        let command = AccountCommand::EraseSubject(Box::new(erasure));
        let done = self.accounts.execute_with(&account.to_string(), command, meta, move |_, _| alongside.clone()).await;
        let outcome = done.map_err(|error| match error {
            CommandError::Refused(AccountError::Unknown) => EraseError::UnknownAccount,
            CommandError::Refused(_) => EraseError::NothingToErase,
            other => store_error(other).into(),
        })?;
        // At once; the reactor `destroy_keys@1` makes it certain, even if this process dies here.
        self.platform.vault.destroy_key(id, key_generation, at).await?;
        self.seen(outcome.position).await;
        let erased = outcome.events.into_iter().find_map(|event| match event {
            AccountEvent::SubjectErased(erased) => Some(*erased),
            _ => None,
        });
        let position = outcome.position.position;
        erased.map(|erased| Erased { actor, at, position, erased }).ok_or(EraseError::NothingToErase)
    }

    /// Every erasure of an account, newest first: the reports can be shown for ever.
    ///
    /// # Errors
    /// The database.
    pub async fn erasures(&self, account: AccountId) -> Result<Vec<Erased>, StoreError> {
        let filter = TimelineFilter { event_types: vec!["account.subject_erased".to_owned()], ..TimelineFilter::default() };
        let events = history::timeline(self.platform.pool(), account, &filter, MOST_REPORTS).await?;
        let mut reports = Vec::with_capacity(events.len());
        for event in events {
            if let AccountEvent::SubjectErased(erased) = event.decode()? {
                let (at, position) = (event.occurred_at, event.position.position);
                reports.push(Erased { actor: event.actor, at, position, erased: *erased });
            }
        }
        Ok(reports)
    }

    async fn plan(&self, asked: &EraseSubject) -> Result<Plan, EraseError> {
        let EraseSubject { account, subject, invoices_settled } = asked;
        let (vault, account) = (&self.platform.vault, *account);
        let state = self.accounts.load(&account.to_string()).await?.aggregate;
        if !state.exists() {
            return Err(EraseError::UnknownAccount);
        }
        let key = vault.subject_key_state(account, &subject.name()).await?;
        let Some(key_generation) = key.living else { return Err(EraseError::NothingToErase) };
        let mut all = self.own_holdings(account, subject).await?;
        for holder in self.holders.iter() {
            let theirs = holder.holdings(account, subject).await?;
            all.contents.extend(theirs.contents);
            all.work.extend(theirs.work);
            all.waiting += theirs.waiting;
            all.read_models.extend(theirs.read_models);
            all.own_numbers.extend(theirs.own_numbers);
            all.kept.extend(theirs.kept);
            all.obstacles.extend(theirs.obstacles);
        }
        if *invoices_settled {
            all.obstacles.retain(|obstacle| !matches!(obstacle, Obstacle::OpenInvoice(_)));
        }
        if !all.obstacles.is_empty() {
            return Err(EraseError::Obstacles(all.obstacles));
        }
        all.contents = vault.living_contents(account, &all.contents).await?;
        let references = vault.subject_references(account, key.subject, key_generation).await?;
        let report = ErasureReport {
            events: references.total(),
            event_types: references.events,
            contents: u64::try_from(all.contents.len()).unwrap_or(u64::MAX),
            content_ids: all.contents.clone(),
            cancelled: all.waiting,
            read_models: all.read_models.iter().map(|name| (*name).to_owned()).collect(),
            kept: all.kept.clone(),
        };
        let chat_digest = subject.chat_digest(vault, account);
        let erasure = Erasure { subject: key.subject, kind: subject.kind(), key_generation, chat_digest, report };
        Ok(Plan { erasure, holdings: all, account: state })
    }

    /// What this context keeps: mails that have not left, and read models.
    async fn own_holdings(&self, account: AccountId, subject: &Subject) -> Result<Holdings, StoreError> {
        if *subject != Subject::Owner {
            return Ok(Holdings::default());
        }
        let mails: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM work WHERE topic = 'mail' AND account_id = $1")
            .bind(account.as_uuid())
            .fetch_all(self.platform.pool())
            .await?;
        Ok(Holdings {
            contents: mails.clone(),
            work: mails,
            read_models: vec!["view_account", "view_user", "session"],
            ..Holdings::default()
        })
    }
}

/// The address and the tokens find nobody any more; the address may be registered anew.
fn released(account: AccountId, state: &Account) -> Vec<recado_event_store::Claim> {
    let emails = state.members().map(|(user, member)| recado_event_store::Claim {
        scope: EMAIL.to_owned(),
        key: member.email_digest.clone(),
        owner: claim_owner(PersonId::User(account, user)),
    });
    let tokens = [state.client_token(), state.partner_token()];
    emails.chain(tokens.into_iter().flatten().map(|token| Accounts::token_claim(account, &token.digest))).collect()
}
