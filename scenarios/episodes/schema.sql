-- Episodes of an agent's memory, each with an embedding of 768 packed float32, the least significant byte
-- first.

CREATE TABLE episodes (
    id INTEGER PRIMARY KEY,
    context TEXT NOT NULL,
    happened_at INTEGER NOT NULL,        -- seconds since 1970
    content TEXT NOT NULL,
    embedding BLOB NOT NULL CHECK (length(embedding) = 3072),
    -- The signs of dimensions 0, 96, 192 and 288. Embeddings that point the same way have the same ones.
    cell INTEGER NOT NULL GENERATED ALWAYS AS (
        8 * (substr(embedding,   4, 1) >= x'80') + 4 * (substr(embedding,  388, 1) >= x'80') +
        2 * (substr(embedding, 772, 1) >= x'80') + 1 * (substr(embedding, 1156, 1) >= x'80')
    ) VIRTUAL
);

-- Episodic: what happened last in a context.
CREATE INDEX idx_episodes_context ON episodes (context, happened_at DESC);

-- Semantic: what is like a cue, newest first.
CREATE INDEX idx_episodes_cell ON episodes (cell, happened_at DESC);
