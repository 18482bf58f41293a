-- Who is in a group of the simulated WhatsApp, asks to come in, or was invited (owner: engines/sim).
CREATE TABLE sim_group_member (
    group_id   text        NOT NULL REFERENCES sim_group ON DELETE CASCADE,
    phone      text        NOT NULL,
    account_id uuid        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'asking', 'invited')),
    since      timestamptz NOT NULL,
    PRIMARY KEY (group_id, phone)
);
CREATE INDEX sim_group_member_phone ON sim_group_member (account_id, phone);
