-- Message streams by the month their message was created in (owner: event-store), so that old months can be archived as a whole. The
-- key stays the optimistic lock: message ids are version 7 UUIDs, so a range of ids is a range of time and all events of one message
-- lie in one partition. Months are made ahead by the servers (crates/event-store/src/partitions).
--
--   events_message_default   what was there before, and ids that carry no time
--   events_message_ahead     months nobody made yet, up to 2100: an append always finds a place
--   events_message_YYYY_MM   a month
--
-- Ids are compared by bytes whatever the collation of the database. Only the index of the key is built again; rows stay where they are.
ALTER TABLE events ALTER COLUMN aggregate_id TYPE text COLLATE "C";

ALTER TABLE events DETACH PARTITION events_message;
ALTER TABLE events_message RENAME TO events_message_default;
ALTER INDEX events_message_pkey RENAME TO events_message_default_pkey;
-- Their names are for people only; which indexes there are is said by `events`.
ALTER INDEX IF EXISTS events_message_txid_global_position_idx RENAME TO events_message_default_txid_global_position_idx;
ALTER INDEX IF EXISTS events_message_account_id_global_position_idx RENAME TO events_message_default_account_id_global_position_idx;
ALTER INDEX IF EXISTS events_message_account_id_txid_global_position_idx RENAME TO events_message_default_account_id_txid_global_position_idx;
ALTER INDEX IF EXISTS events_message_correlation_id_idx RENAME TO events_message_default_correlation_id_idx;
-- Proves to PostgreSQL what is in it, here and whenever a partition is attached again.
ALTER TABLE events_message_default ADD CONSTRAINT events_message_only CHECK (aggregate_type = 'message');

CREATE TABLE events_message (LIKE events_message_default INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (aggregate_id);
CREATE TABLE events_message_ahead (LIKE events_message_default INCLUDING DEFAULTS INCLUDING CONSTRAINTS);

DO $$
DECLARE
    newest text := (SELECT max(aggregate_id) FROM events_message_default WHERE substr(aggregate_id, 15, 1) = '7');
    begins timestamptz := timestamptz '2026-01-01 00:00:00+00';
    first_id text;
    last_id  text := '03bb2cc3-d800';
BEGIN
    -- Months begin after everything that is here: no old row is moved, except the few ids without a time that happen to lie there.
    IF EXISTS (SELECT 1 FROM events_message_default) THEN
        begins := (date_trunc('month', GREATEST(
            clock_timestamp(), to_timestamp(('x' || replace(left(newest, 13), '-', ''))::bit(48)::bigint / 1000.0)
        ) AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
    END IF;
    first_id := lpad(to_hex((extract(epoch FROM begins) * 1000)::bigint), 12, '0');
    first_id := substr(first_id, 1, 8) || '-' || substr(first_id, 9, 4);
    WITH moved AS (
        DELETE FROM events_message_default
         WHERE aggregate_type = 'message' AND aggregate_id >= first_id AND aggregate_id < last_id RETURNING *
    )
    INSERT INTO events_message_ahead SELECT * FROM moved;
    -- With this a new month is attached without reading the old rows.
    EXECUTE format('ALTER TABLE events_message_default ADD CONSTRAINT events_message_elsewhere CHECK (aggregate_id < %L OR aggregate_id >= %L)',
                   first_id, last_id);
    EXECUTE format('ALTER TABLE events_message ATTACH PARTITION events_message_ahead FOR VALUES FROM (%L) TO (%L)', first_id, last_id);
END
$$;

ALTER TABLE events_message ATTACH PARTITION events_message_default DEFAULT;
ALTER TABLE events ATTACH PARTITION events_message FOR VALUES IN ('message');
