-- Records that are read as a whole are JSON documents; what is searched or changed alone has a
-- column. Times are milliseconds since 1970.

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    email TEXT UNIQUE,
    password TEXT,
    active INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE ticket (
    hash BLOB PRIMARY KEY,
    purpose TEXT NOT NULL,
    account TEXT,
    expires_at INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_by_account ON ticket (account, purpose);
CREATE INDEX ticket_by_end ON ticket (expires_at);

CREATE TABLE client (
    id TEXT PRIMARY KEY,
    enabled INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    cookie BLOB NOT NULL UNIQUE,
    account TEXT NOT NULL,
    address TEXT,
    last_used_at INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_end ON session (idle_expires_at);

CREATE TABLE consent (
    account TEXT NOT NULL,
    client TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_by_client ON consent (client);

CREATE TABLE code (
    hash BLOB PRIMARY KEY,
    client TEXT NOT NULL,
    account TEXT NOT NULL,
    session TEXT,
    expires_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    access_token TEXT,
    family TEXT,
    replayed_at INTEGER
) STRICT;
CREATE INDEX code_by_end ON code (expires_at);
CREATE INDEX code_by_account ON code (account);
CREATE INDEX code_by_client ON code (client);
CREATE INDEX code_by_session ON code (session);

CREATE TABLE family (
    id TEXT PRIMARY KEY,
    client TEXT NOT NULL,
    account TEXT NOT NULL,
    session TEXT,
    offline INTEGER NOT NULL,
    confirmation TEXT,
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    rotated_at INTEGER,
    question BLOB,
    sealed_answer BLOB,
    revoked_at INTEGER
) STRICT;
CREATE INDEX family_by_account ON family (account);
CREATE INDEX family_by_client ON family (client);
CREATE INDEX family_by_session ON family (session);
CREATE INDEX family_by_end ON family (expires_at);

CREATE TABLE once (
    name TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX once_by_end ON once (expires_at);

CREATE TABLE signing_key (
    key_id TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL,
    public TEXT NOT NULL,
    sealed_private BLOB,
    published_at INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    retires_at INTEGER NOT NULL,
    removed_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

-- Roles, groups and APIs.
CREATE TABLE definition (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a number never comes again, even when all entries lapsed.
CREATE TABLE revocation (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    expires_at INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX revocation_by_end ON revocation (expires_at);

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
