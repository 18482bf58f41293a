//! Table `sim_contact`.

use recado_event_store::StoreError;
use recado_kernel::PhoneNumber;
use recado_messaging::engine::directory::{Contact, NewContact, Page};
use sqlx::PgPool;

use super::super::{Own, people};

type Row = (String, Option<String>, Option<String>, Option<String>);

/// Everybody in the address book, in a chat, or in a shared group, by number.
pub(crate) async fn list(pool: &PgPool, own: &Own, page: Page) -> Result<Vec<Contact>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "WITH others AS (
             SELECT recipient AS phone FROM sim_message WHERE sender = $2 AND account_id = $1
             UNION
             SELECT sender FROM sim_message
              WHERE recipient = $2 AND delivered_at IS NOT NULL AND (account_id = $1 OR recipient_account = $1)
             UNION
             SELECT phone FROM sim_contact WHERE account_id = $1 AND owner = $2 AND first_name IS NOT NULL
             UNION
             SELECT other.phone FROM sim_group_member me JOIN sim_group_member other ON other.group_id = me.group_id
              WHERE me.account_id = $1 AND me.phone = $2 AND me.role IN ('owner', 'admin', 'member')
                AND other.role IN ('owner', 'admin', 'member')
         )
         SELECT o.phone, c.first_name, c.last_name, p.name
           FROM others o
           LEFT JOIN sim_contact c ON c.account_id = $1 AND c.owner = $2 AND c.phone = o.phone
           LEFT JOIN sim_profile p ON p.number = o.phone
          WHERE o.phone <> $2 AND o.phone ~ '^[0-9]{8,15}$'
          ORDER BY o.phone LIMIT $3 OFFSET $4",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(i64::from(page.size))
    .bind(page.offset())
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|(phone, first_name, last_name, name)| {
            let phone: PhoneNumber = phone.parse().map_err(|_| StoreError::Unreadable("sim_contact.phone".to_owned()))?;
            let saved = first_name.map(|first_name| NewContact { phone: phone.clone(), first_name, last_name });
            let notify = Some(name.unwrap_or_else(|| people::shown_name(&phone)));
            Ok(Contact { phone, saved, notify })
        })
        .collect()
}

/// Somebody's entry in the address book.
pub(crate) async fn saved(pool: &PgPool, own: &Own, phone: &PhoneNumber) -> Result<Option<NewContact>, StoreError> {
    let row: Option<(String, Option<String>)> = sqlx::query_as(
        "SELECT first_name, last_name FROM sim_contact WHERE account_id = $1 AND owner = $2 AND phone = $3 AND first_name IS NOT NULL",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(phone.as_str())
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(first_name, last_name)| NewContact { phone: phone.clone(), first_name, last_name }))
}

/// Writes entries; of two for one number the later counts.
pub(crate) async fn save(pool: &PgPool, own: &Own, contacts: &[NewContact]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_contact (account_id, owner, phone, first_name, last_name)
         SELECT DISTINCT ON (n.phone) $1, $2, n.phone, n.first_name, n.last_name
           FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS n(phone, first_name, last_name, ordinal)
          ORDER BY n.phone, n.ordinal DESC
         ON CONFLICT (account_id, owner, phone) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(contacts.iter().map(|contact| contact.phone.as_str()).collect::<Vec<_>>())
    .bind(contacts.iter().map(|contact| contact.first_name.trim()).collect::<Vec<_>>())
    .bind(contacts.iter().map(|contact| contact.last_name.as_deref().map(str::trim)).collect::<Vec<_>>())
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes entries away; who is blocked stays so.
pub(crate) async fn remove(pool: &PgPool, own: &Own, phones: &[PhoneNumber]) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE sim_contact SET first_name = NULL, last_name = NULL WHERE account_id = $1 AND owner = $2 AND phone = ANY ($3)",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(phones.iter().map(PhoneNumber::as_str).collect::<Vec<_>>())
    .execute(pool)
    .await?;
    Ok(())
}

/// Blocks, or does not any more.
pub(crate) async fn set_blocked(pool: &PgPool, own: &Own, phone: &PhoneNumber, blocked: bool) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_contact (account_id, owner, phone, is_blocked) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, owner, phone) DO UPDATE SET is_blocked = excluded.is_blocked",
    )
    .bind(own.account.as_uuid())
    .bind(own.number.as_str())
    .bind(phone.as_str())
    .bind(blocked)
    .execute(pool)
    .await?;
    Ok(())
}
