-- The event feed: every callback once, whether a URL was configured or not (owner: messaging, webhooks). Written by the webhook reactor
-- alone, whose transactions follow each other, so that a lower number never appears after a higher one. Kept for 30 days.
CREATE TABLE webhook_event (
    seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  uuid        NOT NULL,
    instance_id uuid        NOT NULL,
    callback    text        NOT NULL,
    payload     jsonb       NOT NULL,
    happened_at timestamptz NOT NULL
);
CREATE INDEX webhook_event_of_instance ON webhook_event (instance_id, seq);
COMMENT ON COLUMN webhook_event.payload IS 'What the body is built from: ids and seals, no content and no phone in clear.';
