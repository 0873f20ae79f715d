-- The schema as it is now, to be read; a test proves that the files in migrations/ add up to it.
-- Times are UTC text of fixed width (2026-11-22T12:00:00.000000Z), nested values are JSON text.

-- The log. Triggers refuse every change of a row (migrations 0003).

CREATE TABLE answer (
    id TEXT PRIMARY KEY NOT NULL,
    question TEXT NOT NULL,
    follow_up TEXT, -- the id of the question's follow-up that was answered
    text TEXT NOT NULL,
    seconds DOUBLE PRECISION,
    via TEXT NOT NULL CHECK (via IN ('typed', 'spoken', 'terminal')),
    at TEXT NOT NULL
);
CREATE INDEX answer_by_time ON answer (at, id);
CREATE INDEX answer_by_question ON answer (question, at, id);

-- An answer may be graded again, by a newer grader or a model; the newest grade counts.
CREATE TABLE grade (
    id TEXT PRIMARY KEY NOT NULL,
    answer TEXT NOT NULL REFERENCES answer (id),
    grade TEXT NOT NULL, -- a Grade
    grader TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX grade_by_answer ON grade (answer, at, id);

-- The candidate's own verdict on one criterion of an answer.
CREATE TABLE override (
    id TEXT PRIMARY KEY NOT NULL,
    answer TEXT NOT NULL REFERENCES answer (id),
    criterion TEXT NOT NULL,
    verdict TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX override_by_answer ON override (answer, at, id);

CREATE TABLE review (
    id TEXT PRIMARY KEY NOT NULL,
    question TEXT NOT NULL,
    answer TEXT REFERENCES answer (id), -- none where the candidate rated without answering
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),
    at TEXT NOT NULL,
    before TEXT NOT NULL, -- the Card before
    after TEXT NOT NULL -- and after
);
CREATE INDEX review_by_time ON review (at, id);
CREATE INDEX review_by_question ON review (question, at, id);
CREATE INDEX review_by_answer ON review (answer, at, id);

-- A review can be taken back once.
CREATE TABLE undo (
    id TEXT PRIMARY KEY NOT NULL,
    review TEXT NOT NULL UNIQUE REFERENCES review (id),
    at TEXT NOT NULL
);

-- The state, which follows from the log or is worth nothing without it.

CREATE TABLE card (
    question TEXT PRIMARY KEY NOT NULL,
    card TEXT NOT NULL -- a Card, read and written as a whole
);

CREATE TABLE draft (
    question TEXT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE preference (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), -- one row
    preferences TEXT NOT NULL -- Preferences
);

-- Requests that were carried out under an Idempotency-Key.
CREATE TABLE request (
    key TEXT PRIMARY KEY NOT NULL,
    fingerprint TEXT NOT NULL,
    resource TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX request_by_time ON request (at);
