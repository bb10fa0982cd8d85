-- Startups as they are scanned: everything that depends on no investor is worked out here, once.
-- Every market that a startup has something in, and 0 for all the others.
CREATE TABLE named AS
    SELECT id AS startup, 0::smallint AS market FROM stated
    UNION SELECT startup, country FROM reference
    UNION SELECT r.startup, near.code FROM reference r JOIN country c ON c.code = r.country
        JOIN country near ON near.region = c.region AND c.region > 0
    UNION SELECT startup, country FROM accelerator
    UNION SELECT startup, country FROM regulatory
    UNION SELECT startup, country FROM protection
    UNION SELECT startup, country FROM localised
    UNION SELECT startup, country FROM offer
    UNION SELECT startup, country FROM contact;
ANALYZE named;

CREATE TABLE counted AS
    SELECT n.startup, n.market, still_open(r.worth * CASE
            WHEN r.country = n.market THEN 1000000
            WHEN r.country = s.home THEN 0
            WHEN m.region > 0 AND m.region = c.region THEN 150000
            ELSE 50000 END / 1000000 * decay(greatest({today} - r.day, 0)) / 1000000 / CASE WHEN r.verified THEN 1 ELSE 2 END
        ORDER BY r.worth * CASE
            WHEN r.country = n.market THEN 1000000
            WHEN r.country = s.home THEN 0
            WHEN m.region > 0 AND m.region = c.region THEN 150000
            ELSE 50000 END / 1000000 * decay(greatest({today} - r.day, 0)) / 1000000 / CASE WHEN r.verified THEN 1 ELSE 2 END DESC) AS still_open
    FROM named n JOIN reference r USING (startup) JOIN stated s ON s.id = n.startup
        JOIN country c ON c.code = r.country LEFT JOIN country m ON m.code = n.market
    GROUP BY n.startup, n.market;
CREATE UNIQUE INDEX ON counted (startup, market);
CREATE UNIQUE INDEX ON regulatory (startup, country);
CREATE UNIQUE INDEX ON protection (startup, country);
CREATE UNIQUE INDEX ON localised (startup, country);
CREATE UNIQUE INDEX ON offer (startup, country);
CREATE INDEX ON accelerator (startup);
CREATE INDEX ON contact (startup, country);
ANALYZE;

CREATE TABLE everywhere AS
    SELECT n.startup, n.market,
        CASE WHEN NOT s.says_references THEN rating(25, 0)
            ELSE rating(points(1000000 - coalesce(c.still_open, 1000000)), 250) END AS refs,
        mix(CASE WHEN x.regulated THEN ARRAY[100000, 500000, 250000, 50000, 100000]::bigint[]
                ELSE ARRAY[300000, 200000, 200000, 150000, 150000]::bigint[] END,
            ARRAY[
                CASE WHEN s.says_accelerators THEN coalesce((SELECT max(CASE WHEN a.country = n.market THEN a.worth
                    ELSE 300000 * a.worth / 1000000 END) FROM accelerator a WHERE a.startup = n.startup), 0) END,
                (SELECT worth FROM regulatory r WHERE r.startup = n.startup AND r.country = n.market),
                (SELECT worth FROM protection p WHERE p.startup = n.startup AND p.country = n.market),
                CASE WHEN s.says_localised THEN (SELECT count(*) * 1000000 FROM localised l
                    WHERE l.startup = n.startup AND l.country = n.market) END,
                CASE WHEN s.says_offers THEN coalesce((SELECT worth FROM offer o
                    WHERE o.startup = n.startup AND o.country = n.market), 0) END],
            ARRAY[100000, 200000, 200000, 100000, 50000]::bigint[]) AS readiness,
        coalesce((SELECT max(worth) FROM contact k WHERE k.startup = n.startup AND k.country = n.market), 0)::int AS bridge
    FROM named n JOIN stated s ON s.id = n.startup LEFT JOIN counted c USING (startup, market)
        LEFT JOIN sector x ON x.code = s.sector;

CREATE TABLE standing AS
    SELECT e.market, e.startup, e.refs, e.readiness, e.bridge FROM everywhere e
        JOIN everywhere d ON d.startup = e.startup AND d.market = 0
    WHERE e.market > 0 AND (e.refs, e.readiness, e.bridge)
        IS DISTINCT FROM (d.refs, d.readiness, d.bridge)
    ORDER BY e.market, e.startup;
CREATE UNIQUE INDEX ON standing (market, startup);

CREATE TABLE startup AS
    SELECT s.id, s.cheque, s.target, s.tags,
        s.organisations,
        d.refs, d.readiness,
        mix(ARRAY[166667, 166667, 166667, 166667, 166666, 166666]::bigint[],
            ARRAY[1000000 * (nullif(m1, 0) - 1) / 8, 1000000 * (nullif(m2, 0) - 1) / 8, 1000000 * (nullif(m3, 0) - 1) / 8,
                1000000 * (nullif(m4, 0) - 1) / 8, 1000000 * (nullif(m5, 0) - 1) / 8, 1000000 * (nullif(m6, 0) - 1) / 8]::bigint[],
            ARRAY[350000, 350000, 350000, 350000, 350000, 350000]::bigint[]) AS maturity,
        CASE WHEN s.pitch < 0 THEN rating(113, 0)
            ELSE rating(points(450000 + floor((s.pitch - 450000)::numeric * decay(greatest({today} - pitch_day, 0)) / 1000000)::bigint),
                points(decay(greatest({today} - pitch_day, 0)) * judges / (judges + 3))) END AS pitch,
        s.place, d.bridge, s.needs, s.types, s.exclude_types, s.b1, s.b2, s.b3, s.b4, s.blocked,
        s.home, s.sector, coalesce(x.parent, 0::smallint) AS parent, s.f1, s.f2, s.f3,
        s.stage, s.round, (s.stage * 17 + s.round + 1)::smallint AS stage_round,
        CASE WHEN s.target < 0 THEN 128 ELSE half_octave(s.cheque) END::smallint AS cheque_octave,
        CASE WHEN s.target < 0 THEN 128 ELSE half_octave(s.target) END::smallint AS target_octave,
        s.tz, s.models, s.backers, s.t1, s.l1, s.t2, s.l2, s.t3, s.l3, s.s1, s.v1, s.s2, s.v2, s.s3, s.v3,
        s.active, s.interpreter, s.says_contacts, s.languages >= 0 AS says_languages
    FROM stated s JOIN everywhere d ON d.startup = s.id AND d.market = 0 LEFT JOIN sector x ON x.code = s.sector
    ORDER BY s.sector, s.home, s.id;
CREATE UNIQUE INDEX ON startup (id);
DROP TABLE named, counted, everywhere;
