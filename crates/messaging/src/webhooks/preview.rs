//! What a delivery says, and the same as a command line, for people who look for a fault.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId};
use uuid::Uuid;

use super::callback::Order;
use super::deliver::Bodies;
use super::target;
use crate::{Messaging, MessagingError};

/// Stands where the secret would: a command line is pasted into chats and tickets.
const SECRET: &str = "SEGREDO_DO_WEBHOOK";

/// A delivery's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The JSON as it is (would be) sent; `None` once the content has been erased.
    pub body: Option<String>,
    /// A `curl` command that makes the same call, with a placeholder for the secret and without the signatures it makes.
    pub curl: String,
}

impl Messaging {
    /// The body of a delivery of this instance; `None` when there is no such delivery.
    ///
    /// # Errors
    /// The database.
    pub async fn preview_delivery(
        &self,
        account: AccountId,
        instance: InstanceId,
        delivery: Uuid,
    ) -> Result<Option<Preview>, MessagingError> {
        let pool = self.platform.pool();
        let row: Option<(String, serde_json::Value)> =
            sqlx::query_as("SELECT url, payload FROM webhook_delivery WHERE id = $1 AND account_id = $2 AND instance_id = $3")
                .bind(delivery)
                .bind(account.as_uuid())
                .bind(instance.as_uuid())
                .fetch_optional(pool)
                .await?;
        let Some((url, order)) = row else { return Ok(None) };
        let Some(target) = target::find(pool, account, instance).await? else { return Ok(None) };
        let order: Order = serde_json::from_value(order).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let url = target.webhooks.get(order.url_of).map_or(url, |url| url.as_str().to_owned());
        let body = Bodies::new(self.clone()).body(account, instance, &target, &order).await?;
        let body = body.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Some(Preview { curl: curl(&url, delivery, body.as_deref()), body }))
    }
}

fn curl(url: &str, delivery: Uuid, body: Option<&str>) -> String {
    let mut lines = vec![
        format!("curl -X POST {}", quoted(url)),
        "  -H 'content-type: application/json; charset=utf-8'".to_owned(),
        format!("  -H 'webhook-id: {delivery}'"),
        format!("  -H 'x-token: {SECRET}'"),
    ];
    lines.extend(body.map(|body| format!("  --data-raw {}", quoted(body))));
    lines.join(" \\\n")
}

/// As one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    #[test]
    fn nothing_leaves_its_quotes() {
        let text = super::curl("https://example.com/a?b='c'&d", Uuid::nil(), Some(r#"{"message":"it's; rm -rf"}"#));
        assert!(text.starts_with(r"curl -X POST 'https://example.com/a?b='\''c'\''&d'"), "{text}");
        assert!(text.ends_with(r#"--data-raw '{"message":"it'\''s; rm -rf"}'"#), "{text}");
        assert!(text.contains("x-token: SEGREDO_DO_WEBHOOK"));
    }
}
