-- From when on an account is shut. Its password, keys and identities stay, and open nothing.
ALTER TABLE users ADD COLUMN disabled_at INTEGER;

-- Who did it, where that is not the account itself, and what is worth knowing beside it.
ALTER TABLE audit ADD COLUMN by_user_id TEXT;
ALTER TABLE audit ADD COLUMN detail TEXT;

-- Invitations that wait. Of each only the digest of its token is kept.
CREATE TABLE invitations (
    id           TEXT    NOT NULL PRIMARY KEY,
    digest       TEXT    NOT NULL UNIQUE,
    email        TEXT    NOT NULL,
    -- A new one of the same address takes the place of the one before.
    email_folded TEXT    NOT NULL UNIQUE,
    role         TEXT    NOT NULL CHECK (role IN ('member', 'admin')),
    invited_by   TEXT    NOT NULL REFERENCES users (id),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX invitations_by_inviter ON invitations (invited_by);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);
