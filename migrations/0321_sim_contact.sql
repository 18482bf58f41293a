-- Address books and block lists of the simulated WhatsApp (owner: engines/sim): of a number, as long as an account uses it.
CREATE TABLE sim_contact (
    account_id uuid    NOT NULL,
    owner      text    NOT NULL,
    phone      text    NOT NULL,
    first_name text,
    last_name  text,
    is_blocked boolean NOT NULL DEFAULT false,
    PRIMARY KEY (account_id, owner, phone)
);
COMMENT ON COLUMN sim_contact.first_name IS 'NULL: not in the address book.';
