//! Who holds a claim: the strongly consistent way from an e-mail or a token to its owner.

use recado_event_store::StoreError;
use sqlx::PgPool;

/// The owner of `key` within `scope`.
pub async fn owner(pool: &PgPool, scope: &str, key: &str) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT owner FROM claim WHERE scope = $1 AND key = $2")
        .bind(scope)
        .bind(key)
        .fetch_optional(pool)
        .await?)
}
