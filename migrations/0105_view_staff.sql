-- Read model staff_list@1 (owner: accounts): the operator's people, joined to their sessions on every request.
CREATE TABLE view_staff (
    staff_id   uuid        PRIMARY KEY,
    email      text        NOT NULL,
    role       text        NOT NULL,
    locale     text        NOT NULL,
    created_at timestamptz NOT NULL
);
