-- The files that virtual phones hold, in pieces, so that no file is ever whole in memory (owner: engines/sim). Encrypted like their texts.
CREATE TABLE sim_file_part (
    file_id        uuid NOT NULL,
    part           int  NOT NULL,
    part_protected text NOT NULL,
    PRIMARY KEY (file_id, part)
);
COMMENT ON COLUMN sim_file_part.file_id IS 'Made from the account and the digest of the bytes: the same file is kept once.';
