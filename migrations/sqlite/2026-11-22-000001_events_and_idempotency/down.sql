DROP TABLE secrets;
DROP TABLE idempotency_keys;
DROP TABLE event_seals;
DROP TRIGGER events_are_never_removed;
DROP TRIGGER events_are_never_changed;
DROP TABLE events;
