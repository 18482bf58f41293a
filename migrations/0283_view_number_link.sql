-- Since when an account has a number linked: the age of the link for the warm-up (owner: messaging, projection "contacts_seen@1").
CREATE TABLE view_number_link (
    account_id      uuid        NOT NULL,
    number_digest   text        NOT NULL,
    first_linked_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, number_digest)
);
