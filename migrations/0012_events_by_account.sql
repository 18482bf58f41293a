-- An account's events in reading order (txid, global_position): the order of time lines, seals and exports. By position alone the
-- seals of an account could not be compared with its events without sorting them.
CREATE INDEX events_by_account_order ON events (account_id, txid, global_position);
DROP INDEX events_by_account;
