-- Read model invoices@1, third table (owner: billing): what lowered an invoice, by money or by agreement.
CREATE TABLE view_payment (
    invoice_id  uuid          NOT NULL,
    sequence    bigint        NOT NULL,
    account_id  uuid          NOT NULL,
    kind        text          NOT NULL,
    reference   text          NOT NULL,
    method      text,
    happened_on date          NOT NULL,
    amount      numeric(14,2) NOT NULL,
    credit      numeric(14,2) NOT NULL,
    reason      text,
    recorded_at timestamptz   NOT NULL,
    actor       text          NOT NULL,
    PRIMARY KEY (invoice_id, sequence)
);
CREATE INDEX view_payment_account ON view_payment (account_id);
CREATE INDEX view_payment_day ON view_payment (happened_on);
COMMENT ON COLUMN view_payment.kind IS 'payment or credit_note';
