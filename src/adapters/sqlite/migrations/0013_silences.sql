-- When people are not told, though it rings. One of once (from, until) or weekly (days, start, end, zone).
CREATE TABLE silences (
    position   INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    -- Of every rule, where there is none.
    rule_id    TEXT,
    -- Of all groups, where there is none.
    group_key  TEXT,
    from_ms    INTEGER,
    until_ms   INTEGER,
    -- Names of days with a space between them.
    days       TEXT,
    start_time TEXT,
    end_time   TEXT,
    zone       TEXT,
    comment    TEXT    NOT NULL,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK ((from_ms IS NULL) = (until_ms IS NULL) AND (from_ms IS NULL) = (days IS NOT NULL))
);
-- An incident that began in silence: people are not told of it yet.
ALTER TABLE incidents ADD COLUMN silenced INTEGER NOT NULL DEFAULT 0;
