-- Read model account_list@1 (owner: accounts): one row per account, for the account page, the support desk's search and the REST
-- API's Client-Token check. Holds personal data in clear: emptied when the owner's key is destroyed.
CREATE TABLE view_account (
    account_id          uuid        PRIMARY KEY,
    name                text        NOT NULL,
    name_folded         text        NOT NULL,
    email               text        NOT NULL,
    email_digest        text        NOT NULL,
    document            text,
    locale              text        NOT NULL,
    status              text        NOT NULL CHECK (status IN ('unverified', 'active')),
    client_token_active boolean     NOT NULL DEFAULT false,
    client_token_digest text        NOT NULL,
    created_at          timestamptz NOT NULL,
    verified_at         timestamptz,
    last_sign_in_at     timestamptz
);
CREATE INDEX view_account_email_digest ON view_account (email_digest);
CREATE INDEX view_account_name ON view_account (name_folded);
CREATE INDEX view_account_created ON view_account (created_at);
COMMENT ON COLUMN view_account.name_folded IS 'Lower case without accents, folded by us: the database''s own lower() depends on its locale.';
COMMENT ON COLUMN view_account.document IS 'CPF or CNPJ without mask.';
