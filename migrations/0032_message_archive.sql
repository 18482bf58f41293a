-- Months of message events that were moved out of the log (owner: event-store). The table of a month that is detached but not dropped
-- lies in the schema `archive`; a dropped one lives in its file alone.
CREATE SCHEMA archive;

CREATE TABLE message_archive (
    month         text        PRIMARY KEY CHECK (month ~ '^\d{4}-\d{2}$'),
    first_id      text        COLLATE "C" NOT NULL,
    until_id      text        COLLATE "C" NOT NULL,
    state         text        NOT NULL CHECK (state IN ('writing', 'written', 'detached', 'dropped', 'restoring')),
    file          text,
    sha256        text,
    accounts      bigint      NOT NULL DEFAULT 0,
    messages      bigint      NOT NULL DEFAULT 0,
    events        bigint      NOT NULL DEFAULT 0,
    event_types   text[]      NOT NULL DEFAULT '{}',
    last_txid     bigint      NOT NULL DEFAULT 0,
    last_position bigint      NOT NULL DEFAULT 0,
    begun_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    detached_at   timestamptz,
    dropped_at    timestamptz,
    CHECK ((state IN ('detached', 'dropped', 'restoring')) <= (file IS NOT NULL AND sha256 IS NOT NULL))
);
CREATE INDEX message_archive_range ON message_archive (first_id, until_id);
COMMENT ON COLUMN message_archive.first_id IS 'The month as a range of ids, [first_id, until_id).';
COMMENT ON COLUMN message_archive.event_types IS 'A read model that wants one of them cannot be built anew from the log alone.';
COMMENT ON COLUMN message_archive.last_txid IS 'With last_position the place of the newest event that was written to the file.';
