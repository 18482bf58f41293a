-- What the webhook reactor knows of each instance, folded from its events by itself, so that every event is judged by the
-- configuration that held when it happened (owner: messaging, webhooks). Rebuilt by replaying.
CREATE TABLE webhook_target (
    instance_id       uuid    PRIMARY KEY,
    account_id        uuid    NOT NULL,
    urls              jsonb   NOT NULL DEFAULT '{}'::jsonb,
    notify_sent_by_me boolean NOT NULL DEFAULT false,
    secret_protected  text    NOT NULL,
    number_sealed     text,
    connected         boolean NOT NULL DEFAULT false,
    silenced          boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN webhook_target.silenced IS 'Unlinked: nothing more is delivered except the DisconnectedCallback itself (plugzapi-api.md 3.1).';
COMMENT ON COLUMN webhook_target.number_sealed IS 'The linked number, sealed under its owner''s key.';
