-- What may be destroyed (owner: event-store): message content until WhatsApp has accepted it, and one key per data subject.
-- Events hold only references and sealed texts.
CREATE TABLE content (
    id         uuid        PRIMARY KEY,
    account_id uuid        NOT NULL,
    ciphertext bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz
);
CREATE INDEX content_expires ON content (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE subject_key (
    subject_id  uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL,
    wrapped_key bytea,
    generation  integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_at   timestamptz,
    CHECK ((wrapped_key IS NULL) = (erased_at IS NOT NULL))
);
CREATE INDEX subject_key_account ON subject_key (account_id);
COMMENT ON COLUMN subject_key.wrapped_key IS 'Encrypted under the installation key; NULL once erased: everything sealed under it is unreadable for ever.';
COMMENT ON COLUMN subject_key.generation IS 'Grows when an erased subject starts again: seals of an earlier generation stay unreadable.';
