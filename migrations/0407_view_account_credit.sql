-- Read model invoices@1, fourth table (owner: billing): credit an account was given outside of closings (over-payments, credit notes of
-- paid invoices, credit used by an invoice that was voided). A closing takes up what lies between the one before it and itself.
CREATE TABLE view_account_credit (
    account_id uuid          NOT NULL,
    txid       bigint        NOT NULL,
    position   bigint        NOT NULL,
    invoice_id uuid          NOT NULL,
    amount     numeric(14,2) NOT NULL,
    PRIMARY KEY (account_id, txid, position)
);
