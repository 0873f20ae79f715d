DROP TABLE undo;
DROP TABLE review;
DROP TABLE override;
DROP TABLE grade;
DROP TABLE answer;
