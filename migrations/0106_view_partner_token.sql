-- Integrator tokens of accounts, for the panel (owner: accounts, projection "partner_tokens@1"). The token itself is nowhere: events hold its
-- keyed digest, the claim finds the account by it.
CREATE TABLE view_partner_token (
    token_id   uuid        PRIMARY KEY,
    account_id uuid        NOT NULL,
    name       text        NOT NULL,
    tail       text        NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX view_partner_token_account ON view_partner_token (account_id, created_at);
COMMENT ON COLUMN view_partner_token.tail IS 'The last four characters, so that people tell their tokens apart.';
