//! What the composition root decides about accounts.

use std::sync::Arc;

use crate::mail::Mailer;

/// Where the page behind a verification link lives below the public address: `/verificar?token=…`.
pub const VERIFY_PATH: &str = "/verificar";
/// Where the page behind a new-password link lives: `/redefinir-senha?token=…`.
pub const RESET_PATH: &str = "/redefinir-senha";
/// Where people sign in.
pub const SIGN_IN_PATH: &str = "/entrar";
/// Where people ask for a new password.
pub const FORGOTTEN_PATH: &str = "/esqueci-senha";

/// Settings of the accounts context.
#[derive(Clone)]
pub struct AccountsSettings {
    /// Address of the panel as people reach it, without a trailing slash, e.g. `https://painel.exemplo.com.br`.
    pub public_url: String,
    /// How mails leave.
    pub mail: Arc<dyn Mailer>,
}

impl AccountsSettings {
    /// An address below the panel with a token in it.
    pub(crate) fn link(&self, path: &str, token: &str) -> String {
        format!("{}{path}?token={token}", self.public_url.trim_end_matches('/'))
    }

    /// An address below the panel.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.trim_end_matches('/'))
    }
}

impl std::fmt::Debug for AccountsSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountsSettings").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}
