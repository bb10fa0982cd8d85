-- Rankings that were saved or referred to: whose, what was asked, what it rested on, and the digest of all of it.
CREATE TABLE rankings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    side TEXT NOT NULL,
    profile_id BIGINT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    profile TEXT NOT NULL,
    profile_revision BIGINT NOT NULL,
    input TEXT NOT NULL,
    tables TEXT NOT NULL,
    question TEXT NOT NULL,
    basis TEXT NOT NULL,
    digest TEXT NOT NULL,
    listed INTEGER NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX rankings_profile ON rankings (profile_id, id);

-- The rows of a ranking. They outlive the profiles that they name, of which they hold no more than the id.
CREATE TABLE ranking_rows (
    ranking_id BIGINT NOT NULL REFERENCES rankings (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    profile_id BIGINT NOT NULL,
    profile TEXT NOT NULL,
    revision BIGINT NOT NULL,
    input TEXT NOT NULL,
    score BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (ranking_id, place)
);

-- What the score reads of a revision of a profile, as JSON under its SHA-256; whoever erases the revision erases it.
CREATE TABLE ranking_inputs (
    profile_id BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    digest TEXT NOT NULL,
    input TEXT NOT NULL,
    PRIMARY KEY (profile_id, revision, digest),
    FOREIGN KEY (profile_id, revision) REFERENCES profile_revisions (profile_id, revision) ON DELETE CASCADE
);

-- What the score reads besides profiles: corridors, regions and a version of the world tables, without the day.
CREATE TABLE ranking_tables (
    digest TEXT PRIMARY KEY NOT NULL,
    world_id BIGINT REFERENCES worlds (id) ON DELETE CASCADE,
    tables TEXT NOT NULL
);
