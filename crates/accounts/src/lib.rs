//! Accounts: who may come in and what they may do there. Sign-up, sign-in, sessions, passwords, tokens of the account, roles, the
//! operator's staff, and the mails that go with all that.
//!
//! * History is events: the aggregates "account" and "staff" (`domain/`).
//! * Sessions, links and counted attempts are **operational state**, not events (`store/`): nobody asks later which cookie was valid
//!   at noon, and they must be able to vanish. The events say who signed in when and from where.
//! * Sign-in reads the aggregate, never a read model, so a new password counts at once; only the page-by-page look-up of a session
//!   reads `view_user`, and asks the aggregate when the projection has not come that far.
//! * Uniqueness of an e-mail and of the account's tokens is a claim stored with the events.
//!
//! The face is [`Accounts`]; every use case is one of its methods.

mod credentials;
mod domain;
mod erasure;
pub mod mail;
mod people;
mod principal;
mod projections;
mod reactors;
mod settings;
mod store;
mod use_cases;

use std::sync::Arc;

use recado_event_store::history::AggregateKind;
use recado_event_store::stored::AggregateEvents;
use recado_event_store::{CommandBus, Platform, Projection, WorkHandler};

use credentials::Passwords;
use domain::account::Account;
use domain::staff::Staff;

pub use credentials::SessionToken;
pub use domain::account::policy::{self, InvalidRole, Permission, ROLES, Role};
pub use domain::account::{ErasureReport, SubjectErased, SubjectKind};
pub use domain::password::{MAX_CHARS as PASSWORD_MAX_CHARS, MIN_CHARS as PASSWORD_MIN_CHARS, PasswordProblem};
pub use domain::staff::policy::{InvalidStaffRole, STAFF_ROLES, StaffPermission, StaffRole};
pub use erasure::{Holdings, Obstacle, Subject, SubjectHolder, subject_erased};
pub use mail::{FolderMailer, Mail, MailError, MailSettings, Mailer, SmtpMailer, StoredMail};
pub use principal::{Forbidden, OPERATOR, Principal, PrincipalKind};
pub use projections::accounts::{ACCOUNT_LIST, AccountRow, AccountStatus};
pub use settings::{AccountsSettings, FORGOTTEN_PATH, RESET_PATH, SIGN_IN_PATH, VERIFY_PATH};
pub use use_cases::account_tokens::{
    AccountToken, ClientTokenCheck, ClientTokenPolicy, PartnerAccess, PartnerTokenKind, TokenError,
};
pub use use_cases::change_password::ChangePasswordError;
pub use use_cases::change_profile::{ChangeProfile, ChangeProfileError};
pub use use_cases::create_staff::{CreateStaff, CreateStaffError};
pub use use_cases::create_verified_account::{CreateAccount, CreateAccountError, CreatedAccount};
pub use use_cases::erase_subject::{EraseError, EraseSubject, Erased};
pub use use_cases::ip_list::{IpListError, IpListView, MOST_ADDRESSES};
pub use use_cases::links::{LinkError, RequestError, ResetPasswordError};
pub use use_cases::register::{Register, RegisterError, RegisterProblem};
pub use use_cases::sign_in::{SignIn, SignInError, SignedIn};
pub use use_cases::support::SupportError;
pub use use_cases::sweep::Swept;

/// What the log keeps of this context.
#[must_use]
pub fn stored_events() -> Vec<AggregateEvents> {
    vec![AggregateEvents::of::<Account>(), AggregateEvents::of::<Staff>()]
}

/// The accounts context. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    platform: Platform,
    settings: AccountsSettings,
    accounts: CommandBus<Account>,
    staff: CommandBus<Staff>,
    passwords: Passwords,
    holders: Arc<Vec<Arc<dyn SubjectHolder>>>,
    ip_lists: Arc<use_cases::ip_list::IpLists>,
}

impl Accounts {
    /// The context on `platform`.
    #[must_use]
    pub fn new(platform: Platform, settings: AccountsSettings) -> Self {
        Self {
            accounts: CommandBus::new(platform.log.clone()),
            staff: CommandBus::new(platform.log.clone()),
            passwords: Passwords::new(platform.clone()),
            holders: Arc::default(),
            ip_lists: Arc::default(),
            platform,
            settings,
        }
    }

    /// The aggregates whose past can be told.
    #[must_use]
    pub fn aggregates() -> Vec<AggregateKind> {
        vec![AggregateKind::of::<Account>(), AggregateKind::of::<Staff>()]
    }

    /// Names the contexts that keep data about people, so that an erasure reaches them.
    #[must_use]
    pub fn with_subject_holders(mut self, holders: Vec<Arc<dyn SubjectHolder>>) -> Self {
        self.holders = Arc::new(holders);
        self
    }

    /// Its read models and reactors, to be run by the server.
    #[must_use]
    pub fn projections(&self) -> Vec<Arc<dyn Projection>> {
        vec![
            Arc::new(projections::accounts::AccountList::new(self.platform.clone())),
            Arc::new(projections::users::UserList::new(self.platform.clone())),
            Arc::new(projections::staff::StaffList::new(self.platform.clone())),
            Arc::new(reactors::end_sessions::EndSessions),
            Arc::new(reactors::destroy_keys::DestroyKeys::new(self.platform.clone())),
        ]
    }

    /// Handlers of its durable work: mails, and requests made by strangers.
    #[must_use]
    pub fn handlers(&self) -> Vec<Arc<dyn WorkHandler>> {
        vec![
            Arc::new(mail::SendMail::new(self.platform.clone(), self.settings.mail.clone())),
            Arc::new(reactors::requests::AnswerRequests::new(self.clone())),
        ]
    }
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts(…)")
    }
}
