-- Read model invoices@1, second table (owner: billing): the printed lines of an invoice, in order.
CREATE TABLE view_invoice_line (
    invoice_id  uuid          NOT NULL,
    line_no     integer       NOT NULL,
    line_id     uuid          NOT NULL UNIQUE,
    account_id  uuid          NOT NULL,
    kind        text          NOT NULL,
    instance_id uuid,
    reference   text          NOT NULL,
    amount      numeric(14,2) NOT NULL,
    line        jsonb         NOT NULL,
    PRIMARY KEY (invoice_id, line_no)
);
CREATE INDEX view_invoice_line_account ON view_invoice_line (account_id);
COMMENT ON COLUMN view_invoice_line.line IS 'The whole line: parts by plan and price, and the events behind it.';
