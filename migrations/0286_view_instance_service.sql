-- What the integrator's life cycle adds to an instance: the device asked for at birth, suspension, deletion (owner: messaging, "instance@1").
ALTER TABLE view_instance
    ADD COLUMN device     jsonb       NOT NULL DEFAULT '{}',
    ADD COLUMN suspended  boolean     NOT NULL DEFAULT false,
    ADD COLUMN deleted_at timestamptz;
