-- Memory of a group of agents on SQLite: nine tables, thirty-nine indexes.
--
-- Thirty-two indexes are written out below; seven more are made by SQLite itself for the primary
-- keys and unique constraints that are not the rowid. Times are ISO 8601 in UTC, so that they sort
-- as text. Structured values are JSON, and checked to be.

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    app_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    project_id TEXT,
    status TEXT NOT NULL DEFAULT 'created'
        CHECK (status IN ('created', 'active', 'paused', 'terminated', 'archived')),
    events TEXT NOT NULL DEFAULT '[]'
        CHECK (json_valid(events) AND json_type(events) = 'array'),
    state TEXT NOT NULL DEFAULT '{}'
        CHECK (json_valid(state) AND json_type(state) = 'object'),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    last_update_time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    terminated_at TEXT,
    archived_at TEXT
);

-- Every change of a value is a row of its own. The current value of a key is its highest version
-- that is not deleted.
CREATE TABLE memory_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value)),
    memory_type TEXT NOT NULL
        CHECK (memory_type IN ('semantic', 'episodic', 'procedural')),
    version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
    is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1)),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_by TEXT,
    updated_by TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    UNIQUE (namespace, key, version)
);

CREATE TABLE document_index (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_path TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    document_type TEXT,
    content_hash TEXT NOT NULL,
    chunk_count INTEGER NOT NULL DEFAULT 1 CHECK (chunk_count > 0),
    embedding_model TEXT,
    -- packed little-endian float32; 768 of them are 3,072 bytes
    embedding_blob BLOB CHECK (length(embedding_blob) % 4 = 0),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    last_synced_at TEXT,
    sync_status TEXT NOT NULL DEFAULT 'pending'
        CHECK (sync_status IN ('pending', 'synced', 'failed', 'stale')),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);

CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    prompt TEXT NOT NULL,
    agent_type TEXT NOT NULL DEFAULT 'general',
    priority INTEGER NOT NULL DEFAULT 5,
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    input_data TEXT CHECK (input_data IS NULL OR json_valid(input_data)),
    result_data TEXT CHECK (result_data IS NULL OR json_valid(result_data)),
    error_message TEXT,
    retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
    max_retries INTEGER NOT NULL DEFAULT 3 CHECK (max_retries >= 0),
    max_execution_timeout_seconds INTEGER NOT NULL DEFAULT 3600
        CHECK (max_execution_timeout_seconds > 0),
    submitted_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    started_at TEXT,
    completed_at TEXT,
    last_updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    created_by TEXT,
    parent_task_id TEXT REFERENCES tasks (id),
    dependencies TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(dependencies)),
    session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL
);

CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    specialization TEXT NOT NULL,
    task_id TEXT REFERENCES tasks (id),
    state TEXT NOT NULL DEFAULT 'idle'
        CHECK (state IN ('idle', 'working', 'waiting', 'terminated')),
    model TEXT NOT NULL,
    spawned_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    terminated_at TEXT,
    resource_usage TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(resource_usage)),
    session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL
);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    agent_id TEXT REFERENCES agents (id),
    task_id TEXT REFERENCES tasks (id),
    action_type TEXT NOT NULL,
    action_data TEXT CHECK (action_data IS NULL OR json_valid(action_data)),
    result TEXT,
    memory_operation_type TEXT
        CHECK (memory_operation_type IS NULL
               OR memory_operation_type IN ('create', 'update', 'delete', 'consolidate', 'publish')),
    memory_namespace TEXT,
    memory_entry_id INTEGER REFERENCES memory_entries (id)
);

-- Superseded by sessions.state; kept for those who still read it.
CREATE TABLE state (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value)),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    UNIQUE (task_id, key)
);

CREATE TABLE metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    metric_name TEXT NOT NULL,
    metric_value REAL NOT NULL CHECK (metric_value >= 0),
    labels TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(labels))
);

