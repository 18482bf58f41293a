-- When an integrator token was last shown (owner: accounts). Operational, not an event: written at most once a minute and token.
CREATE TABLE partner_token_use (
    token_id     uuid        PRIMARY KEY,
    account_id   uuid        NOT NULL,
    last_used_at timestamptz NOT NULL
);
