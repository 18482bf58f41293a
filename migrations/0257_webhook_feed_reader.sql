-- Whoever reads the feed asks for the texts of incoming messages (owner: messaging, webhooks).
ALTER TABLE webhook_target ADD COLUMN feed_read_at timestamptz;
COMMENT ON COLUMN webhook_target.feed_read_at IS 'When the feed was last read, to the hour. Not folded from events: written by the readers.';
