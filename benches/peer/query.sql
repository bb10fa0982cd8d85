-- The best fifty startups for an investor. @name is a column of the thesis and %name one of the ways between countries,
-- each read once before the scan. A condition stands in a CASE so that the planner takes it to pass half of the rows.
PREPARE best (int) AS
WITH i AS MATERIALIZED (
    SELECT {columns} FROM thesis WHERE id = $1
), w AS MATERIALIZED (
    SELECT corridors || '{}' AS corridors, favoured || '{}' AS favoured, prohibited || '{}' AS prohibited,
        prohibited_sectors || '{}' AS prohibited_sectors FROM ways
)
SELECT id, before - before * 150 * (250000 - confidence) / 250000000 AS score, confidence FROM (
    SELECT id, confidence, essential * CASE WHEN a + b = 0 THEN 0 ELSE 8000 * a * b / (a + b) END / 1000000 AS before FROM (
        SELECT id, essential, a >> 32 AS a, b >> 32 AS b, least(a & 4294967295, b & 4294967295) AS confidence FROM (
            SELECT id,
                CASE WHEN NOT @strict THEN 1000000 ELSE
                    least(250000 + 7500 * CASE WHEN sector > 0 AND @has_sectors THEN
                        greatest((@essential)[sector], (@essential_further)[f1], (@essential_further)[f2], (@essential_further)[f3])
                        ELSE 50 END::bigint, 1000000)
                    * least(500000 + 500000 * (@stage_essential)[stage_round] / 62, 1000000) / 1000000 END AS essential,
                @a1 * CASE WHEN sector > 0 AND @has_sectors THEN
                        greatest((@blended)[sector], (@blended_further)[f1], (@blended_further)[f2], (@blended_further)[f3])::bigint << 32 | 250
                        ELSE 50::bigint << 32 END
                    + @a2 * CASE WHEN tags >= 0 AND @tags <> 0 THEN
                        CASE bit_count((tags & @tags)::bit(64)) WHEN 0 THEN 250 WHEN 1 THEN 150::bigint << 32 | 250
                            WHEN 2 THEN 213::bigint << 32 | 250 ELSE 250::bigint << 32 | 250 END
                        ELSE 100::bigint << 32 END
                    + @a3 * (@stages)[stage_round] + @a4 * ticket + @a5 * country
                    + @a6 * (city << 32 | CASE WHEN place > 0 THEN (@city_known)[home] ELSE 0 END)
                    + @a7 * (co << 32 | CASE WHEN backers >= 0 THEN 250 ELSE 0 END)
                    + @a8 * refs + @a9 * readiness + @a10 * (%corridors)[way] + @a11 * comms + @a12 * maturity
                    + @a13 * pitch + @a14 * mode AS a,
                @b1 * CASE WHEN t1 > 0 THEN
                        (250 * greatest(l1 * (@opens)[t1], l2 * (@opens)[t2], l3 * (@opens)[t3]) / 9)::bigint << 32 | 250
                        ELSE 75::bigint << 32 END
                    + @b2 * ticket
                    + @b3 * CASE WHEN needs > 0 AND @offers >= 0 THEN
                        (250 * bit_count((needs & @offers)::bit(32)) / bit_count(needs::bit(32))) << 32 | 250
                        ELSE 100::bigint << 32 END
                    + @b4 * ((4 * (country >> 32) + 2 * (city + (@rounds)[round + 1] + co + CASE WHEN sector > 0 THEN
                        greatest((@revealed)[sector], (@revealed_further)[f1], (@revealed_further)[f2], (@revealed_further)[f3])
                        ELSE 100 END)) / 12 << 32 | @track_known)
                    + @b5 * comms + @b6 * (@responsive_points << 32 | @responsive_known)
                    + @b7 * CASE WHEN types < 0 THEN 125::bigint << 32
                        WHEN types & @kind_bit <> 0 THEN 250::bigint << 32 | 250 ELSE 75::bigint << 32 | 250 END
                    + @b8 * mode AS b
            FROM (
                SELECT c.*, coalesce(st.refs, c.refs0) AS refs, coalesce(st.readiness, c.readiness0) AS readiness,
                    least((@cheques)[cheque_octave + 1], (@targets)[target_octave + 1])::bigint << 32 | (@ticket_known)[target_octave + 1] AS ticket,
                    (@countries)[home] AS country,
                    coalesce((@cities)[place], 100)::bigint AS city,
                    CASE WHEN backers > 0 THEN (coalesce((@ties)[b1], 0) + coalesce((@ties)[b2], 0) + coalesce((@ties)[b3], 0)
                        + coalesce((@ties)[b4], 0)) / backers ELSE 100 END::bigint AS co,
                    CASE WHEN models < 0 OR @models < 0 THEN 100::bigint << 32
                        WHEN models & @models = 0 THEN 250
                        WHEN (%favoured)[way] <> 0 AND models & @models & (%favoured)[way] = 0 THEN 175::bigint << 32 | 250
                        ELSE 250::bigint << 32 | 250 END AS mode,
                    (500000::bigint * CASE WHEN says_languages AND @says_languages THEN
                            greatest(CASE greatest(least(v1, (@spoken)[s1]), least(v2, (@spoken)[s2]), least(v3, (@spoken)[s3]))
                                WHEN 1 THEN 350000 WHEN 2 THEN 750000 WHEN 3 THEN 1000000 ELSE 100000 END, CASE WHEN interpreter OR @interpreter THEN 500000 ELSE 0 END)
                            ELSE 400000 END
                        + 150000::bigint * CASE WHEN c.tz > -9999 AND @tz > -9999 THEN
                            1000000::bigint * greatest(540 - least(abs(c.tz - @tz) % 1440, 1440 - abs(c.tz - @tz) % 1440), 0) / 540
                            ELSE 500000 END
                        + 350000::bigint * CASE WHEN NOT says_contacts THEN 150000 WHEN organisations & @organisations <> 0 THEN 1000000
                            ELSE coalesce(st.bridge, c.bridge0) END + 2000000000) / 4000000000 << 32
                        | (CASE WHEN says_languages AND @says_languages THEN 500000 ELSE 0 END
                            + CASE WHEN c.tz > -9999 AND @tz > -9999 THEN 150000 ELSE 0 END
                            + CASE WHEN says_contacts THEN 350000 ELSE 0 END + 2000) / 4000 AS comms
                FROM (
                    SELECT *, home * 64 + market + 1 AS way FROM (
                        SELECT id, home, place, sector, parent, f1, f2, f3, stage_round, round, cheque_octave, target_octave,
                            tags, needs, types, models, organisations, b1, b2, b3, b4, backers, t1, l1, t2, l2, t3, l3,
                            s1, v1, s2, v2, s3, v3, tz, interpreter, says_contacts, says_languages, maturity, pitch,
                            refs AS refs0, readiness AS readiness0, bridge AS bridge0,
                            CASE WHEN (@markets)[t1] THEN t1 WHEN (@markets)[t2] THEN t2 WHEN (@markets)[t3] THEN t3
                                ELSE @home END AS market
                        FROM startup
                        WHERE CASE WHEN active AND @active
                            AND NOT (@hard_lo >= 0 AND stage < 8 AND (stage < @hard_lo OR stage > @hard_hi))
                            AND NOT coalesce((@excluded_sectors)[sector], false)
                            AND NOT (@excluded_homes)[home]
                            AND NOT (@hard_ticket AND @ticket_lo >= 0 AND target >= 0 AND (@ticket_lo > target OR @ticket_hi < cheque))
                            AND NOT (@hard_models AND models >= 0 AND @models >= 0 AND models & @models = 0)
                            AND NOT (@only_targets AND t1 > 0 AND NOT ((@markets)[t1]
                                OR coalesce((@markets)[t2], false) OR coalesce((@markets)[t3], false)))
                            AND exclude_types & @kind_bit = 0 AND blocked <> $1 THEN true ELSE false END
                        OFFSET 0
                    ) candidates
                    OFFSET 0
                ) c LEFT JOIN (
                    SELECT * FROM standing WHERE standing.market = ANY ((@market_list)::smallint[])
                ) st ON st.startup = c.id AND st.market = c.market
                WHERE CASE WHEN NOT (%prohibited)[way]
                    AND NOT (sector > 0 AND (%prohibited_sectors)[way] IN (sector, parent)) THEN true ELSE false END
                OFFSET 0
            ) features
            OFFSET 0
        ) sums
        OFFSET 0
    ) utilities
    OFFSET 0
) ranked
ORDER BY score DESC, confidence DESC, id LIMIT 50
