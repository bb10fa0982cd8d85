-- Investors as queries read them: what each makes of every code, worked out once and kept in arrays.
CREATE TABLE ways AS SELECT
    array_agg(CASE WHEN h = m THEN rating(250, 250) WHEN c.home IS NULL THEN rating(75, 0)
        ELSE mix(ARRAY[300000, 300000, 200000, 200000]::bigint[],
            ARRAY[regulation, protection, treaty, culture]::bigint[], ARRAY[300000, 300000, 300000, 300000]::bigint[])
        END ORDER BY h, m) AS corridors,
    array_agg(coalesce(favoured, 0::smallint) ORDER BY h, m) AS favoured,
    array_agg(coalesce(prohibited, false) ORDER BY h, m) AS prohibited,
    array_agg(coalesce(prohibited_sector, 0::smallint) ORDER BY h, m) AS prohibited_sectors
    FROM generate_series(0, 63) h CROSS JOIN generate_series(0, 63) m
        LEFT JOIN corridor c ON c.home = h AND c.market = m;

CREATE TABLE sector_views AS
    WITH views AS (
        SELECT i.id, s.code, e.with_sector,
            CASE WHEN i.generalist THEN 150 WHEN NOT e.focused THEN 50 ELSE greatest(
                (CASE WHEN s.code <> s.parent THEN ARRAY[0, 138, 200, 250] ELSE ARRAY[0, 100, 140, 175] END)[coalesce(own.level, 0) + 1],
                (ARRAY[0, 100, 140, 175])[coalesce(above.level, 0) + 1]) END AS declared,
            (lift(CASE WHEN s.code <> s.parent THEN coalesce(leaf.deals, 0) ELSE 0 END, e.with_leaf, 8, s.usual, s.usual)
                + lift(coalesce(branch.deals, 0), e.with_sector, 8, p.usual, p.usual)) / 2 AS revealed,
            (ARRAY[0, 50, 75, 100])[least(coalesce(branch.deals, 0), 3) + 1] AS opened
        FROM investor i CROSS JOIN sector s JOIN sector p ON p.code = s.parent
            CROSS JOIN LATERAL (SELECT count(DISTINCT d.number) AS with_sector,
                count(DISTINCT d.number) FILTER (WHERE x.code <> x.parent) AS with_leaf,
                EXISTS (SELECT FROM focus f WHERE f.investor = i.id) AS focused
                FROM deal_sector d JOIN sector x ON x.code = d.sector WHERE d.investor = i.id) e
            LEFT JOIN focus own ON own.investor = i.id AND own.sector = s.code
            LEFT JOIN focus above ON above.investor = i.id AND above.sector = s.parent
            LEFT JOIN (SELECT investor, sector, count(*) AS deals FROM deal_sector GROUP BY 1, 2) leaf
                ON leaf.investor = i.id AND leaf.sector = s.code
            LEFT JOIN (SELECT d.investor, x.parent, count(DISTINCT d.number) AS deals FROM deal_sector d
                JOIN sector x ON x.code = d.sector GROUP BY 1, 2) branch
                ON branch.investor = i.id AND branch.parent = s.parent
    ), blended AS (
        SELECT *, blend(declared, revealed, with_sector) AS blended, greatest(declared, opened) AS essential FROM views
    )
    SELECT id, array_agg(blended::smallint ORDER BY code) AS blended,
        array_agg((blended * 17 / 20)::smallint ORDER BY code) AS blended_further,
        array_agg(revealed::smallint ORDER BY code) AS revealed,
        array_agg((revealed * 17 / 20)::smallint ORDER BY code) AS revealed_further,
        array_agg(essential::smallint ORDER BY code) AS essential,
        array_agg((essential * 17 / 20)::smallint ORDER BY code) AS essential_further
    FROM blended GROUP BY id;

CREATE TABLE stage_views AS
    WITH rounds AS (
        SELECT i.id, k AS round, count(d.*) FILTER (WHERE d.round = k) AS deals,
            count(d.*) FILTER (WHERE d.round < 16) AS n, r.usual
        FROM investor i CROSS JOIN generate_series(0, 16) k LEFT JOIN round r ON r.code = k
            LEFT JOIN deal d ON d.investor = i.id GROUP BY i.id, k, r.usual
    ), declared AS (
        SELECT i.id, stage, CASE WHEN stage = 8 OR i.stage_lo < 0 THEN rating(100, 0)
            ELSE rating((ARRAY[250, 150, 62, 0])[least(greatest(i.stage_lo - stage, stage - i.stage_hi, 0), 3) + 1], 250) END AS declared
        FROM investor i CROSS JOIN generate_series(0, 8) stage
    ), both_views AS (
        SELECT id, stage, round, declared, deals, n,
            CASE WHEN round < 16 THEN lift(deals, n, 3, usual, usual) END AS revealed
        FROM rounds JOIN declared USING (id)
    )
    SELECT id,
        array_agg(CASE WHEN revealed IS NULL THEN declared ELSE rating(blend(declared >> 32, revealed, n),
            greatest(declared & 255, certainty(n, 2))) END ORDER BY stage, round) AS stages,
        array_agg(greatest(declared >> 32, CASE WHEN round < 16 THEN
            (ARRAY[0, 20, 40, 62])[least(deals, 3) + 1] ELSE 0 END)::smallint ORDER BY stage, round) AS essential,
        array_agg(coalesce(revealed, 100)::smallint ORDER BY round) FILTER (WHERE stage = 0) AS rounds
    FROM both_views GROUP BY id;

