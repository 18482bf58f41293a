-- Where readers may read to, and what a new event is stamped with (owner: event-store). Both are PostgreSQL's own transaction ids, plus
-- an offset that is zero until the log is restored from a dump into a cluster that counts from further back: then `recado log repair`
-- replaces both functions by ones with an offset, so that new events come after the old ones. Stored positions never change.
-- Readers use log_horizon(), never pg_snapshot_xmin() itself. PostgreSQL inlines both: they cost nothing.
CREATE FUNCTION log_horizon() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 0 $$;
CREATE FUNCTION log_txid() RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT pg_current_xact_id()::text::bigint + 0 $$;

ALTER TABLE events ALTER COLUMN txid SET DEFAULT log_txid();

-- What was done to the log's clock, for people who wonder.
CREATE TABLE log_repair (
    repaired_at  timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
    newest_txid  bigint      NOT NULL,
    cluster_txid bigint      NOT NULL,
    txid_offset  bigint      NOT NULL
);
COMMENT ON TABLE log_repair IS 'The log ended at newest_txid, the cluster stood at cluster_txid; since then txid_offset is added.';
