-- Ended deliveries are forgotten after 30 days (owner: messaging, webhooks); failed ones stay, they are the dead letters.
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE status IN ('delivered', 'stopped');
