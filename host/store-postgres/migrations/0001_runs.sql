-- Runs, their journals, and what they wait for; the records of projects. Texts that people or guests give are bytes, as Postgres
-- has no NUL in text; names have none.

CREATE TABLE runs (
    number BIGSERIAL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    org TEXT NOT NULL,
    project TEXT NOT NULL,
    flow TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    state SMALLINT NOT NULL, -- 0 queued, 1 running, 2 waiting, 3 finished, 4 failed, 5 cancelled
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    wake_at BIGINT,
    owner TEXT,
    fence BIGINT NOT NULL,
    lost INTEGER NOT NULL,
    next_seq BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    slot BOOLEAN NOT NULL,
    cancel BOOLEAN NOT NULL,
    fault TEXT,
    cause TEXT, -- the trigger
    parent TEXT,
    step BIGINT,
    waits BOOLEAN,
    concurrency TEXT,
    places BIGINT,
    idempotency TEXT,
    debounce TEXT,
    origin TEXT
) WITH (fillfactor = 70); -- so that an append finds room beside the row it replaces
CREATE INDEX runs_flow ON runs (org, project, flow, number);
CREATE INDEX runs_project ON runs (org, project, number);
CREATE INDEX runs_failed ON runs (org, project, flow, number) WHERE state = 4;
CREATE INDEX runs_due ON runs (wake_at, number) WHERE owner IS NULL AND wake_at IS NOT NULL;
CREATE INDEX runs_owner ON runs (owner, number) WHERE owner IS NOT NULL;
CREATE UNIQUE INDEX runs_idempotency ON runs (org, project, flow, idempotency) WHERE idempotency IS NOT NULL;
CREATE UNIQUE INDEX runs_step ON runs (parent, step) WHERE parent IS NOT NULL;
CREATE INDEX runs_debounce ON runs (org, project, flow, debounce) WHERE debounce IS NOT NULL AND state = 0 AND fence = 0;
CREATE INDEX runs_slot ON runs (org, project, concurrency) WHERE slot;
CREATE INDEX runs_blocked ON runs (org, project, concurrency, number)
    WHERE concurrency IS NOT NULL AND NOT slot AND state = 0 AND fence = 0 AND wake_at IS NULL;

-- How many runs of a flow are in a state, as the sum of what each transaction changed: so none waits for another's row.
CREATE TABLE tallies (org TEXT NOT NULL, project TEXT NOT NULL, flow TEXT NOT NULL, state SMALLINT NOT NULL, runs BIGINT NOT NULL);
CREATE INDEX tallies_flow ON tallies (org, project, flow);

-- `ending` is a journal of one entry, the last.
CREATE TABLE payloads (run BIGINT PRIMARY KEY, input BYTEA NOT NULL, answer BYTEA, ending BYTEA);

-- A chunk is what one write brought; `seq` is of its first entry.
CREATE TABLE journal (run BIGINT NOT NULL, seq BIGINT NOT NULL, text BYTEA NOT NULL, PRIMARY KEY (run, seq));

CREATE TABLE snapshots (run BIGINT PRIMARY KEY, seq BIGINT NOT NULL, state BYTEA NOT NULL);

-- `text` is a journal of one entry.
CREATE TABLE messages (run BIGINT NOT NULL, number BIGINT NOT NULL, text BYTEA NOT NULL, PRIMARY KEY (run, number));

CREATE TABLE listens (
    run BIGINT NOT NULL,
    step BIGINT NOT NULL,
    id TEXT NOT NULL, -- the run's
    org TEXT NOT NULL,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    since BIGINT NOT NULL,
    question BYTEA, -- JSON
    given BYTEA NOT NULL, -- JSON lines
    PRIMARY KEY (run, step)
);
CREATE INDEX listens_name ON listens (org, project, name, key) WHERE question IS NULL;
CREATE INDEX listens_question ON listens (org, project, run, step) WHERE question IS NOT NULL;

CREATE TABLE early (
    number BIGSERIAL PRIMARY KEY,
    org TEXT NOT NULL,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT,
    run TEXT,
    until BIGINT NOT NULL,
    payload BYTEA NOT NULL
);
CREATE INDEX early_name ON early (org, project, name, key, run, number);
CREATE INDEX early_until ON early (until);

CREATE TABLE workers (name TEXT COLLATE "C" PRIMARY KEY, until BIGINT NOT NULL);

CREATE TABLE records (
    org TEXT COLLATE "C" NOT NULL,
    project TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    updated BIGINT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (org, project, kind, name)
);

CREATE TABLE run_blobs (digest TEXT COLLATE "C" NOT NULL, run BIGINT NOT NULL, PRIMARY KEY (digest, run));
CREATE INDEX run_blobs_run ON run_blobs (run);
CREATE TABLE record_blobs (
    digest TEXT COLLATE "C" NOT NULL,
    org TEXT NOT NULL,
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (digest, org, project, kind, name)
);
CREATE INDEX record_blobs_record ON record_blobs (org, project, kind, name);
