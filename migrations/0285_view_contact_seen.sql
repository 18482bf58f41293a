-- Contacts a number has exchanged messages with, by keyed digests only (owner: messaging, projection "contacts_seen@1"). What an instance
-- queued before its first number was linked stands under "instance/<id>" and moves to the number.
CREATE TABLE view_contact_seen (
    account_id    uuid NOT NULL,
    number_digest text NOT NULL,
    chat_digest   text NOT NULL,
    message_id    uuid NOT NULL,
    new_on        date,
    PRIMARY KEY (account_id, number_digest, chat_digest)
);
CREATE INDEX view_contact_seen_new ON view_contact_seen (account_id, number_digest, new_on) WHERE new_on IS NOT NULL;
COMMENT ON COLUMN view_contact_seen.message_id IS 'The first message.';
COMMENT ON COLUMN view_contact_seen.new_on IS 'Day (America/Sao_Paulo) of our first message, where we wrote first; NULL where the contact did.';
