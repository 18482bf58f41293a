-- Warm-up, 24-hour rule and checked items of one instance (owner: messaging, projection "guards@1"). No row: the defaults.
CREATE TABLE view_instance_guard (
    instance_id   uuid        PRIMARY KEY,
    account_id    uuid        NOT NULL,
    warm_up       text        NOT NULL DEFAULT 'advise' CHECK (warm_up IN ('off', 'advise', 'enforce')),
    plan          jsonb,
    qr_rule       text        CHECK (qr_rule IN ('off', 'advise', 'enforce')),
    registered_at timestamptz,
    checked       jsonb       NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN view_instance_guard.checked IS 'Item to {"at": moment, "by": actor}.';
