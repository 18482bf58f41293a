-- Which chats carry which tags in the simulated WhatsApp (owner: engines/sim).
CREATE TABLE sim_tag_chat (
    account_id uuid    NOT NULL,
    owner      text    NOT NULL,
    tag_id     integer NOT NULL,
    chat       text    NOT NULL,
    PRIMARY KEY (account_id, owner, tag_id, chat),
    FOREIGN KEY (account_id, owner, tag_id) REFERENCES sim_tag ON DELETE CASCADE
);
