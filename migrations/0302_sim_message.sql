-- What the virtual phones hold (owner: engines/sim). The text is encrypted: this is the phones' own storage, not the platform's.
CREATE TABLE sim_message (
    seq              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wire_id          text        NOT NULL,
    account_id       uuid        NOT NULL,
    instance_id      uuid,
    message_id       uuid,
    sender           text        NOT NULL,
    recipient        text        NOT NULL,
    text_protected   text        NOT NULL,
    sent_at          timestamptz NOT NULL,
    delivered_at     timestamptz,
    read_at          timestamptz,
    received_told    boolean     NOT NULL DEFAULT false,
    read_told        boolean     NOT NULL DEFAULT false,
    recipient_told   boolean     NOT NULL DEFAULT false,
    recipient_account uuid,
    UNIQUE (sender, wire_id)
);
CREATE INDEX sim_message_of_recipient ON sim_message (recipient, seq);
CREATE INDEX sim_message_of_sender ON sim_message (sender, seq);
CREATE INDEX sim_message_receipts ON sim_message (instance_id, seq) WHERE instance_id IS NOT NULL AND NOT read_told;
COMMENT ON COLUMN sim_message.instance_id IS 'The session it went out through; NULL when typed on a virtual phone.';
COMMENT ON COLUMN sim_message.received_told IS 'The sending session has had its receipt.';
COMMENT ON COLUMN sim_message.recipient_told IS 'The session linked to the recipient has had the message.';
