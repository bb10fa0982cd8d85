-- Versions of the world tables: how many deals crossed each corridor, and how common everything is among all deals.
CREATE TABLE worlds (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    deals BIGINT NOT NULL,
    flows TEXT NOT NULL,
    base TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    activated_at BIGINT
);
