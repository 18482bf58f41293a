-- Voice notes are listened to, and their sender hears of it (owner: engines/sim).
ALTER TABLE sim_message
    ADD COLUMN played_at   timestamptz,
    ADD COLUMN played_told boolean NOT NULL DEFAULT false;
CREATE INDEX sim_message_played ON sim_message (instance_id, seq) WHERE played_at IS NOT NULL AND NOT played_told;
