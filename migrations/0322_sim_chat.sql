-- What a number did to its chats in the simulated WhatsApp (owner: engines/sim). The chats themselves follow from messages and groups.
CREATE TABLE sim_chat (
    account_id    uuid    NOT NULL,
    owner         text    NOT NULL,
    chat          text    NOT NULL,
    is_archived   boolean NOT NULL DEFAULT false,
    is_pinned     boolean NOT NULL DEFAULT false,
    is_muted      boolean NOT NULL DEFAULT false,
    marked_unread boolean NOT NULL DEFAULT false,
    cleared_seq   bigint  NOT NULL DEFAULT 0,
    deleted_seq   bigint,
    PRIMARY KEY (account_id, owner, chat)
);
COMMENT ON COLUMN sim_chat.cleared_seq IS 'Messages up to this one are not shown any more.';
COMMENT ON COLUMN sim_chat.deleted_seq IS 'The chat itself is not shown until a later message.';
