-- Which of the assignments under the caps a run makes: stable, or max for the greatest total of scores.
ALTER TABLE recommendation_runs ADD COLUMN mode TEXT NOT NULL DEFAULT 'stable';
