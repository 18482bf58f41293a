-- How far each projection or reactor has read (owner: event-store). Moved by compare-and-swap together with its tables.
CREATE TABLE projection (
    name       text        PRIMARY KEY,
    txid       bigint      NOT NULL DEFAULT 0,
    position   bigint      NOT NULL DEFAULT 0,
    fence      bigint      NOT NULL DEFAULT 0,
    status     text        NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'stopped')),
    error      text,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN projection.error IS 'Why it stopped: the poison event is named, never skipped.';
