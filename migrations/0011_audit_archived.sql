-- Which sealed events were moved into an archive by ourselves (owner: event-store): their absence is no removal. One bit per event of
-- the seal with the same key, under a MAC of the installation's key.
CREATE TABLE audit_archived (
    account_id    uuid   NOT NULL,
    first_ordinal bigint NOT NULL,
    bits          bytea  NOT NULL,
    mac           bytea  NOT NULL CHECK (octet_length(mac) = 32),
    PRIMARY KEY (account_id, first_ordinal),
    FOREIGN KEY (account_id, first_ordinal) REFERENCES audit_seal (account_id, first_ordinal)
);
COMMENT ON COLUMN audit_archived.bits IS 'Bit n (lowest first in each byte) stands for event first_ordinal + n.';
