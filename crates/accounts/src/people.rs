//! Customers' people and the operator's people behind one door: whoever can sign in.

use recado_event_store::{Alongside, CommandError, CommandOutcome, Position, StoreError};
use recado_kernel::{AccountId, Actor, CommandMeta, Door, Email, Locale, Sealed, StaffId, Timestamp, UserId};
use uuid::Uuid;

use crate::credentials::{EMAIL, PASSWORD};
use crate::domain::account::{AccountCommand, PasswordChange};
use crate::domain::staff::StaffCommand;
use crate::store::claims;
use crate::{Accounts, OPERATOR, Principal, PrincipalKind};

/// Somebody who can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonId {
    User(AccountId, UserId),
    Staff(StaffId),
}

impl PersonId {
    /// The stored kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(..) => "user",
            Self::Staff(_) => "staff",
        }
    }

    /// The tenant under which they are recorded.
    pub const fn account(self) -> AccountId {
        match self {
            Self::User(account, _) => account,
            Self::Staff(_) => OPERATOR,
        }
    }

    /// Their own id.
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::User(_, user) => user.as_uuid(),
            Self::Staff(staff) => staff.as_uuid(),
        }
    }

    /// As recorded with events.
    pub const fn actor(self) -> Actor {
        match self {
            Self::User(_, user) => Actor::User(user),
            Self::Staff(staff) => Actor::Staff(staff),
        }
    }

    /// The vault's subject of their personal data.
    pub fn subject(self) -> String {
        match self {
            Self::User(..) => "owner".to_owned(),
            Self::Staff(staff) => format!("staff/{staff}"),
        }
    }

    /// From stored columns.
    pub fn from_parts(kind: &str, account: Uuid, person: Uuid) -> Result<Self, StoreError> {
        match kind {
            "user" => Ok(Self::User(AccountId::from_uuid(account), UserId::from_uuid(person))),
            "staff" => Ok(Self::Staff(StaffId::from_uuid(person))),
            other => Err(StoreError::Unreadable(format!("a person of kind {other}"))),
        }
    }

    /// Whom a principal stands for.
    pub const fn of(principal: &Principal) -> Self {
        match principal.kind {
            PrincipalKind::User { account_id, user_id, .. } => Self::User(account_id, user_id),
            PrincipalKind::Staff { staff_id, .. } => Self::Staff(staff_id),
        }
    }
}

/// A person as the aggregate knows them now.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: PersonId,
    pub kind: PrincipalKind,
    /// Staff have none: their address speaks for them.
    pub name: Option<Sealed>,
    pub email: Sealed,
    pub locale: Locale,
    pub verified: bool,
    password_protected: String,
}

/// What both kinds of people can do.
#[derive(Debug, Clone)]
pub enum PersonCommand {
    RequestPasswordReset,
    ChangePassword { password_protected: String, how: PasswordChange, kept_session: Option<Uuid> },
    RecordSignIn { ip: Option<Sealed>, user_agent: Option<Sealed> },
    RecordLock { until: Timestamp },
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    pub position: Position,
    pub replayed: bool,
}

impl<E> From<CommandOutcome<E>> for Done {
    fn from(outcome: CommandOutcome<E>) -> Self {
        Self { position: outcome.position, replayed: outcome.replayed }
    }
}

/// Owner of an "email" claim, as text.
pub fn claim_owner(person: PersonId) -> String {
    match person {
        PersonId::User(account, _) => format!("account/{account}"),
        PersonId::Staff(staff) => format!("staff/{staff}"),
    }
}

/// A refusal where none is expected is a defect; contention passes.
pub fn store_error<E: std::error::Error>(error: CommandError<E>) -> StoreError {
    match error {
        CommandError::Store(error) => error,
        CommandError::Contention => StoreError::Unavailable(error.to_string()),
        other => StoreError::Database(format!("unexpected: {other}")),
    }
}

/// What staff are called: the part of the address before the @.
pub fn staff_name(email: &str) -> String {
    email.split('@').next().unwrap_or(email).to_owned()
}

impl Accounts {
    pub(crate) fn email_digest(&self, email: &Email) -> String {
        self.platform.vault.digest(EMAIL, None, email.as_str())
    }

    /// Who uses this address. Reads the claim and the aggregate, so it is never out of date. For an address nobody uses it asks the
    /// database as often, so that the answer takes as long.
    pub(crate) async fn person_by_email(&self, email: &Email) -> Result<Option<Person>, StoreError> {
        let digest = self.email_digest(email);
        let owner = claims::owner(self.platform.pool(), EMAIL, &digest).await?.unwrap_or_default();
        let parsed = owner.split_once('/').and_then(|(kind, id)| Some((kind, id.parse::<AccountId>().ok()?, id)));
        match parsed {
            Some(("staff", _, id)) => {
                let staff = id.parse().map_err(|_| StoreError::Unreadable(format!("claim owner {owner}")))?;
                self.person(PersonId::Staff(staff)).await
            }
            Some((_, account, _)) => {
                let loaded = self.accounts.load(&account.to_string()).await?.aggregate;
                match loaded.member_by_email(&digest) {
                    None => Ok(None),
                    Some((user, _)) => Ok(person_of(&loaded, account, user)),
                }
            }
            None => self.accounts.load("nobody").await.map(|_| None),
        }
    }

