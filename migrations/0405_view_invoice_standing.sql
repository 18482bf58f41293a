-- Read model invoices@1 (owner: billing): what is still owed. Built anew from the log by the next start, because rows that exist say
-- nothing about it.
ALTER TABLE view_invoice
    ADD COLUMN late_terms jsonb,
    ADD COLUMN standing   jsonb,
    ADD COLUMN paid_on    date,
    ADD COLUMN open       numeric(14,2) NOT NULL DEFAULT 0;
COMMENT ON COLUMN view_invoice.late_terms IS 'Fine, interest, rounding and tolerance frozen on the invoice; null when there was nothing to pay.';
COMMENT ON COLUMN view_invoice.standing IS 'What became of the amount so far; null when there was nothing to pay.';
COMMENT ON COLUMN view_invoice.open IS 'Principal still owed.';
CREATE INDEX view_invoice_open ON view_invoice (due) WHERE open > 0;
TRUNCATE view_invoice, view_invoice_line;
DELETE FROM projection WHERE base = 'invoices@1';
