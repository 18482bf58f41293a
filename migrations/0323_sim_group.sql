-- Groups of the simulated WhatsApp (owner: engines/sim). A group belongs to the account that made it: tenants never meet in one.
CREATE TABLE sim_group (
    group_id            text        PRIMARY KEY,
    account_id          uuid        NOT NULL,
    subject             text        NOT NULL,
    subject_at          timestamptz NOT NULL,
    subject_by          text        NOT NULL,
    description         text        NOT NULL DEFAULT '',
    picture             text,
    owner               text        NOT NULL,
    created_at          timestamptz NOT NULL,
    invite_code         text        NOT NULL,
    admin_only_message  boolean     NOT NULL DEFAULT false,
    admin_only_settings boolean     NOT NULL DEFAULT false,
    admin_approval      boolean     NOT NULL DEFAULT false,
    admin_only_add      boolean     NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX sim_group_invite ON sim_group (invite_code);
