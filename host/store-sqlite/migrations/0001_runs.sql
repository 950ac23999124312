-- Runs, their journals, and what they wait for; the records of projects.
--
-- What changes often is apart from what is large, so that an append rewrites few bytes. Indexes are partial where only few rows
-- are looked for: a short run that is written whole enters only `runs_id` and `runs_flow`.

CREATE TABLE projects (id INTEGER PRIMARY KEY, org TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (org, name)) STRICT;
CREATE TABLE flows (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (project, name)) STRICT;
CREATE TABLE pins (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, digest TEXT NOT NULL, UNIQUE (digest, version)) STRICT;

CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    project INTEGER NOT NULL,
    flow INTEGER NOT NULL,
    pin INTEGER NOT NULL,
    state INTEGER NOT NULL, -- 0 queued, 1 running, 2 waiting, 3 finished, 4 failed, 5 cancelled
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    wake_at INTEGER,
    owner TEXT,
    fence INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    next_seq INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    cancel INTEGER NOT NULL,
    fault TEXT,
    cause TEXT, -- the trigger
    parent TEXT,
    step INTEGER,
    waits INTEGER,
    concurrency TEXT,
    places INTEGER,
    idempotency TEXT,
    debounce TEXT,
    origin TEXT
) STRICT;
CREATE UNIQUE INDEX runs_id ON runs (id);
CREATE INDEX runs_flow ON runs (flow);
CREATE INDEX runs_open ON runs (flow, state) WHERE state < 3;
CREATE INDEX runs_failed ON runs (flow) WHERE state = 4;
CREATE INDEX runs_due ON runs (wake_at) WHERE owner IS NULL AND wake_at IS NOT NULL;
CREATE INDEX runs_owner ON runs (owner) WHERE owner IS NOT NULL;
CREATE UNIQUE INDEX runs_idempotency ON runs (flow, idempotency) WHERE idempotency IS NOT NULL;
CREATE UNIQUE INDEX runs_step ON runs (parent, step) WHERE parent IS NOT NULL;
CREATE INDEX runs_debounce ON runs (flow, debounce) WHERE debounce IS NOT NULL AND state = 0 AND fence = 0;
CREATE INDEX runs_slot ON runs (project, concurrency) WHERE slot = 1;
CREATE INDEX runs_blocked ON runs (project, concurrency)
    WHERE concurrency IS NOT NULL AND slot = 0 AND state = 0 AND fence = 0 AND wake_at IS NULL;

-- How many runs of a flow are in a state.
CREATE TABLE tallies (flow INTEGER NOT NULL, state INTEGER NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY (flow, state)) WITHOUT ROWID, STRICT;

-- `end` is a journal of one entry, the last.
CREATE TABLE payloads (run INTEGER PRIMARY KEY, input TEXT NOT NULL, answer TEXT, "end" TEXT) STRICT;

-- A chunk is what one write brought. `place` is the run's number times 2^24 plus the number of its first entry.
CREATE TABLE journal (place INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;

CREATE TABLE snapshots (run INTEGER PRIMARY KEY, seq INTEGER NOT NULL, state BLOB NOT NULL) STRICT;

-- `text` is a journal of one entry.
CREATE TABLE messages (run INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (run, number)) WITHOUT ROWID, STRICT;

CREATE TABLE listens (
    run INTEGER NOT NULL,
    step INTEGER NOT NULL,
    project INTEGER NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    since INTEGER NOT NULL,
    question TEXT, -- JSON
    given TEXT NOT NULL, -- JSON lines
    PRIMARY KEY (run, step)
) WITHOUT ROWID, STRICT;
CREATE INDEX listens_name ON listens (project, name, key) WHERE question IS NULL;
CREATE INDEX listens_question ON listens (project) WHERE question IS NOT NULL;

CREATE TABLE early (
    number INTEGER PRIMARY KEY,
    project INTEGER NOT NULL,
    name TEXT NOT NULL,
    key TEXT,
    run TEXT,
    until INTEGER NOT NULL,
    payload TEXT NOT NULL
) STRICT;
CREATE INDEX early_name ON early (project, name, key, run);
CREATE INDEX early_until ON early (until);

CREATE TABLE workers (name TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID, STRICT;

CREATE TABLE records (
    project INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    updated INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (project, kind, name)
) WITHOUT ROWID, STRICT;

CREATE TABLE run_blobs (digest TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (digest, run)) WITHOUT ROWID, STRICT;
CREATE INDEX run_blobs_run ON run_blobs (run);
CREATE TABLE record_blobs (
    digest TEXT NOT NULL,
    project INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (digest, project, kind, name)
) WITHOUT ROWID, STRICT;
CREATE INDEX record_blobs_record ON record_blobs (project, kind, name);
