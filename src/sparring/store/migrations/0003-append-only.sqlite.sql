-- The log is only ever added to, whoever is connected.
CREATE TRIGGER answer_refuses_update BEFORE UPDATE ON answer
BEGIN
    SELECT RAISE(ABORT, 'answer is a log: rows are added, never changed');
END;
CREATE TRIGGER answer_refuses_delete BEFORE DELETE ON answer
BEGIN
    SELECT RAISE(ABORT, 'answer is a log: rows are added, never changed');
END;
CREATE TRIGGER grade_refuses_update BEFORE UPDATE ON grade
BEGIN
    SELECT RAISE(ABORT, 'grade is a log: rows are added, never changed');
END;
CREATE TRIGGER grade_refuses_delete BEFORE DELETE ON grade
BEGIN
    SELECT RAISE(ABORT, 'grade is a log: rows are added, never changed');
END;
CREATE TRIGGER override_refuses_update BEFORE UPDATE ON override
BEGIN
    SELECT RAISE(ABORT, 'override is a log: rows are added, never changed');
END;
CREATE TRIGGER override_refuses_delete BEFORE DELETE ON override
BEGIN
    SELECT RAISE(ABORT, 'override is a log: rows are added, never changed');
END;
CREATE TRIGGER review_refuses_update BEFORE UPDATE ON review
BEGIN
    SELECT RAISE(ABORT, 'review is a log: rows are added, never changed');
END;
CREATE TRIGGER review_refuses_delete BEFORE DELETE ON review
BEGIN
    SELECT RAISE(ABORT, 'review is a log: rows are added, never changed');
END;
CREATE TRIGGER undo_refuses_update BEFORE UPDATE ON undo
BEGIN
    SELECT RAISE(ABORT, 'undo is a log: rows are added, never changed');
END;
CREATE TRIGGER undo_refuses_delete BEFORE DELETE ON undo
BEGIN
    SELECT RAISE(ABORT, 'undo is a log: rows are added, never changed');
END;
