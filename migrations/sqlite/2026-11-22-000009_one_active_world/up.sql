-- At most one version of the world tables is in use, whoever activates at the same time. The index names the table and
-- the column, as the names of violations that the program knows do.
UPDATE worlds SET state = 'retired', version = version + 1
WHERE state = 'active' AND id < (SELECT MAX(id) FROM worlds WHERE state = 'active');
CREATE UNIQUE INDEX worlds_active_state ON worlds (state) WHERE state = 'active';
