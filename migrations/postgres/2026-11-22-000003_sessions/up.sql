-- Sessions: a session is one family of refresh tokens. An ended one stays, so that its tokens are known as such.
CREATE TABLE sessions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_person ON sessions (person_id, id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Refresh tokens by their SHA-256; a used one stays until its session is pruned, so that its reuse is noticed.
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY NOT NULL,
    session_id BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- What was mailed to somebody to prove the address. The token itself is derived from the row when the mail is written.
CREATE TABLE mailed_tokens (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX mailed_tokens_person ON mailed_tokens (person_id, purpose, created_at);

-- The keys that sign access tokens: published from created_at, signing from activated_at, gone at retired_at.
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    secret TEXT NOT NULL,
    public TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    activated_at BIGINT NOT NULL,
    retired_at BIGINT
);

-- How far each follower of the event log has come.
CREATE TABLE followers (
    name TEXT PRIMARY KEY NOT NULL,
    revision BIGINT NOT NULL
);

-- Mails that an event calls for, once each.
CREATE TABLE mail_deliveries (
    event_id BIGINT PRIMARY KEY NOT NULL REFERENCES events (id),
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL
);
CREATE INDEX mail_deliveries_due ON mail_deliveries (state, next_at);
