DELETE FROM followers WHERE name = 'seals';
ALTER TABLE followers DROP COLUMN held_until;
ALTER TABLE followers DROP COLUMN holder;
