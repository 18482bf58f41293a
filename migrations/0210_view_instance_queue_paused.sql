-- Queues that people paused (owner: messaging, projection "instance@1").
ALTER TABLE view_instance ADD COLUMN queue_paused boolean NOT NULL DEFAULT false;
