-- The circuit of each receiver that is not well, shared by every process (owner: messaging, webhooks). A receiver without a row is well.
CREATE TABLE webhook_destination (
    account_id  uuid        NOT NULL,
    origin      text        NOT NULL,
    failures    integer     NOT NULL DEFAULT 0,
    open_since  timestamptz,
    rounds      integer     NOT NULL DEFAULT 0,
    retry_at    timestamptz,
    probe_until timestamptz,
    PRIMARY KEY (account_id, origin)
);
COMMENT ON COLUMN webhook_destination.origin IS 'Scheme, host and port of the URL.';
COMMENT ON COLUMN webhook_destination.failures IS 'Calls in a row that found nobody or a 5xx.';
COMMENT ON COLUMN webhook_destination.rounds IS 'Probes that failed since it opened: each makes the next pause longer.';
COMMENT ON COLUMN webhook_destination.probe_until IS 'One call is finding out; nobody else may before this moment.';
