-- Long runs: leased by a node that says again and again that it works on them. Of those with the same word in "alone" at
-- most one is under way.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    alone TEXT,
    input TEXT NOT NULL,
    state TEXT NOT NULL,
    cancel_requested BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    holder TEXT,
    beat_at BIGINT,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    result TEXT,
    problem TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE UNIQUE INDEX jobs_alone ON jobs (alone) WHERE ended_at IS NULL;
CREATE INDEX jobs_under_way ON jobs (id) WHERE ended_at IS NULL;
CREATE INDEX jobs_kind ON jobs (kind, state, id);

-- A recommendation run is a job of the same number; how it stands is read there.
INSERT INTO jobs (id, public_id, kind, alone, input, state, cancel_requested, attempts, beat_at, done, total, result,
                  problem, created_at, started_at, ended_at)
SELECT id, 'job' || substr(public_id, 4), 'recommend', 'recommend', '{"run":"' || public_id || '"}',
       CASE state WHEN 'finished' THEN 'succeeded' ELSE state END, FALSE, attempts, beat_at, done, total, outcome,
       failure, created_at, CASE WHEN attempts > 0 THEN created_at END, ended_at
FROM recommendation_runs;
DROP INDEX recommendation_runs_under_way;
ALTER TABLE recommendation_runs DROP COLUMN state;
ALTER TABLE recommendation_runs DROP COLUMN attempts;
ALTER TABLE recommendation_runs DROP COLUMN done;
ALTER TABLE recommendation_runs DROP COLUMN total;
ALTER TABLE recommendation_runs DROP COLUMN outcome;
ALTER TABLE recommendation_runs DROP COLUMN failure;
ALTER TABLE recommendation_runs DROP COLUMN created_at;
ALTER TABLE recommendation_runs DROP COLUMN beat_at;
ALTER TABLE recommendation_runs DROP COLUMN ended_at;
