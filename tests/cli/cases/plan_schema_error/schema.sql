CREATE TABLE sessions (id TEXT PRIMARY KEY, status TEXT, updated TEXT);
CREATE INDEX broken
  ON sessions (status,, id);
