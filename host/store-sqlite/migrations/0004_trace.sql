-- Whose trace a run is in: a `traceparent`.
ALTER TABLE runs ADD COLUMN trace TEXT;
