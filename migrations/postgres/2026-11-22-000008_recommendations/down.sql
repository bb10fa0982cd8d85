DROP TABLE recommendation_lists;
DROP TABLE recommendation_runs;
