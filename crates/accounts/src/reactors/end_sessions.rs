//! A new password ends every other session of the person. The use case does it at once; this makes it certain, even if the process
//! died in between. A repeat is harmless: sessions that began later stay.

use async_trait::async_trait;
use recado_event_store::{Projection, ProjectionError, RecordedEvent};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::account::AccountEvent;
use crate::domain::staff::StaffEvent;
use crate::store::sessions;

/// The reactor.
pub struct EndSessions;

#[async_trait]
impl Projection for EndSessions {
    fn name(&self) -> &'static str {
        "end_sessions@1"
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["account.password_changed", "staff.password_changed"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for record in batch {
            let (person, kept) = match record.aggregate_type.as_str() {
                "account" => match record.decode::<AccountEvent>()? {
                    AccountEvent::PasswordChanged { user, kept_session, .. } => (user.as_uuid(), kept_session),
                    _ => continue,
                },
                _ => match record.decode::<StaffEvent>()? {
                    StaffEvent::PasswordChanged { kept_session, .. } => {
                        let poison = |error: uuid::Error| ProjectionError::Poison {
                            position: record.position.position,
                            reason: format!("aggregate id: {error}"),
                        };
                        (Uuid::parse_str(&record.aggregate_id).map_err(poison)?, kept_session)
                    }
                    _ => continue,
                },
            };
            sessions::end_all(db, record.account_id, person, record.occurred_at, kept).await?;
        }
        Ok(())
    }
}