CREATE TABLE ticket_views AS
    WITH amounts AS (
        SELECT id, k, ticket_lo, ticket_hi, usual, half_octave(greatest(ticket_lo, 1)) AS lo,
            half_octave(greatest(ticket_hi, 1)) AS hi,
            (SELECT count(*) FROM deal d WHERE d.investor = i.id AND d.amount > 0) AS n,
            (SELECT coalesce(sum((ARRAY[16, 14, 10, 5, 2, 1])[abs(half_octave(d.amount) - k) + 1]), 0)
                FROM deal d WHERE d.investor = i.id AND d.amount > 0) AS near
        FROM investor i CROSS JOIN generate_series(0, 128) k LEFT JOIN ticket t ON t.code = k
    )
    SELECT id,
        array_agg(CASE WHEN k = 128 OR (ticket_lo < 0 AND n = 0) THEN 100
            ELSE blend(CASE WHEN ticket_lo < 0 THEN 100 ELSE
                greatest(250 - 40 * greatest(lo - k, 0) - 20 * greatest(k - hi, 0), 0) END,
                lift((near * 1000000000 / 80 + 3 * usual) / (n + 3), usual), n) END::smallint ORDER BY k) AS targets,
        array_agg(CASE WHEN k = 128 OR (ticket_lo < 0 AND n = 0) THEN 100 WHEN ticket_lo < 0 THEN 250
            ELSE blend(greatest(250 - 40 * greatest(k - hi, 0), 0), 250, n) END::smallint ORDER BY k) AS cheques,
        array_agg(CASE WHEN k = 128 OR (ticket_lo < 0 AND n = 0) THEN 0 ELSE 250 END::smallint ORDER BY k) AS known
    FROM amounts GROUP BY id;

CREATE TABLE home_views AS
    SELECT i.id,
        array_agg(rating(lift(coalesce(here.deals, 0), n, 40,
            (coalesce(f.deals, 0) * 1000000000 + 20 * c.usual) / (total + 20), c.usual), certainty(n, 40)) ORDER BY c.code) AS countries,
        array_agg(certainty(coalesce(cities.deals, 0) + (i.place > 0 AND i.home = c.code)::int, 4)::smallint ORDER BY c.code) AS city_known,
        array_agg(coalesce(a.level, CASE WHEN c.code = i.home THEN 3 ELSE 0 END)::smallint ORDER BY c.code) AS opens,
        array_agg(m.country IS NOT NULL ORDER BY c.code) AS markets,
        array_agg(c.code) FILTER (WHERE m.country IS NOT NULL OR c.code = i.home) AS market_list,
        array_agg(x.country IS NOT NULL ORDER BY c.code) AS excluded_homes
    FROM investor i CROSS JOIN country c
        CROSS JOIN LATERAL (SELECT count(*) AS n FROM deal WHERE investor = i.id AND deal.home > 0) e
        CROSS JOIN LATERAL (SELECT coalesce(sum(deals), 0)::bigint AS total FROM flow WHERE market = i.home) t
        LEFT JOIN flow f ON f.home = c.code AND f.market = i.home
        LEFT JOIN (SELECT investor, home, count(*) AS deals FROM deal GROUP BY 1, 2) here ON here.investor = i.id AND here.home = c.code
        LEFT JOIN (SELECT investor, home, count(*) AS deals FROM deal WHERE place > 0 GROUP BY 1, 2) cities
            ON cities.investor = i.id AND cities.home = c.code
        LEFT JOIN access a ON a.investor = i.id AND a.country = c.code
        LEFT JOIN market m ON m.investor = i.id AND m.country = c.code
        LEFT JOIN excluded_home x ON x.investor = i.id AND x.country = c.code
    GROUP BY i.id;

