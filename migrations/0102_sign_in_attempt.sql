-- Counted attempts (owner: accounts): wrong passwords per e-mail and per address of origin, mails asked for per e-mail. Operational
-- state, swept after a day. Keys are keyed digests.
CREATE TABLE sign_in_attempt (
    id    uuid        PRIMARY KEY,
    scope text        NOT NULL CHECK (scope IN ('email', 'ip', 'mail')),
    key   text        NOT NULL,
    at    timestamptz NOT NULL
);
CREATE INDEX sign_in_attempt_key ON sign_in_attempt (scope, key, at DESC);
CREATE INDEX sign_in_attempt_at ON sign_in_attempt (at);
