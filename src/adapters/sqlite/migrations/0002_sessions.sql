CREATE INDEX refresh_families_by_user ON refresh_families (user_id, rotated_at);

-- Sign-ins that have ended while an access token of theirs may still be valid.
CREATE TABLE ended_sign_ins (
    id    TEXT    NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
);
CREATE INDEX ended_sign_ins_by_end ON ended_sign_ins (until);
