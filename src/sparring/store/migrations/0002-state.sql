CREATE TABLE card (
    question TEXT PRIMARY KEY NOT NULL,
    card TEXT NOT NULL
);

CREATE TABLE draft (
    question TEXT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE preference (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    preferences TEXT NOT NULL
);

CREATE TABLE request (
    key TEXT PRIMARY KEY NOT NULL,
    fingerprint TEXT NOT NULL,
    resource TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX request_by_time ON request (at);
