-- Work that must wait in the middle remembers how far it got (owner: event-store), so that nobody sleeps over it.
ALTER TABLE work ADD COLUMN step smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN work.step IS 'What the handler said when it asked to be called again; 0 at the beginning. Its meaning is the handler''s own.';
