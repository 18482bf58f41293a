-- Read model billing_segments@1 (owner: billing): what happened to instances as far as money is concerned, one row per event, so that
-- every invoice line leads back to the events behind it. Segments are folded from it in the domain, because late events reorder them.
CREATE TABLE view_billing_fact (
    account_id  uuid        NOT NULL,
    instance_id uuid        NOT NULL,
    sequence    bigint      NOT NULL,
    txid        bigint      NOT NULL,
    position    bigint      NOT NULL,
    event_type  text        NOT NULL,
    plan        text,
    name        text,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, instance_id, sequence)
);
CREATE INDEX view_billing_fact_occurred ON view_billing_fact (occurred_at);
COMMENT ON COLUMN view_billing_fact.occurred_at IS 'Business time; decides the billing month.';
COMMENT ON COLUMN view_billing_fact.position IS 'With txid the place in the log: a closing knows everything up to its as_of.';
