-- What the simulated servers have yet to tell a session beside messages: presence, calls, changes of groups (owner: engines/sim).
CREATE TABLE sim_notice (
    seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instance_id uuid        NOT NULL,
    account_id  uuid        NOT NULL,
    key         text        NOT NULL,
    at          timestamptz NOT NULL,
    notice      jsonb       NOT NULL,
    UNIQUE (instance_id, key)
);
COMMENT ON TABLE sim_notice IS 'A row goes when it was told.';
