//! Signing in: customers and staff through one door.

use std::net::IpAddr;

use recado_event_store::{Alongside, StoreError};
use recado_kernel::{AccountId, Email, Secret, Timestamp};

use super::store_code;
use crate::domain::lockout;
use crate::domain::password::MAX_CHARS;
use crate::people::{Person, PersonCommand, PersonId};
use crate::reactors::requests::Request;
use crate::store::attempts::{self, Admission, Counted};
use crate::store::sessions;
use crate::{Accounts, Principal, SessionToken};

/// A filled-in form and where it came from.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// E-mail.
    pub email: String,
    /// Password in clear.
    pub password: Secret<String>,
    /// Address of origin, if known.
    pub ip: Option<IpAddr>,
    /// The browser's name for itself; cut at 300 characters.
    pub user_agent: Option<String>,
}

/// A successful sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the cookie.
    pub token: SessionToken,
    /// When the session ends at the latest: the cookie's age (the server may end it earlier).
    pub expires_at: Timestamp,
    /// Who it is.
    pub principal: Principal,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SignInError {
    /// The address or the password, never said which.
    #[error("wrong e-mail or password")]
    WrongCredentials,
    /// The password is right, the address not proved yet: offer another link.
    #[error("the e-mail address is not confirmed yet")]
    Unverified,
    /// Too many wrong attempts.
    #[error("too many attempts, closed until {until}")]
    Locked {
        /// When to try again.
        until: Timestamp,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SignInError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::Unverified => "unverified",
            Self::Locked { .. } => "locked",
            Self::Store(error) => store_code(error),
        }
    }
}

const MAX_USER_AGENT_CHARS: usize = 300;

impl Accounts {
    fn counted(&self, email: &Email, ip: Option<IpAddr>) -> Vec<Counted> {
        let id = || self.platform.new_uuid();
        let by_email = Counted { id: id(), scope: "email", key: self.email_digest(email), rule: lockout::PER_EMAIL };
        let by_ip = ip.map(|ip| {
            let key = self.platform.vault.digest("ip", None, &ip.to_canonical().to_string());
            Counted { id: id(), scope: "ip", key, rule: lockout::PER_IP }
        });
        std::iter::once(by_email).chain(by_ip).collect()
    }

    /// Checks e-mail and password; unknown addresses take the same time and count the same. `Ok` is the person, verified or not.
    pub(super) async fn authenticate(
        &self,
        email: &Email,
        password: Secret<String>,
        ip: Option<IpAddr>,
    ) -> Result<Person, SignInError> {
        let pool = self.platform.pool();
        let keys = self.counted(email, ip);
        let closed_if_wrong = match attempts::admit(pool, self.platform.now(), &keys).await? {
            Admission::Closed { until } => return Err(SignInError::Locked { until }),
            Admission::Admitted { closed_if_wrong } => closed_if_wrong,
        };
        let person = self.person_by_email(email).await?;
        let hash = person.as_ref().map(|person| self.password_hash(person)).transpose()?;
        let right = self.passwords.verify(password, hash).await?;
        match person.filter(|_| right) {
            Some(person) => {
                attempts::forgive(pool, &keys).await?;
                Ok(person)
            }
            None => match closed_if_wrong {
                None => Err(SignInError::WrongCredentials),
                Some(until) => {
                    self.ask(Request::Locked { until }, email).await?;
                    Err(SignInError::Locked { until })
                }
            },
        }
    }

    /// Signs in a person of an account or of the staff.
    ///
    /// # Errors
    /// Wrong credentials, an address that is not proved, too many attempts, or the database.
    pub async fn sign_in(&self, form: SignIn) -> Result<SignedIn, SignInError> {
        let email: Email = form.email.parse().map_err(|_| SignInError::WrongCredentials)?;
        if form.password.expose().chars().count() > MAX_CHARS {
            // No stored password is that long; hashing it would only be work.
            return Err(SignInError::WrongCredentials);
        }
        let person = self.authenticate(&email, form.password, form.ip).await?;
        if !person.verified {
            return Err(SignInError::Unverified);
        }
        let id = self.platform.new_uuid();
        let Some(principal) = self.principal(&person, Some(id)).await? else { return Err(SignInError::WrongCredentials) };
        let ip = form.ip.map(|ip| ip.to_canonical().to_string());
        let user_agent = form.user_agent.map(|agent| agent.chars().take(MAX_USER_AGENT_CHARS).collect::<String>());
        let command = PersonCommand::RecordSignIn {
            ip: self.sealed(person.id, ip.as_deref()).await?,
            user_agent: self.sealed(person.id, user_agent.as_deref()).await?,
        };
        let meta = self.meta_of(person.id);
        let now = meta.occurred_at;
        self.command(person.id, command, meta, Alongside::default()).await?.ok_or(SignInError::Unverified)?;
        let token = SessionToken::new(&self.platform);
        sessions::start(self.platform.pool(), &self.session_hash(token.as_str()), id, person.id, now).await?;
        Ok(SignedIn { token, expires_at: now + sessions::ABSOLUTE, principal })
    }

    async fn sealed(&self, person: PersonId, text: Option<&str>) -> Result<Option<recado_kernel::Sealed>, StoreError> {
        let account: AccountId = person.account();
        match text {
            None => Ok(None),
            Some(text) => self.platform.vault.seal(account, &person.subject(), text).await.map(Some),
        }
    }
}
