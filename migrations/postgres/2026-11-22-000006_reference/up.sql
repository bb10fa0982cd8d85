-- Every revision of what is said of a corridor; the highest one of a pair counts.
CREATE TABLE corridor_revisions (
    home TEXT NOT NULL,
    market TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    regulation INTEGER CHECK (regulation BETWEEN 0 AND 1000000),
    ip INTEGER CHECK (ip BETWEEN 0 AND 1000000),
    treaty INTEGER CHECK (treaty BETWEEN 0 AND 1000000),
    culture INTEGER CHECK (culture BETWEEN 0 AND 1000000),
    favoured TEXT NOT NULL,
    prohibited BOOLEAN NOT NULL,
    prohibited_sectors TEXT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    event_id BIGINT NOT NULL REFERENCES events (id),
    revised_at BIGINT NOT NULL,
    PRIMARY KEY (home, market, revision),
    CHECK (home <> market)
);

-- US dollars for one unit of a currency from a day on (days since 1970); the highest revision of a day counts.
CREATE TABLE exchange_rates (
    currency TEXT NOT NULL,
    day INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    usd_per_unit TEXT NOT NULL,
    status TEXT NOT NULL,
    event_id BIGINT NOT NULL REFERENCES events (id),
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (currency, day, revision)
);
