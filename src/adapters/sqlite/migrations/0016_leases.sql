-- Who of several servers does what only one may do. `turn` rises with every change.
CREATE TABLE leases (
    name   TEXT    NOT NULL PRIMARY KEY,
    holder TEXT,
    turn   INTEGER NOT NULL
) WITHOUT ROWID;
