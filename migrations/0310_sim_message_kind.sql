-- Virtual phones hold every kind of message, not only texts (owner: engines/sim). Reactions, votes, edits and deletions are rows of their
-- own about another message: they travel, arrive and are told in order like everything else, and what a phone shows is read from them.
ALTER TABLE sim_message
    ADD COLUMN kind              text    NOT NULL DEFAULT 'text',
    ADD COLUMN content_protected text,
    ADD COLUMN about             text,
    ADD COLUMN reply_to          text,
    ADD COLUMN forwarded         boolean NOT NULL DEFAULT false,
    ADD COLUMN hidden            boolean NOT NULL DEFAULT false;
CREATE INDEX sim_message_about ON sim_message (about, seq) WHERE about IS NOT NULL;
COMMENT ON COLUMN sim_message.text_protected IS 'The text, or what is read of it in a list of chats: a caption, a question, an emoji.';
COMMENT ON COLUMN sim_message.content_protected IS 'The whole content as JSON, encrypted; NULL for a plain text.';
COMMENT ON COLUMN sim_message.about IS 'WhatsApp id of the message that this reaction, vote, edit or deletion is about; NULL for what has a bubble of its own.';
COMMENT ON COLUMN sim_message.hidden IS 'Deleted by its recipient, on its own phone only.';
