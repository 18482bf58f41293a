-- Dead letters are listed and counted per topic; living work must not be read for it.
CREATE INDEX work_dead ON work (topic, dead_at) WHERE dead_at IS NOT NULL;
