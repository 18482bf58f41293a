-- Instances as people and the REST routes see them (owner: messaging, projection "instance@1"). Rebuilt from the log at will; the
-- number is personal data in clear and disappears with its owner's key at the next rebuild.
CREATE TABLE view_instance (
    instance_id       uuid        PRIMARY KEY,
    account_id        uuid        NOT NULL,
    name              text        NOT NULL,
    created_at        timestamptz NOT NULL,
    trial_ends_at     timestamptz NOT NULL,
    trial_expired     boolean     NOT NULL,
    subscription      jsonb       NOT NULL,
    subscribed_at     timestamptz,
    connection        text        NOT NULL CHECK (connection IN ('disconnected', 'pairing', 'connected', 'lost')),
    number            text,
    connected_at      timestamptz,
    disconnected_at   timestamptz,
    disconnect_reason text,
    webhooks          jsonb       NOT NULL,
    notify_sent_by_me boolean     NOT NULL,
    settings          jsonb       NOT NULL,
    token_protected   text        NOT NULL,
    token_digest      text        NOT NULL,
    sequence          bigint      NOT NULL
);
CREATE INDEX view_instance_account ON view_instance (account_id, created_at);
CREATE INDEX view_instance_number ON view_instance (number) WHERE number IS NOT NULL;
COMMENT ON COLUMN view_instance.subscription IS 'State of the paid side: none, active{plan}, cancelling{plan, ends_at}, ended{ended_at}.';
COMMENT ON COLUMN view_instance.token_protected IS 'Encrypted under the installation key; token_digest is its keyed digest.';
