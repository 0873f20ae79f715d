DROP TABLE request;
DROP TABLE preference;
DROP TABLE draft;
DROP TABLE card;
