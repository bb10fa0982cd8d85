-- Why a failed run has made no lists, as JSON: a code and a sentence.
ALTER TABLE recommendation_runs ADD COLUMN failure TEXT;
