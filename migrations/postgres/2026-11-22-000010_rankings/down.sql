DROP TABLE ranking_tables;
DROP TABLE ranking_inputs;
DROP TABLE ranking_rows;
DROP TABLE rankings;
