ALTER TABLE recommendation_runs DROP COLUMN mode;
