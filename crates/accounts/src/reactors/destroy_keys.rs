//! A recorded erasure destroys the subject's key and ends the person's sessions. The use case does it at once; this makes it certain, even
//! if the process died in between, and again in a database restored from a backup made before. A repeat is harmless: a subject that came
//! back has a later key, and later sessions stay.

use async_trait::async_trait;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent};
use sqlx::PgConnection;

use crate::domain::account::AccountEvent;
use crate::store::sessions;

/// The reactor.
pub struct DestroyKeys {
    platform: Platform,
}

impl DestroyKeys {
    /// Destroys in `platform`'s vault.
    #[must_use]
    pub const fn new(platform: Platform) -> Self {
        Self { platform }
    }
}

#[async_trait]
impl Projection for DestroyKeys {
    fn name(&self) -> &'static str {
        "destroy_keys@1"
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["account.subject_erased"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for record in batch {
            let AccountEvent::SubjectErased(erased) = record.decode::<AccountEvent>()? else { continue };
            let vault = &self.platform.vault;
            vault.destroy_key_in_tx(db, erased.subject, erased.key_generation, record.occurred_at).await?;
            if let Some(user) = erased.user {
                sessions::end_all(db, record.account_id, user.as_uuid(), record.occurred_at, None).await?;
            }
        }
        Ok(())
    }
}
