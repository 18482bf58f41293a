-- What people of the simulated WhatsApp show of themselves (owner: engines/sim). A number without a row shows what is made up from its digits.
CREATE TABLE sim_profile (
    number  text PRIMARY KEY,
    name    text,
    about   text,
    picture text
);
COMMENT ON COLUMN sim_profile.picture IS 'An http(s) address, or a data URL of at most 512 KiB.';
