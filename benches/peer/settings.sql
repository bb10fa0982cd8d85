-- One core, everything in memory. Compiling the query while it runs takes longer than it saves at this size, and a nested
-- loop over the standings three times as long as a hash.
CREATE SCHEMA peer;
SET search_path = peer;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';
SET maintenance_work_mem = '512MB';
SET jit = off;
SET enable_nestloop = off;
SET plan_cache_mode = force_generic_plan;
