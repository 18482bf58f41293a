-- A projection may be folded by several lanes, be built anew beside the living one, and have retired tables to go back to
-- (owner: event-store). Rows: "x@1" (one lane), "x@1#0" … (several), "x@1/rebuild", "x@1/retired" ("x@1#0/retired" …).
ALTER TABLE projection
    ADD COLUMN base       text     NOT NULL GENERATED ALWAYS AS (split_part(split_part(name, '/', 1), '#', 1)) STORED,
    ADD COLUMN role       text     NOT NULL GENERATED ALWAYS AS (CASE split_part(name, '/', 2) WHEN '' THEN 'live' ELSE split_part(name, '/', 2) END) STORED,
    ADD COLUMN lanes      smallint NOT NULL DEFAULT 1 CHECK (lanes BETWEEN 1 AND 64),
    ADD COLUMN definition text,
    ADD CHECK (role IN ('live', 'rebuild', 'retired'));
COMMENT ON COLUMN projection.base IS 'The projection the row belongs to.';
COMMENT ON COLUMN projection.lanes IS 'How many rows share the work of this projection; aggregates are spread by a hash.';
COMMENT ON COLUMN projection.fence IS 'Raised by everything that puts other tables or other lanes in place: a stepper that read the row before cannot store.';
COMMENT ON COLUMN projection.definition IS 'Digest of the tables'' definition when a rebuild began or tables were retired.';
