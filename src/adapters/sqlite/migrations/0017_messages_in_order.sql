-- What a sender calls a message, for good. By that name first: those who talk at once use names of one time, often
-- rising ones, and a commit changes a page or two of this index instead of one for each of them.
DROP INDEX room_messages_by_client;
CREATE UNIQUE INDEX room_messages_by_client ON room_messages (room_id, client_id, author_kind, author_id)
    WHERE client_id IS NOT NULL;
