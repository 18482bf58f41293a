-- Single-use links sent by e-mail (owner: accounts): proof of an address (48 h), new password (2 h). Operational state. Only a keyed
-- digest of the token is stored. A row without an account is left by a refused registration and opens nothing.
CREATE TABLE link_token (
    token_hash text        PRIMARY KEY,
    purpose    text        NOT NULL CHECK (purpose IN ('verify', 'reset')),
    kind       text        NOT NULL CHECK (kind IN ('user', 'staff')),
    account_id uuid        NOT NULL,
    person_id  uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX link_token_person ON link_token (account_id, person_id);
CREATE INDEX link_token_expires ON link_token (expires_at);
