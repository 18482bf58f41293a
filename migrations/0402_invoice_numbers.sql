-- Invoice numbers YYYY-NNNNNN without gaps per issuer and year (owner: billing). Not a read model: a number is reserved under an
-- advisory lock before the invoice is issued; a retry finds its reservation. A voided invoice's number stays used.
CREATE TABLE invoice_numbers (
    issuer      text        NOT NULL,
    year        integer     NOT NULL,
    seq         integer     NOT NULL CHECK (seq > 0),
    invoice_id  uuid        NOT NULL UNIQUE,
    reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (issuer, year, seq)
);
