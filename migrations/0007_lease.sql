-- Things only one process may be or do at a time: a rebuild, a leader, a server's own name (owner: event-store). A lease is a row
-- with an expiry by the database's clock and a fencing token that only grows, never an open transaction.
CREATE TABLE lease (
    name        text        PRIMARY KEY,
    holder      text        NOT NULL,
    token       bigint      NOT NULL,
    acquired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz NOT NULL
);
COMMENT ON COLUMN lease.token IS 'Grows with every acquisition, also by the same holder: what an earlier one still tries to store is refused.';
