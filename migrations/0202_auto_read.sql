-- Instances whose incoming messages are marked read at once (owner: messaging, reactor "auto_read@1").
CREATE TABLE auto_read (
    instance_id uuid PRIMARY KEY,
    account_id  uuid NOT NULL
);
