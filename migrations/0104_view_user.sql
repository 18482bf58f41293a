-- Read model user_list@1 (owner: accounts): people of the accounts, joined to their sessions on every request.
CREATE TABLE view_user (
    user_id    uuid        PRIMARY KEY,
    account_id uuid        NOT NULL,
    name       text        NOT NULL,
    email      text        NOT NULL,
    role       text        NOT NULL,
    locale     text        NOT NULL,
    verified   boolean     NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX view_user_account ON view_user (account_id);
