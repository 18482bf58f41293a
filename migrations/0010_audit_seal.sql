-- The sealed chain (owner: event-store, projection audit_seal@1, docs/audit.md). One row per account and batch: the SHA-256 of every
-- event, chained in reading order, under a MAC of the installation's key. Never rebuilt: it would seal whatever stands there now.
CREATE TABLE audit_seal (
    account_id     uuid        NOT NULL,
    first_ordinal  bigint      NOT NULL CHECK (first_ordinal > 0),
    count          bigint      NOT NULL CHECK (count > 0),
    first_txid     bigint      NOT NULL,
    first_position bigint      NOT NULL,
    last_txid      bigint      NOT NULL,
    last_position  bigint      NOT NULL,
    recorded_from  timestamptz NOT NULL,
    recorded_to    timestamptz NOT NULL,
    leaves         bytea       NOT NULL CHECK (octet_length(leaves) = 32 * count),
    previous_head  bytea       NOT NULL CHECK (octet_length(previous_head) = 32),
    head           bytea       NOT NULL CHECK (octet_length(head) = 32),
    mac            bytea       NOT NULL CHECK (octet_length(mac) = 32),
    sealed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account_id, first_ordinal)
);
-- Hashes do not compress.
ALTER TABLE audit_seal ALTER COLUMN leaves SET STORAGE EXTERNAL;

COMMENT ON COLUMN audit_seal.first_ordinal IS 'The account''s events are numbered 1, 2, 3 … in reading order.';
COMMENT ON COLUMN audit_seal.first_txid IS 'Where the first event stands. Places are not sealed: a repair after a restored dump may rewrite them, here as well.';
COMMENT ON COLUMN audit_seal.recorded_from IS 'Earliest and latest recorded_at among the events, to find a period.';
COMMENT ON COLUMN audit_seal.leaves IS '32 bytes per event.';
