//! The account as its events made it, and what it decides.

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::UserId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AccountCommand, AccountError, AccountEvent, AccountToken, Erasure, IpList, Member, PasswordChange, Registration, Role,
    SubjectErased, SubjectKind,
};

/// The aggregate "account"; its id is the account id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    members: BTreeMap<UserId, Member>,
    client_token: Option<AccountToken>,
    client_token_active: bool,
    partner_token: Option<AccountToken>,
    #[serde(default)]
    ip_list: IpList,
    /// Latest destroyed key of each subject: an erasure is recorded once.
    #[serde(default)]
    erased_keys: BTreeMap<Uuid, i32>,
}

impl Account {
    /// Has it been registered?
    #[must_use]
    pub fn exists(&self) -> bool {
        !self.members.is_empty()
    }

    /// A person in it.
    #[must_use]
    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.get(&user)
    }

    /// Everybody in it.
    pub fn members(&self) -> impl Iterator<Item = (UserId, &Member)> {
        self.members.iter().map(|(id, member)| (*id, member))
    }

    /// The person with this e-mail.
    #[must_use]
    pub fn member_by_email(&self, digest: &str) -> Option<(UserId, &Member)> {
        self.members.iter().find(|(_, member)| member.email_digest == digest).map(|(id, member)| (*id, member))
    }

    /// The Client-Token.
    #[must_use]
    pub const fn client_token(&self) -> Option<&AccountToken> {
        self.client_token.as_ref()
    }

    /// Do REST calls need the Client-Token?
    #[must_use]
    pub const fn client_token_active(&self) -> bool {
        self.client_token_active
    }

    /// The partner token.
    #[must_use]
    pub const fn partner_token(&self) -> Option<&AccountToken> {
        self.partner_token.as_ref()
    }

    /// From where REST calls may come.
    #[must_use]
    pub const fn ip_list(&self) -> &IpList {
        &self.ip_list
    }

    fn known(&self, user: UserId) -> Result<&Member, AccountError> {
        self.member(user).ok_or(AccountError::UnknownUser)
    }

    fn decide(&self, command: AccountCommand) -> Result<Vec<AccountEvent>, AccountError> {
        use {AccountCommand as C, AccountEvent as E};
        match (command, self.exists()) {
            (C::Register(_), true) => Err(AccountError::AlreadyRegistered),
            (C::Register(registration), false) => Ok(registered(*registration)),
            (_, false) => Err(AccountError::Unknown),
            (C::RecordRepeatedRegistration, true) => Ok(vec![E::RegistrationRepeated {}]),
            (C::RequestVerification { user }, true) => match self.known(user)?.verified {
                true => Err(AccountError::AlreadyVerified),
                false => Ok(vec![E::VerificationRequested { user }]),
            },
            (C::Verify { user }, true) => match self.known(user)?.verified {
                true => Ok(vec![]),
                false => Ok(vec![E::Verified { user }]),
            },
            (C::RequestPasswordReset { user }, true) => self.known(user).map(|_| vec![E::PasswordResetRequested { user }]),
            (C::ChangePassword { user, password_protected, how, kept_session }, true) => {
                let proves = how == PasswordChange::Reset && !self.known(user)?.verified;
                let changed = E::PasswordChanged { user, password_protected, how, kept_session };
                Ok(std::iter::once(changed).chain(proves.then_some(E::Verified { user })).collect())
            }
            (C::RecordSignIn { user, ip, user_agent }, true) => match self.known(user)?.verified {
                true => Ok(vec![E::SignedIn { user, ip, user_agent }]),
                false => Err(AccountError::NotVerified),
            },
            (C::RecordLock { user, until }, true) => self.known(user).map(|_| vec![E::SignInLocked { user, until }]),
            (C::ActivateClientToken, true) => match self.client_token_active {
                true => Ok(vec![]),
                false => Ok(vec![E::ClientTokenActivated {}]),
            },
            (C::RotateClientToken(token), true) => {
                Ok(vec![E::ClientTokenRotated { token_protected: token.protected, token_digest: token.digest }])
            }
            (C::RotatePartnerToken(token), true) => {
                Ok(vec![E::PartnerTokenRotated { token_protected: token.protected, token_digest: token.digest }])
            }
            (C::ChangeIpList(list), true) => {
                let same = list.active == self.ip_list.active && list.digest == self.ip_list.digest;
                let changed =
                    E::IpListChanged { active: list.active, addresses_protected: list.protected, addresses_digest: list.digest };
                Ok((!same).then_some(changed).into_iter().collect())
            }
            (C::ChangeProfile { user, name, document, locale }, true) => {
                self.known(user).map(|_| vec![E::ProfileChanged { user, name, document, locale }])
            }
            (C::RecordSupportView { what }, true) => Ok(vec![E::SupportViewed { what }]),
            (C::EraseSubject(erasure), true) => Ok(self.erased(*erasure).into_iter().collect()),
        }
    }
}

