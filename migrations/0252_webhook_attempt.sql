-- Every call that was made for a delivery (owner: messaging, webhooks).
CREATE TABLE webhook_attempt (
    delivery_id      uuid        NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
    attempt          integer     NOT NULL,
    account_id       uuid        NOT NULL,
    at               timestamptz NOT NULL,
    http_status      integer,
    latency_ms       integer     NOT NULL,
    error            text,
    answer_protected text,
    PRIMARY KEY (delivery_id, attempt)
);
COMMENT ON COLUMN webhook_attempt.answer_protected IS 'The first 200 bytes of the answer, under the vault: a receiver may echo the message.';
