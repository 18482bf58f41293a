//! What an account decides about its guards.

use recado_kernel::CommandMeta;

use crate::domain::guard_policy::{ChangeRules, GuardRules, LONGEST_CONFIRMATION};
use crate::use_cases::Recorded;
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Replaces the account's rules. Words come from [`crate::KeyWords::read`]; an empty confirmation is none.
    ///
    /// # Errors
    /// [`MessagingError::Confirmation`] for one that is longer than 1,000 bytes or cannot be stored; the database.
    pub async fn change_guard_rules(&self, meta: CommandMeta, mut rules: GuardRules) -> Result<Recorded, MessagingError> {
        rules.confirmation = rules.confirmation.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if rules.confirmation.as_ref().is_some_and(|text| text.len() > LONGEST_CONFIRMATION || text.contains('\0')) {
            return Err(MessagingError::Confirmation);
        }
        let id = meta.account_id.to_string();
        Ok(self.guard_policies.execute(&id, ChangeRules(rules), meta).await?.into())
    }
}
