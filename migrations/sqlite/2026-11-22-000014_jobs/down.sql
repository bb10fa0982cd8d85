ALTER TABLE recommendation_runs ADD COLUMN state TEXT NOT NULL DEFAULT 'failed';
ALTER TABLE recommendation_runs ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recommendation_runs ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recommendation_runs ADD COLUMN total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recommendation_runs ADD COLUMN outcome TEXT;
ALTER TABLE recommendation_runs ADD COLUMN failure TEXT;
ALTER TABLE recommendation_runs ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recommendation_runs ADD COLUMN beat_at BIGINT;
ALTER TABLE recommendation_runs ADD COLUMN ended_at BIGINT;
UPDATE recommendation_runs SET
    state = j.state, attempts = j.attempts, done = j.done, total = j.total, outcome = j.result, failure = j.problem,
    created_at = j.created_at, beat_at = j.beat_at, ended_at = j.ended_at
FROM jobs j WHERE j.id = recommendation_runs.id;
UPDATE recommendation_runs SET state = 'finished' WHERE state = 'succeeded';
UPDATE recommendation_runs SET state = 'failed' WHERE state = 'cancelled';
CREATE UNIQUE INDEX recommendation_runs_under_way ON recommendation_runs ((ended_at IS NULL)) WHERE ended_at IS NULL;
DROP TABLE jobs;
