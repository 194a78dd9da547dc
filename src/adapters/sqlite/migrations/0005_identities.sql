-- Accounts at OAuth providers that sign people in here.
CREATE TABLE identities (
    position   INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    user_id    TEXT    NOT NULL REFERENCES users (id),
    provider   TEXT    NOT NULL,
    issuer     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    email      TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id, created_at);

-- Tries to sign in that came back, so that none does twice.
CREATE TABLE oauth_returns (
    digest  TEXT    NOT NULL PRIMARY KEY,
    used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX oauth_returns_by_use ON oauth_returns (used_at);
