-- Messages lie where they are read, in the order of their numbers, without a number and an index beside that. What a sender
-- calls a message comes first in its index: those who talk at once use names of one time, often rising ones, and a commit
-- changes a page or two of it instead of one for each of them.
CREATE TABLE messages_in_order (
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
) WITHOUT ROWID;
INSERT INTO messages_in_order
    (room_id, seq, id, author_kind, author_id, author_name, text, at, client_id, mentions, edited_at, deleted)
    SELECT room_id, seq, id, author_kind, author_id, author_name, text, at, client_id, mentions, edited_at, deleted
    FROM room_messages ORDER BY room_id, seq;
DROP TABLE room_messages;
ALTER TABLE messages_in_order RENAME TO room_messages;
-- What a sender calls a message, for good.
CREATE UNIQUE INDEX room_messages_by_client ON room_messages (room_id, client_id, author_kind, author_id)
    WHERE client_id IS NOT NULL;
