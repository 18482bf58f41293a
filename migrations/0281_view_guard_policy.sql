-- What accounts decided about opt-out words, their confirmation and the 24-hour rule (owner: messaging, projection "guards@1"). No row: the
-- defaults.
CREATE TABLE view_guard_policy (
    account_id uuid  PRIMARY KEY,
    rules      jsonb NOT NULL
);
