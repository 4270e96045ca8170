CREATE TABLE rows_to_load (
    id TEXT NOT NULL,
    user TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    body TEXT NOT NULL,
    score INTEGER NOT NULL
);
