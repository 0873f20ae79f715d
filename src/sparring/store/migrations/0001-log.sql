CREATE TABLE answer (
    id TEXT PRIMARY KEY NOT NULL,
    question TEXT NOT NULL,
    follow_up TEXT,
    text TEXT NOT NULL,
    seconds DOUBLE PRECISION,
    via TEXT NOT NULL CHECK (via IN ('typed', 'spoken', 'terminal')),
    at TEXT NOT NULL
);
CREATE INDEX answer_by_time ON answer (at, id);
CREATE INDEX answer_by_question ON answer (question, at, id);

CREATE TABLE grade (
    id TEXT PRIMARY KEY NOT NULL,
    answer TEXT NOT NULL REFERENCES answer (id),
    grade TEXT NOT NULL,
    grader TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX grade_by_answer ON grade (answer, at, id);

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
    answer TEXT REFERENCES answer (id),
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),
    at TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
);
CREATE INDEX review_by_time ON review (at, id);
CREATE INDEX review_by_question ON review (question, at, id);
CREATE INDEX review_by_answer ON review (answer, at, id);

CREATE TABLE undo (
    id TEXT PRIMARY KEY NOT NULL,
    review TEXT NOT NULL UNIQUE REFERENCES review (id),
    at TEXT NOT NULL
);
