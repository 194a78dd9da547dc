-- Times are milliseconds since the Unix epoch, identifiers UUIDs in text, digests SHA-256 in hexadecimal.

CREATE TABLE document_types (
    id        INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE,
    -- How many documents have this type; kept by the transaction that stores them.
    documents INTEGER NOT NULL DEFAULT 0
);

-- `seq` is the place: it rises in the order of the commits, because there is one writer and nothing is deleted.
CREATE TABLE documents (
    seq         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    type_id     INTEGER NOT NULL REFERENCES document_types (id),
    at          INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    fields      TEXT    NOT NULL
);
-- An index ends in the row's `seq` by itself, so these two also give the order of pages: by time, then by place.
CREATE INDEX documents_by_type ON documents (type_id, at);
CREATE INDEX documents_by_time ON documents (at);
-- The few documents that claim to come from the future, and count at another instant or never.
CREATE INDEX documents_ahead_by_at ON documents (at, type_id, received_at) WHERE at > received_at;
CREATE INDEX documents_ahead_by_receipt ON documents (received_at, type_id, at) WHERE at > received_at;

CREATE TABLE idempotency_keys (
    owner       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    used_at     INTEGER NOT NULL,
    accepted    INTEGER NOT NULL,
    duplicates  INTEGER NOT NULL,
    -- The first ids of the answer, a line each.
    ids         TEXT    NOT NULL,
    UNIQUE (owner, key)
);
CREATE INDEX idempotency_keys_by_use ON idempotency_keys (used_at);

-- Numbers that are given out once, and facts about the installation that outlive what they tell of.
CREATE TABLE counters (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('incident_seq', 0), ('default_rules_installed', 0);

CREATE TABLE rules (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,
    -- A type, or `any`.
    source        TEXT    NOT NULL,
    measure       TEXT    NOT NULL,
    window_ms     INTEGER NOT NULL,
    comparison    TEXT    NOT NULL,
    threshold     REAL    NOT NULL,
    -- A JSON array of addresses and `@admins`.
    notify_emails TEXT    NOT NULL,
    enabled       INTEGER NOT NULL
);

CREATE TABLE incidents (
    id              TEXT    NOT NULL PRIMARY KEY,
    rule_id         TEXT    NOT NULL,
    rule_name       TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('firing', 'resolved')),
    value           REAL    NOT NULL,
    peak            REAL    NOT NULL,
    threshold       REAL    NOT NULL,
    started_at      INTEGER NOT NULL,
    resolved_at     INTEGER,
    acknowledged_by TEXT,
    group_key       TEXT,
    seq             INTEGER NOT NULL UNIQUE
);
-- At most one incident fires for a rule and group. No group is the integer 0, which no text equals.
CREATE UNIQUE INDEX incidents_firing ON incidents (rule_id, ifnull(group_key, 0)) WHERE state = 'firing';
CREATE INDEX incidents_by_start ON incidents (started_at, id);
CREATE INDEX incidents_by_state ON incidents (state, started_at, id);

CREATE TABLE notifications (
    position        INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    incident_id     TEXT    NOT NULL REFERENCES incidents (id),
    transition      TEXT    NOT NULL,
    channel         TEXT    NOT NULL,
    recipient       TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('pending', 'sent', 'dead')),
    attempts        INTEGER NOT NULL,
    last_error      TEXT,
    next_attempt_at INTEGER NOT NULL
);
CREATE INDEX notifications_by_incident ON notifications (incident_id);
CREATE INDEX notifications_due ON notifications (next_attempt_at) WHERE state = 'pending';

CREATE TABLE users (
    id             TEXT    NOT NULL PRIMARY KEY,
    email          TEXT    NOT NULL,
    -- The address in lower case, by Unicode's rules, which SQLite does not know.
    email_folded   TEXT    NOT NULL UNIQUE,
    name           TEXT    NOT NULL,
    role           TEXT    NOT NULL,
    password_hash  TEXT    NOT NULL,
    email_verified INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL
);

CREATE TABLE api_keys (
    position     INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    user_id      TEXT    REFERENCES users (id),
    name         TEXT    NOT NULL,
    -- Scopes with a space between them.
    scopes       TEXT    NOT NULL,
    prefix       TEXT    NOT NULL,
    digest       TEXT    NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at   INTEGER
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at);

CREATE TABLE refresh_families (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL,
    current    TEXT    NOT NULL,
    previous   TEXT,
    rotated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    user_agent TEXT    NOT NULL,
    ip         TEXT    NOT NULL
);
CREATE INDEX refresh_families_by_rotation ON refresh_families (rotated_at);
CREATE INDEX refresh_families_by_start ON refresh_families (created_at);
