-- The integer arithmetic of the score. A rating is one bigint: points in the upper half, confidence in the lower.
CREATE FUNCTION ilog2(x bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT length(ltrim(greatest(x, 1)::bit(64)::text, '0')) - 1 $$;

CREATE FUNCTION lg(x bigint) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    y bigint := greatest(x, 1);
    b int := ilog2(y);
    f int := (CASE WHEN b >= 5 THEN y >> (b - 5) ELSE y << (5 - b) END & 31)::int;
BEGIN
    RETURN 20 * b + (ARRAY[0,1,2,3,4,5,5,6,7,8,8,9,10,10,11,11,12,13,13,14,14,15,15,16,16,17,17,18,18,19,19,20])[f + 1];
END $$;

CREATE FUNCTION lift(share bigint, usual bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT least(greatest(100 + lg(share) - lg(usual), 0), 250) $$;

-- `deals` of `total`, where `pseudo` more follow the share `prior`.
CREATE FUNCTION lift(deals bigint, total bigint, pseudo bigint, prior bigint, usual bigint) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT lift((deals * 1000000000 + pseudo * prior) / (total + pseudo), usual) $$;

CREATE FUNCTION blend(declared bigint, revealed bigint, deals bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT ((2 * declared + deals * revealed) / (2 + deals))::int $$;

CREATE FUNCTION certainty(seen bigint, pseudo bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT (250 * seen / (seen + pseudo))::int $$;

CREATE FUNCTION points(ppm bigint) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT ((ppm + 2000) / 4000)::int $$;

CREATE FUNCTION rating(points bigint, confidence bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT points << 32 | confidence $$;

-- A mix of parts: weights, values where they are stated, and values where they are not.
CREATE FUNCTION mix(weights bigint[], stated bigint[], priors bigint[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT rating(points(sum(w * coalesce(v, p))::bigint / 1000000),
        points(coalesce(sum(w) FILTER (WHERE v IS NOT NULL), 0)::bigint))
    FROM unnest(weights, stated, priors) AS part (w, v, p)
$$;

CREATE FUNCTION decay(age int) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN age <= 365 THEN 1000000
        WHEN age < 1825 THEN 1000000 - 750000::bigint * (age - 365) / 1460 ELSE 250000 END
$$;

CREATE FUNCTION half_octave(usd bigint) RETURNS smallint LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE b int := ilog2(usd);
BEGIN
    RETURN least(2 * b + (usd::numeric * usd >= 2::numeric ^ (2 * b + 1))::int, 127);
END $$;

-- Several pieces of evidence, the strongest first, each closing a part of what is still open.
CREATE FUNCTION close(still_open bigint, piece bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT still_open * (1000000 - piece) / 1000000 $$;
CREATE AGGREGATE still_open(bigint) (sfunc = close, stype = bigint, initcond = '1000000');

-- Raw weights to a thousand, what is missing to the largest remainders.
CREATE FUNCTION thousand(raw bigint[]) RETURNS int[] LANGUAGE sql IMMUTABLE AS $$
    WITH total AS (SELECT sum(r)::bigint AS t FROM unnest(raw) r),
    floors AS (
        SELECT k, r * 1000 / t AS whole,
            row_number() OVER (ORDER BY r * 1000 % t DESC, k) AS place
        FROM unnest(raw) WITH ORDINALITY AS x (r, k), total
    )
    SELECT array_agg((whole + (place <= 1000 - (SELECT sum(whole) FROM floors))::int)::int ORDER BY k) FROM floors
$$;
