-- Read model billing_months@1 (owner: billing): every closing of an account's month with all it was decided from.
CREATE TABLE view_billing_month (
    account_id  uuid          NOT NULL,
    competencia text          NOT NULL,
    revision    integer       NOT NULL,
    ordinal     integer       NOT NULL,
    invoice_id  uuid,
    instances   integer       NOT NULL,
    total       numeric(14,2) NOT NULL,
    state       text          NOT NULL,
    closed_at   timestamptz   NOT NULL,
    closed_by   text          NOT NULL,
    closing     jsonb         NOT NULL,
    PRIMARY KEY (account_id, competencia, revision)
);
CREATE UNIQUE INDEX view_billing_month_chain ON view_billing_month (account_id, ordinal);
CREATE INDEX view_billing_month_competencia ON view_billing_month (competencia);
COMMENT ON COLUMN view_billing_month.ordinal IS 'The account''s closings in the order they were made; credit and carried amounts pass along it.';
COMMENT ON COLUMN view_billing_month.closing IS 'The event account_month.closed: lines, settings, as_of.';
