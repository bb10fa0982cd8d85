DROP INDEX worlds_active_state;
