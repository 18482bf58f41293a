-- Which files lie in the content store (owner: messaging::media). Key and description of a file are a sealed row of `content` under
-- `media_id` (or `copy_id`, kept for the webhook of our own message): a file without either is garbage.
CREATE TABLE media_file (
    file_id     uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL,
    media_id    uuid        NOT NULL,
    copy_id     uuid        NOT NULL,
    message_id  uuid,
    created_at  timestamptz NOT NULL,
    check_after timestamptz NOT NULL
);
CREATE INDEX media_file_check ON media_file (check_after);
CREATE INDEX media_file_media ON media_file (media_id);
CREATE INDEX media_file_message ON media_file (message_id) WHERE message_id IS NOT NULL;
COMMENT ON COLUMN media_file.check_after IS 'When the sweep looks whether anybody still holds its key.';
