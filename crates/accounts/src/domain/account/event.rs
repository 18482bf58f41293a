//! What happened to an account. Wire names are for ever.

use recado_event_store::stored_events;
use recado_kernel::{Locale, Sealed, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::SubjectErased;

/// How a new password came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordChange {
    /// Signed in, knowing the old one.
    Changed,
    /// Through a link sent by e-mail, which also proves the address.
    Reset,
}

/// Events of an account. Business time is the record's `occurred_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum AccountEvent {
    /// Signed up; `owner` is its first person.
    #[serde(rename = "account.registered")]
    Registered {
        owner: UserId,
        name: Sealed,
        email: Sealed,
        email_digest: String,
        document: Option<Sealed>,
        locale: Locale,
        password_protected: String,
        client_token_protected: String,
        client_token_digest: String,
        partner_token_protected: String,
        partner_token_digest: String,
    },
    /// Somebody tried to register the same address again.
    #[serde(rename = "account.registration_repeated")]
    RegistrationRepeated {},
    /// Another verification link was asked for.
    #[serde(rename = "account.verification_requested")]
    VerificationRequested { user: UserId },
    /// The address is proved.
    #[serde(rename = "account.verified")]
    Verified { user: UserId },
    /// A link for a new password was asked for.
    #[serde(rename = "account.password_reset_requested")]
    PasswordResetRequested { user: UserId },
    /// The password is new; sessions other than `kept_session` are over.
    #[serde(rename = "account.password_changed")]
    PasswordChanged { user: UserId, password_protected: String, how: PasswordChange, kept_session: Option<Uuid> },
    /// Somebody signed in.
    #[serde(rename = "account.signed_in")]
    SignedIn { user: UserId, ip: Option<Sealed>, user_agent: Option<Sealed> },
    /// Too many wrong passwords.
    #[serde(rename = "account.sign_in_locked")]
    SignInLocked { user: UserId, until: Timestamp },
    /// REST calls need the Client-Token from now on.
    #[serde(rename = "account.client_token_activated")]
    ClientTokenActivated {},
    /// The Client-Token is another one.
    #[serde(rename = "account.client_token_rotated")]
    ClientTokenRotated { token_protected: String, token_digest: String },
    /// The partner token is another one.
    #[serde(rename = "account.partner_token_rotated")]
    PartnerTokenRotated { token_protected: String, token_digest: String },
    /// From where REST calls may come.
    #[serde(rename = "account.ip_list_changed")]
    IpListChanged { active: bool, addresses_protected: String, addresses_digest: String },
    /// Name, document or language changed.
    #[serde(rename = "account.profile_changed")]
    ProfileChanged { user: UserId, name: Sealed, document: Option<Sealed>, locale: Locale },
    /// The staff looked; who is the record's actor.
    #[serde(rename = "account.support_viewed")]
    SupportViewed { what: String },
    /// A person's data was erased: their key is destroyed, living copies are gone.
    #[serde(rename = "account.subject_erased")]
    SubjectErased(Box<SubjectErased>),
}

stored_events! {
    AccountEvent {
        Registered => "account.registered" 1,
            en "Somebody signed up: the account exists, and this person owns it.",
            pt "Alguém se cadastrou: a conta existe e esta pessoa é a proprietária.",
            sealed ["name", "email", "document"];
        RegistrationRepeated => "account.registration_repeated" 1,
            en "Somebody tried to register the same address again.",
            pt "Alguém tentou cadastrar de novo o mesmo e-mail.";
        VerificationRequested => "account.verification_requested" 1,
            en "Another link to prove the address was asked for.",
            pt "Outro link de confirmação do e-mail foi pedido.";
        Verified => "account.verified" 1,
            en "The address is proved: its person may sign in.",
            pt "O e-mail foi confirmado: a pessoa pode entrar.";
        PasswordResetRequested => "account.password_reset_requested" 1,
            en "A link for a new password was asked for.",
            pt "Um link para nova senha foi pedido.";
        PasswordChanged => "account.password_changed" 1,
            en "The password is another one; every other session of the person is over.",
            pt "A senha foi trocada; as outras sessões da pessoa terminaram.";
        SignedIn => "account.signed_in" 1,
            en "Somebody of the account signed in.",
            pt "Alguém da conta entrou no painel.",
            sealed ["ip", "user_agent"];
        SignInLocked => "account.sign_in_locked" 1,
            en "Too many wrong passwords closed the door for a while.",
            pt "Excesso de senhas erradas bloqueou a entrada por um tempo.";
        ClientTokenActivated => "account.client_token_activated" 1,
            en "From now on REST calls need the Client-Token.",
            pt "A partir de agora as chamadas REST exigem o Client-Token.";
        ClientTokenRotated => "account.client_token_rotated" 1,
            en "The Client-Token is another one; the old one is void.",
            pt "O Client-Token foi trocado; o anterior não vale mais.";
        PartnerTokenRotated => "account.partner_token_rotated" 1,
            en "The partner token is another one; the old one is void.",
            pt "O token de parceiro foi trocado; o anterior não vale mais.";
        IpListChanged => "account.ip_list_changed" 1,
            en "From now on REST calls may come from these addresses only, or from everywhere when the list is not active.",
            pt "A partir de agora as chamadas REST só podem vir destes endereços, ou de qualquer lugar quando a lista não está ativa.";
        ProfileChanged => "account.profile_changed" 1,
            en "Name, document or language of the account changed.",
            pt "Nome, documento ou idioma da conta mudou.",
            sealed ["name", "document"];
        SupportViewed => "account.support_viewed" 1,
            en "Staff looked at the account; the record's actor says who.",
            pt "A equipe consultou a conta; o autor do registro diz quem.";
        SubjectErased => "account.subject_erased" 1,
            en "A person's data was erased: their key is destroyed; the report says what went and what stays.",
            pt "Os dados de uma pessoa foram apagados: a chave foi destruída; o relatório diz o que se foi e o que fica.";
    }
}
