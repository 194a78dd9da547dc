-- Links in mails. Of each only the digest of its token is kept.
CREATE TABLE links (
    digest     TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL CHECK (kind IN ('reset', 'verify')),
    user_id    TEXT    NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL,
    -- A new one ends the one before.
    UNIQUE (user_id, kind)
) WITHOUT ROWID;
CREATE INDEX links_by_expiry ON links (expires_at);

-- Mails to accounts, for as long as a limit looks back. The kind is empty for one without a link.
CREATE TABLE account_mails (
    user_id TEXT    NOT NULL REFERENCES users (id),
    kind    TEXT    NOT NULL,
    sent_at INTEGER NOT NULL
);
CREATE INDEX account_mails_by_user ON account_mails (user_id, sent_at);
CREATE INDEX account_mails_by_time ON account_mails (sent_at);
