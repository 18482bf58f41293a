//! A staff member as the events made it, and what it decides.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{Locale, Sealed};
use serde::{Deserialize, Serialize};

use super::{StaffCommand, StaffError, StaffEvent, StaffRole};

/// The aggregate "staff"; its id is the staff id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Staff {
    profile: Option<Profile>,
}

/// What is known about the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// E-mail.
    pub email: Sealed,
    /// Role.
    pub role: StaffRole,
    /// Language.
    pub locale: Locale,
    /// argon2id hash, encrypted.
    pub password_protected: String,
}

impl Staff {
    /// The person; `None` when there is none.
    #[must_use]
    pub const fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    fn decide(&self, command: StaffCommand) -> Result<StaffEvent, StaffError> {
        use {StaffCommand as C, StaffEvent as E};
        match (command, self.profile.is_some()) {
            (C::Create { .. }, true) => Err(StaffError::AlreadyCreated),
            (C::Create { email, email_digest, role, locale, password_protected }, false) => {
                Ok(E::Created { email, email_digest, role, locale, password_protected })
            }
            (_, false) => Err(StaffError::Unknown),
            (C::RequestPasswordReset, true) => Ok(E::PasswordResetRequested {}),
            (C::ChangePassword { password_protected, how, kept_session }, true) => {
                Ok(E::PasswordChanged { password_protected, how, kept_session })
            }
            (C::RecordSignIn { ip, user_agent }, true) => Ok(E::SignedIn { ip, user_agent }),
            (C::RecordLock { until }, true) => Ok(E::SignInLocked { until }),
        }
    }
}

impl Aggregate for Staff {
    const TYPE: &'static str = "staff";
    type Command = StaffCommand;
    type Event = StaffEvent;
    type Error = StaffError;
    type Services = ();

    async fn handle(&mut self, command: StaffCommand, (): &(), sink: &EventSink<Self>) -> Result<(), StaffError> {
        let event = self.decide(command)?;
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: StaffEvent) {
        match event {
            StaffEvent::Created { email, role, locale, password_protected, .. } => {
                self.profile = Some(Profile { email, role, locale, password_protected });
            }
            StaffEvent::PasswordChanged { password_protected, .. } => {
                if let Some(profile) = &mut self.profile {
                    profile.password_protected = password_protected;
                }
            }
            StaffEvent::PasswordResetRequested {} | StaffEvent::SignedIn { .. } | StaffEvent::SignInLocked { .. } => {}
        }
    }
}
