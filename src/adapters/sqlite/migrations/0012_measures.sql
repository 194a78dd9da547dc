-- Which documents a rule takes, of which field it measures the numbers, and by which field it has groups.
-- `filters` is a JSON array of conditions as the API writes them.
ALTER TABLE rules ADD COLUMN filters TEXT NOT NULL DEFAULT '[]';
ALTER TABLE rules ADD COLUMN measure_field TEXT;
ALTER TABLE rules ADD COLUMN group_by TEXT;
-- A server that is told, and how often all are told again; never is 0.
ALTER TABLE rules ADD COLUMN notify_webhook TEXT;
ALTER TABLE rules ADD COLUMN repeat_ms INTEGER NOT NULL DEFAULT 0;
