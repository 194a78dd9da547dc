-- Files of documents that were asked for, and what became of them.
CREATE TABLE exports (
    id              TEXT    NOT NULL PRIMARY KEY,
    owner           TEXT    NOT NULL,
    -- What is asked for, as the API writes it.
    spec            TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- The secret of the link.
    token           TEXT    NOT NULL UNIQUE,
    created_at      INTEGER NOT NULL,
    -- When a server said last that it looks after it.
    touched_at      INTEGER NOT NULL,
    started_at      INTEGER,
    ended_at        INTEGER,
    expires_at      INTEGER,
    rows            INTEGER,
    bytes           INTEGER,
    sha256          TEXT,
    -- A JSON list of texts.
    warnings        TEXT,
    error           TEXT,
    -- Whether there is a file, or one may be on its way.
    has_file        INTEGER NOT NULL DEFAULT 1,
    -- Removed by its owner: only the link knows that there was one.
    removed_at      INTEGER,
    idempotency_key TEXT,
    fingerprint     TEXT
) WITHOUT ROWID;
CREATE INDEX exports_by_owner ON exports (owner, id);
CREATE INDEX exports_by_key ON exports (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX exports_unfinished ON exports (id) WHERE status IN ('queued', 'running');
CREATE INDEX exports_with_file ON exports (expires_at) WHERE has_file = 1;
