-- One row per message with status and times, never its text (owner: messaging, projection "message@1").
CREATE TABLE view_message (
    message_id  uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL,
    instance_id uuid        NOT NULL,
    wire_id     text        NOT NULL,
    direction   text        NOT NULL CHECK (direction IN ('in', 'out')),
    kind        text        NOT NULL,
    chat        text,
    chat_digest text        NOT NULL,
    size        bigint      NOT NULL,
    status      text        NOT NULL,
    reason      text,
    custom_id   text,
    attempts    integer     NOT NULL DEFAULT 0,
    accepted_at timestamptz NOT NULL,
    sending_at  timestamptz,
    sent_at     timestamptz,
    received_at timestamptz,
    read_at     timestamptz,
    ended_at    timestamptz
);
CREATE INDEX view_message_instance ON view_message (account_id, instance_id, accepted_at DESC);
CREATE INDEX view_message_wire ON view_message (wire_id);
CREATE INDEX view_message_chat ON view_message (chat) WHERE chat IS NOT NULL;
COMMENT ON COLUMN view_message.chat IS 'The other side in clear; NULL once its key was destroyed and the table rebuilt.';
