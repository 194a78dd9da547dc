-- What was changed about a message, for taking it back.
CREATE INDEX room_changes_by_message ON room_changes (message_id);
-- Groups alone, without a step for each direct room.
CREATE INDEX rooms_groups ON rooms (name) WHERE first IS NULL;