CREATE TABLE checkpoints (
    task_id TEXT NOT NULL,
    iteration INTEGER NOT NULL CHECK (iteration >= 0),
    state TEXT NOT NULL CHECK (json_valid(state)),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    session_id TEXT,
    PRIMARY KEY (task_id, iteration)
);

-- sessions: 4, and 1 for the primary key
CREATE UNIQUE INDEX idx_sessions_pk ON sessions (id);
CREATE INDEX idx_sessions_status_updated ON sessions (status, last_update_time DESC)
    WHERE status IN ('active', 'paused');
CREATE INDEX idx_sessions_user_created ON sessions (user_id, created_at DESC);
CREATE INDEX idx_sessions_project ON sessions (project_id, created_at DESC)
    WHERE project_id IS NOT NULL;

-- memory_entries: 6, and 1 for (namespace, key, version)
CREATE UNIQUE INDEX idx_memory_entries_pk ON memory_entries (id);
CREATE INDEX idx_memory_namespace_key_version
    ON memory_entries (namespace, key, is_deleted, version DESC);
CREATE INDEX idx_memory_type_updated ON memory_entries (memory_type, updated_at DESC)
    WHERE is_deleted = 0;
CREATE INDEX idx_memory_namespace_prefix ON memory_entries (namespace, updated_at DESC)
    WHERE is_deleted = 0;
CREATE INDEX idx_memory_episodic_ttl ON memory_entries (memory_type, updated_at)
    WHERE memory_type = 'episodic' AND is_deleted = 0;
CREATE INDEX idx_memory_created_by ON memory_entries (created_by, created_at DESC);

-- document_index: 5, and 1 for file_path
CREATE UNIQUE INDEX idx_document_index_pk ON document_index (id);
CREATE UNIQUE INDEX idx_document_file_path ON document_index (file_path);
CREATE INDEX idx_document_type_created ON document_index (document_type, created_at DESC)
    WHERE document_type IS NOT NULL;
CREATE INDEX idx_document_sync_status ON document_index (sync_status, last_synced_at)
    WHERE sync_status IN ('pending', 'stale');
CREATE INDEX idx_document_content_hash ON document_index (content_hash);

-- tasks: 5, and 1 for the primary key
CREATE INDEX idx_tasks_status_priority ON tasks (status, priority DESC, submitted_at);
CREATE INDEX idx_tasks_submitted_at ON tasks (submitted_at);
CREATE INDEX idx_tasks_parent ON tasks (parent_task_id);
CREATE INDEX idx_tasks_running_timeout ON tasks (status, last_updated_at)
    WHERE status = 'running';
CREATE INDEX idx_tasks_session ON tasks (session_id, submitted_at DESC)
    WHERE session_id IS NOT NULL;

-- agents: 3, and 1 for the primary key
CREATE INDEX idx_agents_task ON agents (task_id);
CREATE INDEX idx_agents_state ON agents (state);
CREATE INDEX idx_agents_session ON agents (session_id, spawned_at DESC)
    WHERE session_id IS NOT NULL;

-- audit: 6
CREATE INDEX idx_audit_task ON audit (task_id, timestamp DESC);
CREATE INDEX idx_audit_agent ON audit (agent_id, timestamp DESC);
CREATE INDEX idx_audit_timestamp ON audit (timestamp DESC);
CREATE INDEX idx_audit_memory_operations ON audit (memory_operation_type, timestamp DESC)
    WHERE memory_operation_type IS NOT NULL;
CREATE INDEX idx_audit_memory_namespace ON audit (memory_namespace, timestamp DESC)
    WHERE memory_namespace IS NOT NULL;
CREATE INDEX idx_audit_memory_entry ON audit (memory_entry_id, timestamp DESC)
    WHERE memory_entry_id IS NOT NULL;

-- state, metrics, checkpoints: 1 each, and 1 each for the constraints of state and checkpoints
CREATE INDEX idx_state_task_key ON state (task_id, key);
CREATE INDEX idx_metrics_name_timestamp ON metrics (metric_name, timestamp DESC);
CREATE INDEX idx_checkpoints_task ON checkpoints (task_id, iteration DESC);
