-- Cheaper appends (owner: event-store). Command ids are only ever looked up by key and swept by age: rows lie in the order of their age, so
-- a block range index does for the sweep. Work without a subject is never looked up by it. Lanes are updated far more often than made:
-- room on their pages keeps the updates off the indexes.
DROP INDEX command_log_at;
CREATE INDEX command_log_at ON command_log USING brin (at);
DROP INDEX work_subject;
CREATE INDEX work_subject ON work (topic, subject) WHERE subject <> '';
ALTER TABLE work_lane SET (fillfactor = 50);
