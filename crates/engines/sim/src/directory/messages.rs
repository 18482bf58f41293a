//! Messages of sessions into groups.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, PhoneNumber, WireId};
use recado_messaging::engine::Refusal;

use super::Own;
use super::tables::groups;
use crate::SimEngine;
use crate::store::messages::TEXT_PURPOSE;

/// Takes a message for a group once per wire id. `Some`: why it is not taken.
pub(crate) async fn post_to_group(
    engine: &SimEngine,
    account: AccountId,
    sender: &PhoneNumber,
    group: &str,
    wire_id: &WireId,
    text: &str,
) -> Result<Option<Refusal>, StoreError> {
    let own = Own { account, number: sender.clone() };
    let pool = engine.platform.pool();
    let Some(found) = groups::find(pool, &own, group).await?.filter(|found| found.has(sender)) else {
        return Ok(Some(Refusal::UnsupportedChat));
    };
    if found.settings.admin_only_message && !found.is_admin(sender) {
        return Ok(Some(Refusal::UnsupportedChat));
    }
    let text = engine.platform.vault.protect(TEXT_PURPOSE, text)?;
    sqlx::query(
        "INSERT INTO sim_group_message (group_id, wire_id, account_id, sender, text_protected, sent_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (group_id, sender, wire_id) DO NOTHING",
    )
    .bind(group)
    .bind(wire_id.as_str())
    .bind(account.as_uuid())
    .bind(sender.as_str())
    .bind(text)
    .bind(engine.platform.now())
    .execute(pool)
    .await?;
    Ok(None)
}