impl Account {
    /// `None`: this key was destroyed before.
    fn erased(&self, erasure: Erasure) -> Option<AccountEvent> {
        let Erasure { subject, kind, key_generation, chat_digest, report } = erasure;
        if self.erased_keys.get(&subject).is_some_and(|erased| *erased >= key_generation) {
            return None;
        }
        let owner = || self.members.iter().find(|(_, member)| member.role == Role::Owner).map(|(id, _)| *id);
        let user = if kind == SubjectKind::Owner { owner() } else { None };
        let erased = SubjectErased { subject, kind, user, key_generation, chat_digest, report };
        Some(AccountEvent::SubjectErased(Box::new(erased)))
    }
}

fn registered(registration: Registration) -> Vec<AccountEvent> {
    let owner = registration.owner;
    let registered = AccountEvent::Registered {
        owner,
        name: registration.name,
        email: registration.email,
        email_digest: registration.email_digest,
        document: registration.document,
        locale: registration.locale,
        password_protected: registration.password_protected,
        client_token_protected: registration.client_token.protected,
        client_token_digest: registration.client_token.digest,
        partner_token_protected: registration.partner_token.protected,
        partner_token_digest: registration.partner_token.digest,
    };
    let verified = registration.already_verified.then_some(AccountEvent::Verified { user: owner });
    std::iter::once(registered).chain(verified).collect()
}

impl Aggregate for Account {
    const TYPE: &'static str = "account";
    type Command = AccountCommand;
    type Event = AccountEvent;
    type Error = AccountError;
    type Services = ();

    async fn handle(&mut self, command: AccountCommand, (): &(), sink: &EventSink<Self>) -> Result<(), AccountError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: AccountEvent) {
        use AccountEvent as E;
        match event {
            E::Registered {
                owner,
                name,
                email,
                email_digest,
                locale,
                password_protected,
                client_token_protected,
                client_token_digest,
                partner_token_protected,
                partner_token_digest,
                ..
            } => {
                let role = Role::Owner;
                self.members
                    .insert(owner, Member { role, name, email, email_digest, locale, password_protected, verified: false });
                self.client_token = Some(AccountToken { protected: client_token_protected, digest: client_token_digest });
                self.partner_token = Some(AccountToken { protected: partner_token_protected, digest: partner_token_digest });
            }
            E::Verified { user } => {
                if let Some(member) = self.members.get_mut(&user) {
                    member.verified = true;
                }
            }
            E::PasswordChanged { user, password_protected, .. } => {
                if let Some(member) = self.members.get_mut(&user) {
                    member.password_protected = password_protected;
                }
            }
            E::ProfileChanged { user, name, locale, .. } => {
                if let Some(member) = self.members.get_mut(&user) {
                    member.name = name;
                    member.locale = locale;
                }
            }
            E::ClientTokenActivated {} => self.client_token_active = true,
            E::ClientTokenRotated { token_protected, token_digest } => {
                self.client_token = Some(AccountToken { protected: token_protected, digest: token_digest });
            }
            E::PartnerTokenRotated { token_protected, token_digest } => {
                self.partner_token = Some(AccountToken { protected: token_protected, digest: token_digest });
            }
            E::IpListChanged { active, addresses_protected, addresses_digest } => {
                self.ip_list = IpList { active, protected: addresses_protected, digest: addresses_digest };
            }
            E::SubjectErased(erased) => {
                self.erased_keys.insert(erased.subject, erased.key_generation);
            }
            E::RegistrationRepeated {}
            | E::VerificationRequested { .. }
            | E::PasswordResetRequested { .. }
            | E::SignedIn { .. }
            | E::SignInLocked { .. }
            | E::SupportViewed { .. } => {}
        }
    }
}
