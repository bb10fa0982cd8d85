DROP TABLE secrets;
DROP TABLE idempotency_keys;
DROP TABLE event_seals;
DROP TABLE events;
DROP FUNCTION events_are_append_only();
