DROP INDEX invitations_sent;
DROP INDEX organisations_skeleton;
ALTER TABLE organisations DROP COLUMN suspension_reason;
ALTER TABLE organisations DROP COLUMN approved_at;
ALTER TABLE organisations DROP COLUMN name_skeleton;
