-- The journals of all runs in the order in which they were written. What is committed together lies together, of however many runs it
-- is, and a page is full before the next one begins. A run's chunks hang together from its last one back: see src/chain.rs.

CREATE TABLE chunks (
    place INTEGER PRIMARY KEY,
    nth INTEGER NOT NULL, -- in its run, from 0
    seq INTEGER NOT NULL, -- of its first entry
    back INTEGER, -- the chunk before it
    far INTEGER, -- the chunk whose `nth` is this one's without its lowest bit, unless that is the one before it
    text TEXT NOT NULL
) STRICT;

ALTER TABLE runs ADD COLUMN last INTEGER; -- the last chunk

INSERT INTO chunks
SELECT new, nth, old & 16777215, iif(nth > 0, new - 1, NULL), iif(nth & (nth - 1) < nth - 1, new - nth + (nth & (nth - 1)), NULL), text
FROM (
    SELECT place AS old, text, row_number() OVER (ORDER BY place) AS new,
        row_number() OVER (PARTITION BY place >> 24 ORDER BY place) - 1 AS nth
    FROM journal
);

UPDATE runs SET last = theirs.last
FROM (
    SELECT run, max(new) AS last
    FROM (SELECT place >> 24 AS run, row_number() OVER (ORDER BY place) AS new FROM journal)
    GROUP BY run
) AS theirs
WHERE runs.number = theirs.run;

DROP TABLE journal;
