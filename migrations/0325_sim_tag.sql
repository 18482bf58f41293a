-- Tags of the simulated WhatsApp Business (owner: engines/sim).
CREATE TABLE sim_tag (
    account_id uuid    NOT NULL,
    owner      text    NOT NULL,
    tag_id     integer NOT NULL,
    name       text    NOT NULL,
    color      integer NOT NULL,
    PRIMARY KEY (account_id, owner, tag_id)
);
