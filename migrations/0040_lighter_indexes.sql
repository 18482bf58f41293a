-- Cheaper appends (owner: event-store). Work without a subject is never looked up by it. Lanes are updated far more often than made: room
-- on their pages keeps the updates off the indexes.
DROP INDEX work_subject;
CREATE INDEX work_subject ON work (topic, subject) WHERE subject <> '';
ALTER TABLE work_lane SET (fillfactor = 50);
