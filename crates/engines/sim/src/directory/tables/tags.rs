//! Tables `sim_tag` and `sim_tag_chat`.

use recado_event_store::StoreError;
use recado_kernel::ChatAddress;
use recado_messaging::engine::directory::Tag;
use sqlx::PgPool;

use super::super::Own;

/// All tags, by id.
pub(crate) async fn list(pool: &PgPool, own: &Own) -> Result<Vec<Tag>, StoreError> {
    let rows: Vec<(i32, String, i32)> =
        sqlx::query_as("SELECT tag_id, name, color FROM sim_tag WHERE account_id = $1 AND owner = $2 ORDER BY tag_id")
            .bind(own.account.as_uuid())
            .bind(own.number.as_str())
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(|(id, name, color)| Tag { id: id.to_string(), name, color }).collect())
}

/// A new one; without a colour the next of `colors`. Ids of deleted tags are not used again while a later one is there.
pub(crate) async fn insert(pool: &PgPool, own: &Own, name: &str, color: Option<i32>, colors: i32) -> Result<i32, StoreError> {
    let mut transaction = pool.begin().await?;
    // Two at once take turns: the next id is read before it is taken.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext($1 || $2))")
        .bind(own.account.to_string())
        .bind(own.number.as_str())
        .execute(&mut *transaction)
        .await?;
    let id = sqlx::query_scalar(
        "INSERT INTO sim_tag (account_id, owner, tag_id, name, color)
         SELECT $1, $2, n.id, $3, COALESCE($4, (n.id - 1) % $5)
           FROM (SELECT COALESCE(max(tag_id), 0) + 1 AS id FROM sim_tag WHERE account_id = $1 AND owner = $2) n
         RETURNING tag_id",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(name)
    .bind(color)
    .bind(colors)
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(id)
}

/// Another name, another colour where given. `false`: there is none.
pub(crate) async fn update(pool: &PgPool, own: &Own, id: i32, name: &str, color: Option<i32>) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sim_tag SET name = $4, color = COALESCE($5, color) WHERE account_id = $1 AND owner = $2 AND tag_id = $3",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(id)
    .bind(name)
    .bind(color)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Away with it. `false`: there is none.
pub(crate) async fn delete(pool: &PgPool, own: &Own, id: i32) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM sim_tag WHERE account_id = $1 AND owner = $2 AND tag_id = $3")
        .bind(own.account.as_uuid())
        .bind(own.number.as_str())
        .bind(id)
        .execute(pool)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Is there one?
pub(crate) async fn exists(pool: &PgPool, own: &Own, id: i32) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sim_tag WHERE account_id = $1 AND owner = $2 AND tag_id = $3)")
        .bind(own.account.as_uuid())
        .bind(own.number.as_str())
        .bind(id)
        .fetch_one(pool)
        .await?)
}

/// Onto a chat, or off it.
pub(crate) async fn assign(pool: &PgPool, own: &Own, id: i32, chat: &ChatAddress, on: bool) -> Result<(), StoreError> {
    let statement = match on {
        true => "INSERT INTO sim_tag_chat (account_id, owner, tag_id, chat) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        false => "DELETE FROM sim_tag_chat WHERE account_id = $1 AND owner = $2 AND tag_id = $3 AND chat = $4",
    };
    sqlx::query(statement)
        .bind(own.account.as_uuid())
        .bind(own.number.as_str())
        .bind(id)
        .bind(chat.as_str())
        .execute(pool)
        .await?;
    Ok(())
}