CREATE TABLE city_views AS
    SELECT i.id, array_agg(lift(coalesce(here.deals, 0) + (p.code = i.place)::int,
        coalesce(all_cities.deals, 0) + (i.place > 0 AND i.home = p.country)::int, 4, p.usual, p.usual)::smallint ORDER BY p.code) AS cities
    FROM investor i CROSS JOIN place p
        LEFT JOIN (SELECT investor, place, count(*) AS deals FROM deal GROUP BY 1, 2) here ON here.investor = i.id AND here.place = p.code
        LEFT JOIN (SELECT investor, home, count(*) AS deals FROM deal WHERE place > 0 GROUP BY 1, 2) all_cities
            ON all_cities.investor = i.id AND all_cities.home = p.country
    GROUP BY i.id;

CREATE TABLE tie_views AS
    SELECT i.id, array_agg((ARRAY[90, 160, 195, 220, 240, 250])[least(coalesce(t.deals, 0), 5) + 1]::smallint ORDER BY k) AS ties
    FROM investor i CROSS JOIN generate_series(1, {backers}) k
        LEFT JOIN (SELECT investor, other, count(*) AS deals FROM tie GROUP BY 1, 2) t ON t.investor = i.id AND t.other = k
    GROUP BY i.id;

CREATE TABLE weights AS
    WITH n AS (SELECT id, (SELECT count(*) FROM deal WHERE investor = id) AS deals FROM investor), raw AS (
        SELECT id, deals,
            ARRAY(SELECT 2 * t + deals * e FROM unnest(ARRAY[190, 70, 110, 100, 30, 10, 10, 120, 120, 50, 80, 45, 45, 20],
                ARRAY[120, 15, 100, 180, 180, 90, 110, 70, 50, 15, 45, 10, 10, 5]) AS x (t, e)) AS a,
            ARRAY(SELECT 2 * t + deals * e FROM unnest(ARRAY[220, 150, 170, 130, 120, 80, 70, 60],
                ARRAY[120, 160, 100, 420, 70, 50, 40, 40]) AS x (t, e)) AS b
        FROM n
    )
    SELECT id, deals, thousand(a) AS a, thousand(b) AS b FROM raw;

CREATE TABLE thesis AS
    SELECT i.*, 1 << i.kind AS kind_bit,
        i.generalist OR EXISTS (SELECT FROM focus WHERE investor = i.id) OR EXISTS (SELECT FROM deal_sector WHERE investor = i.id) AS has_sectors,
        mix(ARRAY[750000, 250000]::bigint[], ARRAY[1000000 * (2 * answered + 3) / (2 * asked + 6),
            CASE WHEN updated >= 0 THEN CASE WHEN {today} - updated <= 30 THEN 1000000
                WHEN {today} - updated < 365 THEN 1000000 - 700000 * ({today} - updated - 30) / 335 ELSE 300000 END END]::bigint[],
            ARRAY[0, 300000]::bigint[]) >> 32 AS responsive_points,
        points((750000 * (1000000 * asked / (asked + 3)) + CASE WHEN updated >= 0 THEN 250000::bigint * 1000000 ELSE 0 END) / 1000000) AS responsive_known,
        certainty(w.deals, 2) AS track_known, s.blended, s.blended_further, s.revealed, s.revealed_further,
        s.essential, s.essential_further, g.stages, g.essential AS stage_essential, g.rounds,
        t.targets, t.cheques, t.known AS ticket_known, h.countries, h.city_known, h.opens, h.markets, h.market_list,
        h.excluded_homes, c.cities, k.ties,
        (SELECT array_agg(coalesce(l.level, 0::smallint) ORDER BY n) FROM generate_series(1, {languages}) n
            LEFT JOIN language l ON l.investor = i.id AND l.code = n) AS spoken,
        (SELECT array_agg(EXISTS (SELECT FROM excluded_sector e WHERE e.investor = i.id AND e.sector IN (x.code, x.parent))
            ORDER BY x.code) FROM sector x) AS excluded_sectors,
        w.a[1] AS a1, w.a[2] AS a2, w.a[3] AS a3, w.a[4] AS a4, w.a[5] AS a5, w.a[6] AS a6, w.a[7] AS a7, w.a[8] AS a8,
        w.a[9] AS a9, w.a[10] AS a10, w.a[11] AS a11, w.a[12] AS a12, w.a[13] AS a13, w.a[14] AS a14,
        w.b[1] AS b1, w.b[2] AS b2, w.b[3] AS b3, w.b[4] AS b4, w.b[5] AS b5, w.b[6] AS b6, w.b[7] AS b7, w.b[8] AS b8
    FROM investor i JOIN sector_views s USING (id) JOIN stage_views g USING (id) JOIN ticket_views t USING (id)
        JOIN home_views h USING (id) JOIN city_views c USING (id) JOIN tie_views k USING (id) JOIN weights w USING (id);
CREATE UNIQUE INDEX ON thesis (id);
