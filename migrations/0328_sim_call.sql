-- Calls to numbers of the simulated WhatsApp (owner: engines/sim). Nobody ever answers: a call is rejected or rings out.
CREATE TABLE sim_call (
    call_id     text        PRIMARY KEY,
    account_id  uuid        NOT NULL,
    instance_id uuid        NOT NULL,
    caller      text        NOT NULL,
    is_video    boolean     NOT NULL,
    rang_at     timestamptz NOT NULL,
    ended_at    timestamptz,
    is_rejected boolean     NOT NULL DEFAULT false
);
