-- One row: what this installation is (owner: server). The check value tells a wrong installation key before it damages anything.
CREATE TABLE installation (
    only_one   boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    key_check  text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
