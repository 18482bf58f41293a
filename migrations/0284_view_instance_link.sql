-- The number last linked to an instance (owner: messaging, projection "contacts_seen@1").
CREATE TABLE view_instance_link (
    instance_id   uuid PRIMARY KEY,
    account_id    uuid NOT NULL,
    number_digest text NOT NULL
);
