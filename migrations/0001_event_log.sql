-- The event log (owner: event-store). It keeps every column of postgres-es so that its repository reads our streams; the rest is
-- what an audit needs. Readers order by (txid, global_position) below the snapshot horizon: position alone loses rows.
CREATE SEQUENCE event_position;

CREATE TABLE events (
    global_position bigint      NOT NULL DEFAULT nextval('event_position'),
    txid            bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    account_id      uuid        NOT NULL,
    aggregate_type  text        NOT NULL,
    aggregate_id    text        NOT NULL,
    sequence        bigint      NOT NULL CHECK (sequence > 0),
    event_type      text        NOT NULL,
    event_version   text        NOT NULL,
    payload         jsonb       NOT NULL,
    metadata        jsonb       NOT NULL DEFAULT '{}'::jsonb,
    actor           text        NOT NULL,
    door            text        NOT NULL,
    command_id      uuid        NOT NULL,
    correlation_id  uuid        NOT NULL,
    causation_id    uuid,
    occurred_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
) PARTITION BY LIST (aggregate_type);

-- Message streams are many and short: apart from the rest, so that old months can be archived.
CREATE TABLE events_message PARTITION OF events FOR VALUES IN ('message');
CREATE TABLE events_other PARTITION OF events DEFAULT;

CREATE INDEX events_read_order ON events (txid, global_position);
CREATE INDEX events_by_account ON events (account_id, global_position);
CREATE INDEX events_by_correlation ON events (correlation_id);

COMMENT ON COLUMN events.account_id IS 'The tenant; every query is scoped by it.';
COMMENT ON COLUMN events.occurred_at IS 'Business time; recorded_at is when the log learnt of it.';

-- A command id is carried out at most once per account. Pruned after some days.
CREATE TABLE command_log (
    account_id     uuid        NOT NULL,
    command_id     uuid        NOT NULL,
    aggregate_type text        NOT NULL,
    aggregate_id   text        NOT NULL,
    last_sequence  bigint      NOT NULL,
    at             timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account_id, command_id)
);
CREATE INDEX command_log_at ON command_log (at);

-- Set-based uniqueness decided in the append itself: an e-mail, a live phone number, an invoice number.
CREATE TABLE claim (
    scope      text        NOT NULL,
    key        text        NOT NULL,
    owner      text        NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (scope, key)
);
COMMENT ON COLUMN claim.key IS 'A keyed digest when the value is personal data.';
