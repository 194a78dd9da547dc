-- Second factors. The secret is sealed; one without `enabled_at` waits to be confirmed.
CREATE TABLE second_factors (
    user_id    TEXT    NOT NULL PRIMARY KEY REFERENCES users (id),
    secret     TEXT    NOT NULL,
    begun_at   INTEGER NOT NULL,
    enabled_at INTEGER,
    -- The last time step whose code was used.
    last_step  INTEGER NOT NULL DEFAULT -1,
    -- Wrong codes in a row, and when the last was tried.
    tries      INTEGER NOT NULL DEFAULT 0,
    tried_at   INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Recovery codes that were not used yet; of each only what is derived from it.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    digest  TEXT NOT NULL,
    PRIMARY KEY (user_id, digest)
) WITHOUT ROWID;
