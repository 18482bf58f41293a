-- The virtual phones of the simulated WhatsApp (owner: engines/sim).
CREATE TABLE sim_phone (
    number     text        PRIMARY KEY,
    account_id uuid,
    is_on      boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL
);
COMMENT ON COLUMN sim_phone.account_id IS 'Whose simulator page made it appear first; NULL: the command line.';
COMMENT ON COLUMN sim_phone.is_on IS 'A phone that is off gets its messages when it is switched on.';
