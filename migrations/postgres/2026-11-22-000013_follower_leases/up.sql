-- Which node steps a follower, and until when it alone may. The position of the seals begins where the chain ends.
ALTER TABLE followers ADD COLUMN holder TEXT;
ALTER TABLE followers ADD COLUMN held_until BIGINT;
INSERT INTO followers (name, revision)
SELECT 'seals', COALESCE((SELECT MAX(event_id) FROM event_seals), 0);
