-- When a person asked for a delivery again, and the dead letters of an instance (owner: messaging, webhooks).
ALTER TABLE webhook_delivery ADD COLUMN asked_at timestamptz;
CREATE INDEX webhook_delivery_failed ON webhook_delivery (account_id, instance_id, seq) WHERE status = 'failed';
