-- What people want to be mailed about: in general (as_named, all, none), and of single rules (a JSON object, id to bool).
CREATE TABLE alert_choices (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    mails   TEXT NOT NULL,
    rules   TEXT NOT NULL
) WITHOUT ROWID;
