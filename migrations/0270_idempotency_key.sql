-- Requests with an Idempotency-Key and what was answered (owner: rest). A key is held by one request at a time, under a lease that its
-- process renews; the command id stands here before anything is carried out, so that a repeat after a crash is the same command.
CREATE TABLE idempotency_key (
    scope       uuid        NOT NULL,
    key_digest  text        NOT NULL,
    request     text        NOT NULL,
    body_digest text,
    command_id  uuid        NOT NULL,
    fence       bigint      NOT NULL DEFAULT 1,
    held_until  timestamptz NOT NULL,
    status      integer,
    answer      text,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (scope, key_digest)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
COMMENT ON COLUMN idempotency_key.scope IS 'The instance, or for integrators the account.';
COMMENT ON COLUMN idempotency_key.request IS 'Keyed digest of method, action and query: the same key on another route is refused.';
COMMENT ON COLUMN idempotency_key.body_digest IS 'Keyed digest of the body; NULL until it was read to its end.';
COMMENT ON COLUMN idempotency_key.status IS 'HTTP status of the answer; NULL while the request is being carried out.';
COMMENT ON COLUMN idempotency_key.answer IS 'The body, under the vault: it may hold a token.';
