-- Durable work: send queue, webhook outbox, e-mails, timers (owner: event-store). A lane is worked on in order, by one holder at
-- a time; leases are rows with an expiry and a fencing token, never open transactions.
CREATE TABLE work (
    id         uuid        PRIMARY KEY,
    seq        bigint      GENERATED ALWAYS AS IDENTITY,
    topic      text        NOT NULL,
    lane       text        NOT NULL,
    account_id uuid        NOT NULL,
    subject    text        NOT NULL DEFAULT '',
    payload    jsonb       NOT NULL,
    due_at     timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts   integer     NOT NULL DEFAULT 0,
    last_error text,
    dead_at    timestamptz
);
CREATE INDEX work_lane_order ON work (topic, lane, seq) WHERE dead_at IS NULL;
CREATE INDEX work_subject ON work (topic, subject);
COMMENT ON COLUMN work.dead_at IS 'Given up: kept for people to look at, out of the lane.';

CREATE TABLE work_lane (
    topic        text        NOT NULL,
    lane         text        NOT NULL,
    open         boolean     NOT NULL DEFAULT true,
    due_at       timestamptz NOT NULL,
    not_before   timestamptz NOT NULL DEFAULT '-infinity',
    signals      bigint      NOT NULL DEFAULT 1,
    fence        bigint      NOT NULL DEFAULT 0,
    leased_by    text,
    leased_until timestamptz,
    PRIMARY KEY (topic, lane)
);
CREATE INDEX work_lane_due ON work_lane (topic, due_at) WHERE open;
COMMENT ON COLUMN work_lane.open IS 'false: work waits, e.g. the instance is disconnected.';
COMMENT ON COLUMN work_lane.signals IS 'Grows with every new piece of work, so that a holder who found the lane empty cannot overlook one that just came.';
