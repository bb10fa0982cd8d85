ALTER TABLE recommendation_runs DROP COLUMN failure;
