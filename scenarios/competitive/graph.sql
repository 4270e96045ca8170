-- A directed graph of memories: what leads from one to others, as strongly as weight says.

CREATE TABLE nodes (
    id INTEGER PRIMARY KEY,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL          -- seconds since 1970
);

-- Two edges between the same nodes are allowed: associations are recorded as they are met.
CREATE TABLE edges (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES nodes (id),
    target INTEGER NOT NULL REFERENCES nodes (id),
    weight REAL NOT NULL
);

-- Covering: a hop reads this index alone.
CREATE INDEX idx_edges_source ON edges (source, target, weight);
