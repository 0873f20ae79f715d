DROP TRIGGER answer_refuses_change ON answer;
DROP TRIGGER grade_refuses_change ON grade;
DROP TRIGGER override_refuses_change ON override;
DROP TRIGGER review_refuses_change ON review;
DROP TRIGGER undo_refuses_change ON undo;
DROP FUNCTION refuse_change();
