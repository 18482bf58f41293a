-- Every piece of work is marked once before it is done (owner: event-store): room on its page keeps that update off the indexes. Both
-- tables are queues, whose dead rows lie exactly where the next look begins: they are cleaned by number, not by share.
ALTER TABLE work SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
ALTER TABLE work_lane SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
