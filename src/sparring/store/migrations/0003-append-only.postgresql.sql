-- The log is only ever added to, whoever is connected.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is a log: rows are added, never changed', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER answer_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON answer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER grade_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON grade
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER override_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON override
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER review_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER undo_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON undo
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
