-- The simulated WhatsApp's sessions, one per instance (owner: engines/sim). Nothing here is real WhatsApp.
CREATE TABLE sim_session (
    instance_id      uuid        PRIMARY KEY,
    account_id       uuid        NOT NULL,
    secret_protected text        NOT NULL,
    state            text        NOT NULL CHECK (state IN ('idle', 'pairing', 'online', 'offline')),
    phone            text,
    linked_at        timestamptz,
    generation       bigint      NOT NULL,
    CHECK ((state IN ('online', 'offline')) = (phone IS NOT NULL)),
    CHECK ((phone IS NULL) = (linked_at IS NULL))
);
CREATE UNIQUE INDEX sim_session_phone ON sim_session (phone) WHERE phone IS NOT NULL;
CREATE INDEX sim_session_account ON sim_session (account_id);
COMMENT ON COLUMN sim_session.generation IS 'Grows with every change: changes are made by compare-and-swap, and it tells session events apart.';
COMMENT ON COLUMN sim_session.secret_protected IS 'QR codes are made from it; a new one for every pairing.';
