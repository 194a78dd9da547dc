-- How steady the value of a rule must be.
ALTER TABLE rules ADD COLUMN recover_at REAL;
ALTER TABLE rules ADD COLUMN hold_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN keep_firing_ms INTEGER NOT NULL DEFAULT 0;
