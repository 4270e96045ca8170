-- Embeddings of the nodes, and an index of cells in place of a vector index, which SQLite lacks.
--
-- An embedding is 768 packed float32, the least significant byte first: the sign of dimension d
-- (from 0) is the top bit of byte 4 d + 4. A cell is made of the signs of 24 dimensions of the first
-- half (0, 16, ..., 368), so that a cue of which only that half is known has a cell as well. Vectors that
-- point the same way have the same signs: this is locality-sensitive hashing with the axes as planes
-- (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002).
CREATE TABLE embeddings (
    node_id INTEGER PRIMARY KEY REFERENCES nodes (id),
    embedding BLOB NOT NULL CHECK (length(embedding) = 3072),
    cell INTEGER NOT NULL GENERATED ALWAYS AS (
        8388608 * (substr(embedding,    4, 1) >= x'80') + 4194304 * (substr(embedding,   68, 1) >= x'80') +
        2097152 * (substr(embedding,  132, 1) >= x'80') + 1048576 * (substr(embedding,  196, 1) >= x'80') +
         524288 * (substr(embedding,  260, 1) >= x'80') +  262144 * (substr(embedding,  324, 1) >= x'80') +
         131072 * (substr(embedding,  388, 1) >= x'80') +   65536 * (substr(embedding,  452, 1) >= x'80') +
          32768 * (substr(embedding,  516, 1) >= x'80') +   16384 * (substr(embedding,  580, 1) >= x'80') +
           8192 * (substr(embedding,  644, 1) >= x'80') +    4096 * (substr(embedding,  708, 1) >= x'80') +
           2048 * (substr(embedding,  772, 1) >= x'80') +    1024 * (substr(embedding,  836, 1) >= x'80') +
            512 * (substr(embedding,  900, 1) >= x'80') +     256 * (substr(embedding,  964, 1) >= x'80') +
            128 * (substr(embedding, 1028, 1) >= x'80') +      64 * (substr(embedding, 1092, 1) >= x'80') +
             32 * (substr(embedding, 1156, 1) >= x'80') +      16 * (substr(embedding, 1220, 1) >= x'80') +
              8 * (substr(embedding, 1284, 1) >= x'80') +       4 * (substr(embedding, 1348, 1) >= x'80') +
              2 * (substr(embedding, 1412, 1) >= x'80') +       1 * (substr(embedding, 1476, 1) >= x'80')
    ) VIRTUAL
);

CREATE INDEX idx_embeddings_cell ON embeddings (cell);
