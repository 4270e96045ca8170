/* Four tables of the memory store with their indexes, as its redesign describes them: partial
 * indexes that are implied by a query logically, but not in the words that SQLite looks for. */
#ifndef TG_TESTS_UNIT_MEMORY_STORE_SCHEMA_H
#define TG_TESTS_UNIT_MEMORY_STORE_SCHEMA_H

static const char MEMORY_STORE[] =
    "CREATE TABLE sessions (id TEXT PRIMARY KEY, app_name TEXT NOT NULL, user_id TEXT NOT NULL,"
    "  project_id TEXT, status TEXT NOT NULL DEFAULT 'created', created_at TEXT,"
    "  last_update_time TEXT);"
    "CREATE UNIQUE INDEX idx_sessions_pk ON sessions (id);"
    "CREATE INDEX idx_sessions_status_updated ON sessions (status, last_update_time DESC)"
    "  WHERE status IN ('active', 'paused');"
    "CREATE INDEX idx_sessions_user_created ON sessions (user_id, created_at DESC);"
    "CREATE INDEX idx_sessions_project ON sessions (project_id, created_at DESC)"
    "  WHERE project_id IS NOT NULL;"
    "CREATE TABLE memory_entries (id INTEGER PRIMARY KEY AUTOINCREMENT, namespace TEXT NOT NULL,"
    "  key TEXT NOT NULL, value TEXT NOT NULL, memory_type TEXT, version INTEGER DEFAULT 1,"
    "  is_deleted INTEGER NOT NULL DEFAULT 0, metadata TEXT, created_by TEXT, updated_at TEXT,"
    "  UNIQUE (namespace, key, version));"
    "CREATE INDEX idx_memory_namespace_key_version ON memory_entries"
    "  (namespace, key, is_deleted, version DESC);"
    "CREATE INDEX idx_memory_type_updated ON memory_entries (memory_type, updated_at DESC)"
    "  WHERE is_deleted = 0;"
    "CREATE INDEX idx_memory_namespace_prefix ON memory_entries (namespace, updated_at DESC)"
    "  WHERE is_deleted = 0;"
    "CREATE INDEX idx_memory_episodic_ttl ON memory_entries (memory_type, updated_at)"
    "  WHERE memory_type = 'episodic' AND is_deleted = 0;"
    "CREATE TABLE tasks (id TEXT PRIMARY KEY, prompt TEXT, status TEXT NOT NULL,"
    "  priority INTEGER DEFAULT 5, submitted_at TEXT, last_updated_at TEXT,"
    "  session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL);"
    "CREATE INDEX idx_tasks_status_priority ON tasks (status, priority DESC, submitted_at);"
    "CREATE INDEX idx_tasks_session ON tasks (session_id, submitted_at DESC)"
    "  WHERE session_id IS NOT NULL;"
    "CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT,"
    "  memory_operation_type TEXT, memory_namespace TEXT);"
    "CREATE INDEX idx_audit_memory_operations ON audit (memory_operation_type, timestamp DESC)"
    "  WHERE memory_operation_type IS NOT NULL;"
    "CREATE INDEX idx_audit_memory_namespace ON audit (memory_namespace, timestamp DESC)"
    "  WHERE memory_namespace IS NOT NULL;"
    "CREATE TABLE checkpoints (task_id TEXT, iteration INTEGER, state TEXT,"
    "  PRIMARY KEY (task_id, iteration)) WITHOUT ROWID;"
    "CREATE INDEX idx_checkpoints_odd ON checkpoints (length(state) DESC, state COLLATE NOCASE,"
    "  coalesce(state, 'a, b'));";

/* Query 2, as the store first wrote it and as variations of it. */
#define ACTIVE "SELECT * FROM sessions WHERE status = 'active' ORDER BY last_update_time DESC"
#define ACTIVE_IN_ONE                                                                              \
    "SELECT * FROM sessions WHERE status IN ('active') ORDER BY last_update_time DESC"
#define ACTIVE_IN_TWO                                                                              \
    "SELECT * FROM sessions WHERE status IN ('active', 'paused') ORDER BY last_update_time DESC"
#define ACTIVE_REMEDY                                                                              \
    "SELECT * FROM sessions WHERE status = 'active' AND status IN ('active', 'paused') ORDER BY "  \
    "last_update_time DESC"
/* Query 5, in both forms. */
#define PREFIX_LIKE                                                                                \
    "SELECT * FROM memory_entries WHERE namespace LIKE 'user:alice%' AND is_deleted = 0 "          \
    "ORDER BY updated_at DESC LIMIT 100"
#define PREFIX_RANGE                                                                               \
    "SELECT * FROM memory_entries WHERE namespace >= 'user:alice' AND namespace < 'user:alicf' "   \
    "AND is_deleted = 0 ORDER BY updated_at DESC LIMIT 100"

#endif
