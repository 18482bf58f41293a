-- One callback for one URL, as the panel shows it (owner: messaging, webhooks). The durable work of topic "webhook" with the same id
-- delivers it. Bodies are not stored: they are built for each attempt.
CREATE TABLE webhook_delivery (
    id          uuid        PRIMARY KEY,
    seq         bigint      GENERATED ALWAYS AS IDENTITY,
    account_id  uuid        NOT NULL,
    instance_id uuid        NOT NULL,
    message_id  uuid,
    kind        text        NOT NULL,
    callback    text        NOT NULL,
    detail      text        NOT NULL DEFAULT '',
    url         text        NOT NULL,
    lane        text        NOT NULL,
    payload     jsonb       NOT NULL,
    status      text        NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed', 'stopped')),
    happened_at timestamptz NOT NULL,
    ended_at    timestamptz,
    note        text
);
CREATE INDEX webhook_delivery_of_instance ON webhook_delivery (account_id, instance_id, seq DESC);
CREATE INDEX webhook_delivery_of_message ON webhook_delivery (message_id) WHERE message_id IS NOT NULL;
COMMENT ON COLUMN webhook_delivery.kind IS 'Which of the instance''s URLs: received, received_delivery, delivery, message_status, connected, disconnected.';
COMMENT ON COLUMN webhook_delivery.detail IS 'SENT, RECEIVED, READ of a status; the reason of a refusal.';
COMMENT ON COLUMN webhook_delivery.payload IS 'What the body is built from: ids and seals, no content and no phone in clear.';
