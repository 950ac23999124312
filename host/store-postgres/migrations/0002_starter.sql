-- Who began a run.
ALTER TABLE runs ADD COLUMN starter TEXT;
