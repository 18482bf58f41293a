-- Key hierarchy (owner: event-store, vault). The installation's key (RECADO_MASTER_KEY or master.key) only wraps these data root keys.
-- Generation 0 makes digests, ids and protected secrets, which stand in immutable events, for ever; the newest generation seals
-- content and wraps the subjects' keys. An installation from before this table gets its old key as generation 0 at the next start.
CREATE TABLE vault_root (
    generation  integer     PRIMARY KEY CHECK (generation >= 0),
    wrapped_key bytea       NOT NULL,
    link        bytea,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    retired_at  timestamptz
);
COMMENT ON COLUMN vault_root.wrapped_key IS 'Encrypted under the installation key.';
COMMENT ON COLUMN vault_root.link IS 'Only while a rotation runs: this key encrypted under the generation before, so that running servers, which never see the new installation key, learn it. NULL: the rotation is finished.';
COMMENT ON COLUMN vault_root.retired_at IS 'Nothing new is sealed under it since then.';
