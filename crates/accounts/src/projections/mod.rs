//! Read models. They hold personal data in clear: what is unsealed here disappears when the subject's key is destroyed and the read
//! model is built anew.

pub mod accounts;
pub mod partner_tokens;
pub mod staff;
pub mod users;

use recado_event_store::{Platform, StoreError};
use recado_kernel::{Locale, Sealed};

/// The text behind a seal; empty once it was erased.
async fn unsealed(platform: &Platform, sealed: &Sealed) -> Result<String, StoreError> {
    Ok(platform.vault.unseal(sealed).await?.unwrap_or_default())
}

/// The same for an optional text; erased is none.
async fn unsealed_option(platform: &Platform, sealed: Option<&Sealed>) -> Result<Option<String>, StoreError> {
    match sealed {
        None => Ok(None),
        Some(sealed) => platform.vault.unseal(sealed).await,
    }
}

/// Stored form of a locale.
const fn tag(locale: Locale) -> &'static str {
    locale.tag()
}
