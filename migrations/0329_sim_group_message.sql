-- Messages in groups of the simulated WhatsApp (owner: engines/sim). The text is encrypted, as in sim_message.
CREATE TABLE sim_group_message (
    seq            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id       text        NOT NULL REFERENCES sim_group ON DELETE CASCADE,
    wire_id        text        NOT NULL,
    account_id     uuid        NOT NULL,
    sender         text        NOT NULL,
    text_protected text        NOT NULL,
    sent_at        timestamptz NOT NULL,
    UNIQUE (group_id, sender, wire_id)
);
CREATE INDEX sim_group_message_order ON sim_group_message (group_id, seq);
