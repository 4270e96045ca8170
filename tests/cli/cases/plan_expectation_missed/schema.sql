CREATE TABLE sessions (id TEXT PRIMARY KEY, status TEXT, updated TEXT, note TEXT);
CREATE INDEX by_status ON sessions (status, updated DESC) WHERE status IN ('active', 'paused');
CREATE INDEX by_note ON sessions (note);
