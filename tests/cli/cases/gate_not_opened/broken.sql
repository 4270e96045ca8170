CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE INDEX by_state ON orders (stat);
