-- Names that look alike share a skeleton; what an admin says of a suspension stays out of the event log.
ALTER TABLE organisations ADD COLUMN name_skeleton TEXT NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN approved_at BIGINT;
ALTER TABLE organisations ADD COLUMN suspension_reason TEXT;
CREATE INDEX organisations_skeleton ON organisations (name_skeleton);
CREATE INDEX invitations_sent ON invitations (organisation_id, created_at);
