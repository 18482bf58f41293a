-- The opt-out list as people see it (owner: messaging, projection "opt_out@1"). What refuses a message are claims of scope "opted_out";
-- this table is for pages and files. The contact is personal data in clear and disappears with its key.
CREATE TABLE view_opt_out (
    opt_out_id  uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL,
    contact     text,
    digests     text[]      NOT NULL,
    is_out      boolean     NOT NULL,
    source      text        NOT NULL CHECK (source IN ('word', 'hand', 'file')),
    word        text,
    instance_id uuid,
    message_id  uuid,
    wire_id     text,
    recorded_at timestamptz NOT NULL,
    lifted_at   timestamptz
);
CREATE INDEX view_opt_out_account ON view_opt_out (account_id, recorded_at DESC, opt_out_id) WHERE is_out;
COMMENT ON COLUMN view_opt_out.wire_id IS 'Proof: the id of the message on the contact''s own telephone.';
