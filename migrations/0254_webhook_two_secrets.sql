-- While a webhook secret is being exchanged both sign (owner: messaging, webhooks).
ALTER TABLE webhook_target ADD COLUMN previous_secret_protected text, ADD COLUMN previous_secret_until timestamptz;
