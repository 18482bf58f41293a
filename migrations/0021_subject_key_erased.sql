-- Processes forget cached keys of erased subjects by asking for the latest erasures every few seconds (owner: event-store, vault).
-- Database clock, and never cleared: a subject that comes back starts with a new key, the old one must be forgotten all the same.
ALTER TABLE subject_key ADD COLUMN last_erased_at timestamptz;
CREATE INDEX subject_key_last_erased ON subject_key (last_erased_at) WHERE last_erased_at IS NOT NULL;
