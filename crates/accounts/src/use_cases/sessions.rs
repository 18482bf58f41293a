//! Being signed in.

use recado_event_store::StoreError;
use recado_kernel::Locale;

use crate::people::{PersonId, staff_name};
use crate::store::sessions::{self, Found};
use crate::{Accounts, Principal, PrincipalKind};

impl Accounts {
    pub(super) fn session_hash(&self, token: &str) -> String {
        self.platform.vault.digest("session", None, token)
    }

    /// Who holds this cookie; `None` when the session is over or never was. Each visit lengthens it to 14 days, 60 at most.
    ///
    /// # Errors
    /// The database.
    pub async fn session(&self, token: &str) -> Result<Option<Principal>, StoreError> {
        let (pool, now) = (self.platform.pool(), self.platform.now());
        let Some(found) = sessions::find(pool, &self.session_hash(token), now).await? else { return Ok(None) };
        sessions::touch(pool, &found, now).await?;
        match known(&found)? {
            Some(principal) => Ok(Some(principal)),
            // The read model has not come that far, or the person is gone: the aggregate knows.
            None => {
                let person = self.person(PersonId::from_parts(&found.kind, found.account_id, found.person_id)?).await?;
                match person {
                    None => Ok(None),
                    Some(person) => self.principal(&person, Some(found.id)).await,
                }
            }
        }
    }

    /// Ends the session of this cookie. Ending one that is over is no error.
    ///
    /// # Errors
    /// The database.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        sessions::end(self.platform.pool(), &self.session_hash(token)).await
    }
}

/// The principal out of the read model's columns, if it has them.
fn known(found: &Found) -> Result<Option<Principal>, StoreError> {
    let (Some(email), Some(role), Some(locale)) = (&found.email, &found.role, &found.locale) else { return Ok(None) };
    let unreadable = |error: &dyn std::fmt::Display| StoreError::Unreadable(error.to_string());
    let (kind, name, verified) = match PersonId::from_parts(&found.kind, found.account_id, found.person_id)? {
        PersonId::User(account_id, user_id) => {
            let role = role.parse().map_err(|error: crate::InvalidRole| unreadable(&error))?;
            let name = found.name.clone().unwrap_or_default();
            (PrincipalKind::User { account_id, user_id, role }, name, found.verified.unwrap_or(false))
        }
        PersonId::Staff(staff_id) => {
            let role = role.parse().map_err(|error: crate::InvalidStaffRole| unreadable(&error))?;
            (PrincipalKind::Staff { staff_id, role }, staff_name(email), true)
        }
    };
    // A person who signed in is verified; a read model that says otherwise is behind.
    if !verified || email.is_empty() {
        return Ok(None);
    }
    Ok(Some(Principal {
        kind,
        name,
        email: email.clone(),
        locale: Locale::from_tag(locale),
        verified,
        session_id: Some(found.id),
    }))
}
