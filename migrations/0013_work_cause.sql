-- Work passes on what it follows from, so that the events it leads to lead back to their cause.
ALTER TABLE work ADD COLUMN correlation_id uuid, ADD COLUMN causation_id uuid;
CREATE INDEX work_by_correlation ON work (correlation_id) WHERE correlation_id IS NOT NULL;
COMMENT ON COLUMN work.correlation_id IS 'The story the work belongs to; NULL when it follows from no command.';
COMMENT ON COLUMN work.causation_id IS 'The command it follows from.';
