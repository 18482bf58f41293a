-- Read model invoices@1 (owner: billing): one row per invoice, for the customer's list and the finance desk.
CREATE TABLE view_invoice (
    invoice_id  uuid          PRIMARY KEY,
    account_id  uuid          NOT NULL,
    competencia text          NOT NULL,
    revision    integer       NOT NULL,
    number      text          NOT NULL UNIQUE,
    state       text          NOT NULL,
    issued_on   date          NOT NULL,
    issued_at   timestamptz   NOT NULL,
    due         date,
    instances   integer       NOT NULL,
    subtotal    numeric(14,2) NOT NULL,
    discount    numeric(14,2) NOT NULL,
    adjustments numeric(14,2) NOT NULL,
    carried_in  numeric(14,2) NOT NULL,
    credit_used numeric(14,2) NOT NULL,
    total       numeric(14,2) NOT NULL
);
-- The belt to the aggregate's braces: never two living invoices for one month.
CREATE UNIQUE INDEX view_invoice_one_per_month ON view_invoice (account_id, competencia) WHERE state <> 'void';
CREATE INDEX view_invoice_competencia ON view_invoice (competencia);