    /// A person by id, straight from the aggregate.
    pub(crate) async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        match id {
            PersonId::User(account, user) => {
                Ok(person_of(&self.accounts.load(&account.to_string()).await?.aggregate, account, user))
            }
            PersonId::Staff(staff_id) => {
                let loaded = self.staff.load(&staff_id.to_string()).await?.aggregate;
                Ok(loaded.profile().map(|profile| Person {
                    id,
                    kind: PrincipalKind::Staff { staff_id, role: profile.role },
                    name: None,
                    email: profile.email.clone(),
                    locale: profile.locale,
                    verified: true,
                    password_protected: profile.password_protected.clone(),
                }))
            }
        }
    }

    /// Their password's hash.
    pub(crate) fn password_hash(&self, person: &Person) -> Result<String, StoreError> {
        self.platform.vault.reveal(PASSWORD, &person.password_protected)
    }

    /// The person in clear; `None` once their data was erased.
    pub(crate) async fn principal(&self, person: &Person, session_id: Option<Uuid>) -> Result<Option<Principal>, StoreError> {
        let Some(email) = self.platform.vault.unseal(&person.email).await? else { return Ok(None) };
        let name = match &person.name {
            None => staff_name(&email),
            Some(sealed) => self.platform.vault.unseal(sealed).await?.unwrap_or_default(),
        };
        let (kind, locale, verified) = (person.kind, person.locale, person.verified);
        Ok(Some(Principal { kind, name, email, locale, verified, session_id }))
    }

    /// Circumstances of something a person does in the browser.
    pub(crate) fn meta_of(&self, person: PersonId) -> CommandMeta {
        self.platform.meta(person.account(), person.actor(), Door::Panel)
    }

    /// Runs a command both kinds of people know. A refusal can only mean that the person does not exist (or may not sign in yet): it is
    /// answered with `None`.
    pub(crate) async fn command(
        &self,
        person: PersonId,
        command: PersonCommand,
        meta: CommandMeta,
        alongside: Alongside,
    ) -> Result<Option<Done>, StoreError> {
        match person {
            PersonId::User(account, user) => {
                let command = account_command(command, user);
                let done = self.accounts.execute_with(&account.to_string(), command, meta, move |_, _| alongside.clone()).await;
                answered(done)
            }
            PersonId::Staff(staff) => {
                let command = staff_command(command);
                let done = self.staff.execute_with(&staff.to_string(), command, meta, move |_, _| alongside.clone()).await;
                answered(done)
            }
        }
    }
}

fn answered<E: std::error::Error, V>(done: Result<CommandOutcome<V>, CommandError<E>>) -> Result<Option<Done>, StoreError> {
    match done {
        Ok(outcome) => Ok(Some(outcome.into())),
        Err(CommandError::Refused(_)) => Ok(None),
        Err(other) => Err(store_error(other)),
    }
}

fn person_of(account: &crate::domain::account::Account, account_id: AccountId, user_id: UserId) -> Option<Person> {
    account.member(user_id).map(|member| Person {
        id: PersonId::User(account_id, user_id),
        kind: PrincipalKind::User { account_id, user_id, role: member.role },
        name: Some(member.name.clone()),
        email: member.email.clone(),
        locale: member.locale,
        verified: member.verified,
        password_protected: member.password_protected.clone(),
    })
}

fn account_command(command: PersonCommand, user: UserId) -> AccountCommand {
    match command {
        PersonCommand::RequestPasswordReset => AccountCommand::RequestPasswordReset { user },
        PersonCommand::ChangePassword { password_protected, how, kept_session } => {
            AccountCommand::ChangePassword { user, password_protected, how, kept_session }
        }
        PersonCommand::RecordSignIn { ip, user_agent } => AccountCommand::RecordSignIn { user, ip, user_agent },
        PersonCommand::RecordLock { until } => AccountCommand::RecordLock { user, until },
    }
}

fn staff_command(command: PersonCommand) -> StaffCommand {
    match command {
        PersonCommand::RequestPasswordReset => StaffCommand::RequestPasswordReset,
        PersonCommand::ChangePassword { password_protected, how, kept_session } => {
            StaffCommand::ChangePassword { password_protected, how, kept_session }
        }
        PersonCommand::RecordSignIn { ip, user_agent } => StaffCommand::RecordSignIn { ip, user_agent },
        PersonCommand::RecordLock { until } => StaffCommand::RecordLock { until },
    }
}
