-- Runs that make everybody's lists at once; at most one is under way. beat_at is when its node last said that it works on it.
CREATE TABLE recommendation_runs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    started_revision BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    outcome TEXT,
    created_at BIGINT NOT NULL,
    beat_at BIGINT,
    ended_at BIGINT
);
CREATE UNIQUE INDEX recommendation_runs_under_way ON recommendation_runs ((ended_at IS NULL)) WHERE ended_at IS NULL;

-- The list of one profile in a run, as JSON; those of the latest finished run are kept.
CREATE TABLE recommendation_lists (
    run_id BIGINT NOT NULL REFERENCES recommendation_runs (id),
    profile_id BIGINT NOT NULL,
    list TEXT NOT NULL,
    PRIMARY KEY (run_id, profile_id)
);
