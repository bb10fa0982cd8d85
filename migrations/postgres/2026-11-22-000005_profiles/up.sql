-- Profiles of startups and investors. The facts lie in profile_revisions; what lists sort and filter by is copied here.
CREATE TABLE profiles (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    external_id TEXT,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    version BIGINT NOT NULL,
    demo BOOLEAN NOT NULL,
    claimable BOOLEAN NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    amount_min_usd BIGINT,
    amount_max_usd BIGINT,
    founded BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,
    confirmed_at BIGINT,
    reminded_at BIGINT,
    UNIQUE (kind, organisation_id, external_id)
);
CREATE INDEX profiles_by_update ON profiles (kind, state, updated_at, id);
CREATE INDEX profiles_by_creation ON profiles (kind, state, created_at, id);
CREATE INDEX profiles_by_name ON profiles (kind, state, name_folded, id);
CREATE INDEX profiles_organisation ON profiles (organisation_id, id);

-- Every revision of the facts, as JSON, for good.
CREATE TABLE profile_revisions (
    profile_id BIGINT NOT NULL REFERENCES profiles (id),
    revision BIGINT NOT NULL,
    facts TEXT NOT NULL,
    changed TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT,
    PRIMARY KEY (profile_id, revision)
);

-- The deals of an investor from that revision of its facts on, as JSON.
CREATE TABLE portfolios (
    profile_id BIGINT NOT NULL REFERENCES profiles (id),
    revision BIGINT NOT NULL,
    deals TEXT NOT NULL,
    deal_count INTEGER NOT NULL,
    PRIMARY KEY (profile_id, revision)
);

-- Personal data: nowhere else, so that erasure deletes it here.
CREATE TABLE profile_contacts (
    profile_id BIGINT PRIMARY KEY NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    contact TEXT NOT NULL
);

-- What others have verified or calibrated, as JSON.
CREATE TABLE profile_assessments (
    profile_id BIGINT PRIMARY KEY NOT NULL REFERENCES profiles (id),
    assessment TEXT NOT NULL
);

-- Who says that an imported profile is theirs.
CREATE TABLE profile_claims (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    profile_id BIGINT NOT NULL REFERENCES profiles (id),
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
);
CREATE INDEX profile_claims_state ON profile_claims (state, id);
CREATE UNIQUE INDEX profile_claims_open ON profile_claims (profile_id, organisation_id) WHERE state = 'open';

-- The words of name, one-liner and description, and where each stands at best: 3, 2, 1.
CREATE TABLE profile_tokens (
    profile_id BIGINT NOT NULL REFERENCES profiles (id),
    token TEXT COLLATE "C" NOT NULL,
    weight INTEGER NOT NULL,
    PRIMARY KEY (profile_id, token)
);
CREATE INDEX profile_tokens_token ON profile_tokens (token, profile_id);

-- The coded facts that lists filter by.
CREATE TABLE profile_facets (
    profile_id BIGINT NOT NULL REFERENCES profiles (id),
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (profile_id, facet, value)
);
CREATE INDEX profile_facets_value ON profile_facets (facet, value, profile_id);
