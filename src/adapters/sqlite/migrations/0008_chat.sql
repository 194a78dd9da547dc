-- Rooms. `seq` is the number of the last message or change; it rises in the transaction that stores it.
CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    topic      TEXT    NOT NULL,
    history    TEXT    NOT NULL CHECK (history IN ('durable', 'none')),
    created_by TEXT,
    created_at INTEGER NOT NULL,
    epoch      TEXT    NOT NULL,
    seq        INTEGER NOT NULL DEFAULT 0,
    -- The two of a direct room, the smaller id first; a group has neither.
    first      TEXT,
    second     TEXT
);
CREATE UNIQUE INDEX rooms_direct ON rooms (first, second) WHERE first IS NOT NULL;

CREATE TABLE room_members (
    room_id   INTEGER NOT NULL REFERENCES rooms (id),
    user_id   TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) WITHOUT ROWID;
CREATE INDEX room_members_by_user ON room_members (user_id);

-- Up to where people have read.
CREATE TABLE room_marks (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    user_id TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) WITHOUT ROWID;

CREATE TABLE room_messages (
    room_id     INTEGER NOT NULL REFERENCES rooms (id),
    seq         INTEGER NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    author_kind TEXT    NOT NULL CHECK (author_kind IN ('person', 'service', 'system')),
    author_id   TEXT    NOT NULL,
    author_name TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    client_id   TEXT,
    -- User ids with a space between them.
    mentions    TEXT    NOT NULL,
    edited_at   INTEGER,
    deleted     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id, seq)
);
-- What a sender calls a message, for good.
CREATE UNIQUE INDEX room_messages_by_client ON room_messages (room_id, author_kind, author_id, client_id)
    WHERE client_id IS NOT NULL;

CREATE TABLE room_changes (
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    seq        INTEGER NOT NULL,
    message_id TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,
    user_name  TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    what       TEXT    NOT NULL CHECK (what IN ('edited', 'deleted', 'reacted', 'unreacted')),
    -- The text, or the emoji.
    detail     TEXT    NOT NULL,
    PRIMARY KEY (room_id, seq)
) WITHOUT ROWID;

CREATE TABLE reactions (
    position   INTEGER PRIMARY KEY,
    message_id TEXT    NOT NULL,
    emoji      TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,
    user_name  TEXT    NOT NULL,
    UNIQUE (message_id, emoji, user_id)
);
