-- The group where a rule says that it rings.
ALTER TABLE rules ADD COLUMN notify_room TEXT;
