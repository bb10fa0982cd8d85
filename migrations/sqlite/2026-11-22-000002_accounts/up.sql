-- People. What names a person or reaches one lies in people_private only, so that erasure deletes it there.
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    admin BOOLEAN NOT NULL,
    verified_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE people_private (
    person_id BIGINT PRIMARY KEY NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    name TEXT,
    password_hash TEXT NOT NULL
);

-- Organisations and who belongs to them.
CREATE TABLE organisations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    approver BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    country TEXT,
    website TEXT,
    demo BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX organisations_state ON organisations (state, id);
CREATE INDEX organisations_name ON organisations (name_folded);
CREATE TABLE memberships (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organisation_id, person_id)
);
CREATE INDEX memberships_person ON memberships (person_id);
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    invited_by BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX invitations_organisation ON invitations (organisation_id, id);
CREATE TABLE invitations_private (
    invitation_id BIGINT PRIMARY KEY NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL
);
CREATE INDEX invitations_private_email ON invitations_private (email_folded);
