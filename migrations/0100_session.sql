-- Who is signed in (owner: accounts). Operational state, not history: the event account.signed_in is the history. Only a keyed
-- digest of the cookie's token is stored, so a copy of this table signs nobody in.
CREATE TABLE session (
    token_hash   text        PRIMARY KEY,
    id           uuid        NOT NULL UNIQUE,
    kind         text        NOT NULL CHECK (kind IN ('user', 'staff')),
    account_id   uuid        NOT NULL,
    person_id    uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX session_person ON session (account_id, person_id);
CREATE INDEX session_expires ON session (expires_at);
COMMENT ON COLUMN session.account_id IS 'The tenant; the operator''s own (nil) for staff.';
COMMENT ON COLUMN session.expires_at IS '14 days after last_seen_at, never more than 60 days after created_at.';
