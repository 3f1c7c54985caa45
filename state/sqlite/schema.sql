-- tkn.db, user_version 1. What a state is made of, a row per thing that changes by itself.
--
-- Constraint: one finished resource is one small durable transaction, whatever the size of the state; and after a
-- kill -9 the file says what was under way. Rejected: the whole state as one JSON text (Terraform's way), which costs
-- the whole file per resource (5,000 resources: 490 s) and is empty when the writer dies at the wrong moment.
--
-- Tables are named in the singular and belong to tkn: they change with user_version. The views below them are named in
-- the plural, show no secret, and are for everybody; they keep their columns.
--
-- Every table has a rowid: WITHOUT ROWID scanned 2.8 times slower with bodies of 1 KB. STRICT, so that a wrong type is
-- an error here and not a surprise when it is read.

-- What this file is for, where it is not simply the state: see state/tfstate/tfstate_store.h.
CREATE TABLE note (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- All workspaces lie in one file: they share a lock, a backup and a history. A row appears with the first write.
CREATE TABLE workspace (
  id                INTEGER PRIMARY KEY,
  name              TEXT    NOT NULL UNIQUE,
  lineage           TEXT    NOT NULL DEFAULT '',   -- '' until the first operation that changes something
  serial            INTEGER NOT NULL DEFAULT 0,    -- counts operations that changed something
  terraform_version TEXT    NOT NULL DEFAULT '',
  checks            TEXT    NOT NULL DEFAULT 'null' -- "check_results" as in tfstate, since nothing asks for a part of it
) STRICT;

-- Who may write. The operating system's lock on tkn.db.lock keeps others out and dies with its process; this row is what
-- each transaction looks at, so that a writer whose lock was taken from it (force-unlock) cannot write any more.
CREATE TABLE lock_holder (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  lock_id TEXT NOT NULL
) STRICT;

-- A resource block in one module instance. Apart from its objects, so that 100,000 instances of one block don't repeat
-- its name. Rows stay while an object, an intent or the history names them.
CREATE TABLE resource (
  id        INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL REFERENCES workspace(id) ON DELETE CASCADE,
  module    TEXT    NOT NULL,                      -- module.a["x"].module.b, '' for the root module
  mode      TEXT    NOT NULL CHECK (mode IN ('managed', 'data')),
  type      TEXT    NOT NULL,
  name      TEXT    NOT NULL,
  UNIQUE (workspace, module, type, name, mode)
) STRICT;

-- Provider configurations, named by many objects: provider["registry.terraform.io/linode/linode"].alias.
CREATE TABLE provider (
  id      INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE
) STRICT;

-- One object of one resource instance: the current one (deposed = '') or one that waits for its deletion.
-- key: INTEGER for count, TEXT for for_each, the empty BLOB where there is neither; NULL would let UNIQUE pass, and ''
-- is a key that for_each can have. The index below is also what orders a read of the state.
CREATE TABLE object (
  id                      INTEGER PRIMARY KEY,
  resource                INTEGER NOT NULL REFERENCES resource(id) ON DELETE CASCADE,
  key                     ANY     NOT NULL,
  deposed                 TEXT    NOT NULL DEFAULT '',
  provider                INTEGER NOT NULL REFERENCES provider(id),
  status                  TEXT    NOT NULL CHECK (status IN ('ready', 'tainted')),
  schema_version          INTEGER NOT NULL,
  attributes              TEXT    NOT NULL,        -- JSON; only the provider's schema gives it types
  sensitive               TEXT    NOT NULL DEFAULT '[]', -- JSON, paths as in tfstate's sensitive_attributes
  dependencies            TEXT    NOT NULL DEFAULT '[]', -- JSON, config addresses
  create_before_destroy   INTEGER NOT NULL DEFAULT 0,
  private                 BLOB    NOT NULL DEFAULT x'',
  identity                TEXT    NOT NULL DEFAULT '',   -- JSON, or '' if the provider has none
  identity_schema_version INTEGER NOT NULL DEFAULT 0,
  UNIQUE (resource, key, deposed)
) STRICT;

CREATE TABLE output (
  id        INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL REFERENCES workspace(id) ON DELETE CASCADE,
  name      TEXT    NOT NULL,
  value     TEXT    NOT NULL,
  type      TEXT    NOT NULL,
  sensitive INTEGER NOT NULL,
  UNIQUE (workspace, name)
) STRICT;

-- A provider call that was announced and has not been answered for. A row outlives only a process that died; the next
-- run asks the provider what became of it. Not a part of the state: no serial is spent on it.
CREATE TABLE intent (
  id               INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a late answer must not end another intent
  resource         INTEGER NOT NULL REFERENCES resource(id) ON DELETE CASCADE,
  key              ANY     NOT NULL,
  deposed          TEXT    NOT NULL DEFAULT '',
  provider         INTEGER NOT NULL REFERENCES provider(id),
  action           TEXT    NOT NULL CHECK (action IN ('create', 'update', 'delete')),
  planned          TEXT    NOT NULL,               -- JSON, less what is sensitive
  schema_version   INTEGER NOT NULL,
  started          INTEGER NOT NULL,               -- unix seconds
  serial           INTEGER NOT NULL,               -- of the operation that would have ended it
  object_is_stored INTEGER NOT NULL DEFAULT 0,
  UNIQUE (resource, key, deposed)
) STRICT;

-- History. One row per serial, with what the workspace was before it; the rows below it are what the state's rows were
-- before, each once per operation. An earlier state is the present one with these laid over it, backwards.
CREATE TABLE operation (
  id                       INTEGER PRIMARY KEY,
  workspace                INTEGER NOT NULL REFERENCES workspace(id) ON DELETE CASCADE,
  serial                   INTEGER NOT NULL,
  command                  TEXT    NOT NULL,
  who                      TEXT    NOT NULL,       -- user@host
  version                  TEXT    NOT NULL,       -- of tkn
  started                  INTEGER NOT NULL,       -- unix seconds
  finished                 INTEGER,                -- NULL: it runs, or it was killed
  before_serial            INTEGER NOT NULL,
  before_lineage           TEXT    NOT NULL,
  before_terraform_version TEXT    NOT NULL,
  before_checks            TEXT    NOT NULL,
  UNIQUE (workspace, serial)
) STRICT;

CREATE TABLE object_before (
  id                      INTEGER PRIMARY KEY,
  operation               INTEGER NOT NULL REFERENCES operation(id) ON DELETE CASCADE,
  resource                INTEGER NOT NULL REFERENCES resource(id) ON DELETE CASCADE,
  key                     ANY     NOT NULL,
  deposed                 TEXT    NOT NULL,
  provider                INTEGER REFERENCES provider(id), -- NULL: there was no such object, and so for the rest
  status                  TEXT,
  schema_version          INTEGER,
  attributes              TEXT,
  sensitive               TEXT,
  dependencies            TEXT,
  create_before_destroy   INTEGER,
  private                 BLOB,
  identity                TEXT,
  identity_schema_version INTEGER,
  UNIQUE (operation, resource, key, deposed)
) STRICT;

CREATE TABLE output_before (
  id        INTEGER PRIMARY KEY,
  operation INTEGER NOT NULL REFERENCES operation(id) ON DELETE CASCADE,
  name      TEXT    NOT NULL,
  value     TEXT,                                  -- NULL: there was no such output
  type      TEXT,
  sensitive INTEGER,
  UNIQUE (operation, name)
) STRICT;

-- Foreign keys that a DELETE above them would otherwise find by scanning.
CREATE INDEX object_before_resource ON object_before (resource);

-- What follows is for people: see docs/state.md. A top-level attribute with anything sensitive in it is shown as a whole
-- as "(sensitive value)": masking must not depend on a path still fitting the JSON below it.

CREATE VIEW addresses AS
SELECT r.id AS resource_id, w.name AS workspace, r.module, r.mode, r.type, r.name,
       CASE r.module WHEN '' THEN '' ELSE r.module || '.' END ||
       CASE r.mode WHEN 'data' THEN 'data.' ELSE '' END || r.type || '.' || r.name AS address
FROM resource r JOIN workspace w ON w.id = r.workspace;

CREATE VIEW resources AS
SELECT a.workspace,
       a.address || CASE typeof(o.key)
         WHEN 'integer' THEN '[' || o.key || ']'
         WHEN 'text' THEN '["' || replace(replace(replace(replace(replace(replace(replace(o.key,
           '\', '\\'), '"', '\"'), char(10), '\n'), char(13), '\r'), char(9), '\t'), '${', '$${'), '%{', '%%{') || '"]'
         ELSE '' END AS address,
       a.module, a.mode, a.type, a.name,
       CASE typeof(o.key) WHEN 'blob' THEN NULL ELSE o.key END AS key,
       nullif(o.deposed, '') AS deposed,
       p.address AS provider,
       o.status,
       o.schema_version,
       CASE
         WHEN o.sensitive = '[]' THEN o.attributes
         WHEN EXISTS (SELECT 1 FROM json_each(o.sensitive) s WHERE json_array_length(s.value) = 0) THEN '"(sensitive value)"'
         ELSE json_patch(o.attributes,
           (SELECT json_group_object(json_extract(s.value, '$[0].value'), '(sensitive value)') FROM json_each(o.sensitive) s))
       END AS attributes,
       o.dependencies
FROM object o JOIN addresses a ON a.resource_id = o.resource JOIN provider p ON p.id = o.provider;

CREATE VIEW outputs AS
SELECT w.name AS workspace, o.name,
       CASE WHEN o.sensitive THEN '"(sensitive value)"' ELSE o.value END AS value,
       o.type, o.sensitive
FROM output o JOIN workspace w ON w.id = o.workspace;

CREATE VIEW workspaces AS
SELECT w.name, w.lineage, w.serial, w.terraform_version,
       (SELECT count(*) FROM resource r JOIN object o ON o.resource = r.id WHERE r.workspace = w.id) AS objects
FROM workspace w;

CREATE VIEW operations AS
SELECT w.name AS workspace, o.serial, o.command, o.who, o.version,
       strftime('%Y-%m-%dT%H:%M:%SZ', o.started, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', o.finished, 'unixepoch') AS finished,
       (SELECT count(*) FROM object_before b WHERE b.operation = o.id) AS objects_changed
FROM operation o JOIN workspace w ON w.id = o.workspace;

CREATE VIEW intents AS
SELECT a.workspace,
       a.address || CASE typeof(i.key)
         WHEN 'integer' THEN '[' || i.key || ']'
         WHEN 'text' THEN '["' || replace(replace(replace(replace(replace(replace(replace(i.key,
           '\', '\\'), '"', '\"'), char(10), '\n'), char(13), '\r'), char(9), '\t'), '${', '$${'), '%{', '%%{') || '"]'
         ELSE '' END AS address,
       nullif(i.deposed, '') AS deposed, i.action, p.address AS provider, i.planned,
       strftime('%Y-%m-%dT%H:%M:%SZ', i.started, 'unixepoch') AS started, i.serial
FROM intent i JOIN addresses a ON a.resource_id = i.resource JOIN provider p ON p.id = i.provider;
