//! `view_staff`: the operator's people, for sessions and for saying who did it.

use async_trait::async_trait;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::StaffId;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{tag, unsealed};
use crate::domain::staff::StaffEvent;

/// Name of the projection.
pub const STAFF_LIST: &str = "staff_list@1";

/// The projection.
pub struct StaffList {
    platform: Platform,
}

impl StaffList {
    /// Unseals with `platform`'s vault.
    #[must_use]
    pub const fn new(platform: Platform) -> Self {
        Self { platform }
    }
}

#[async_trait]
impl Projection for StaffList {
    fn name(&self) -> &'static str {
        STAFF_LIST
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["staff.created"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_staff"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for record in batch {
            let StaffEvent::Created { email, role, locale, .. } = record.decode::<StaffEvent>()? else { continue };
            let poison = |error: uuid::Error| ProjectionError::Poison {
                position: record.position.position,
                reason: format!("aggregate id: {error}"),
            };
            sqlx::query(
                "INSERT INTO view_staff (staff_id, email, role, locale, created_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (staff_id) DO NOTHING",
            )
            .bind(Uuid::parse_str(&record.aggregate_id).map_err(poison)?)
            .bind(unsealed(&self.platform, &email).await?)
            .bind(role.as_str())
            .bind(tag(locale))
            .bind(record.occurred_at)
            .execute(&mut *db)
            .await?;
        }
        Ok(())
    }
}

/// Addresses of staff by id, for showing who did something.
pub async fn emails(pool: &PgPool, ids: &[StaffId]) -> Result<Vec<(StaffId, String)>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(StaffId::as_uuid).collect();
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT staff_id, email FROM view_staff WHERE staff_id = ANY ($1)").bind(ids).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(id, email)| (StaffId::from_uuid(id), email)).collect())
}
