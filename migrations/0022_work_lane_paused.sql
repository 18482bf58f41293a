-- People pause a lane whatever the world does (owner: event-store): two switches, and work goes on only while both are on.
ALTER TABLE work_lane ADD COLUMN paused boolean NOT NULL DEFAULT false;
DROP INDEX work_lane_due;
CREATE INDEX work_lane_due ON work_lane (topic, due_at) WHERE open AND NOT paused;
COMMENT ON COLUMN work_lane.paused IS 'true: somebody wants the work to wait. Closed lanes of either kind are not in work_lane_due: they cost nothing.';
