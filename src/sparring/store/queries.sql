-- Every statement that the store runs, by name, for SQLite and PostgreSQL alike (aiosql: ^ one row, $ one value, ! change).
-- The tables answer, grade, override, review and undo are a log: they are inserted into and read, nothing else.

-- name: add_answer(id, question, follow_up, text, seconds, via, at)!
INSERT INTO answer (id, question, follow_up, text, seconds, via, at)
VALUES (:id, :question, :follow_up, :text, :seconds, :via, :at);

-- name: add_grade(id, answer, grade, grader, at)!
INSERT INTO grade (id, answer, grade, grader, at) VALUES (:id, :answer, :grade, :grader, :at);

-- name: add_override(id, answer, criterion, verdict, at)!
INSERT INTO override (id, answer, criterion, verdict, at) VALUES (:id, :answer, :criterion, :verdict, :at);

-- name: add_review(id, question, answer, rating, at, before, after)!
INSERT INTO review (id, question, answer, rating, at, before, after)
VALUES (:id, :question, :answer, :rating, :at, :before, :after);

-- name: add_undo(id, review, at)!
INSERT INTO undo (id, review, at) VALUES (:id, :review, :at);

-- name: answer(id)^
SELECT id, question, follow_up, text, seconds, via, at FROM answer WHERE id = :id;

-- name: answers(before_at, before_id, most)
-- Newest first, those older than the given place.
SELECT id, question, follow_up, text, seconds, via, at FROM answer
WHERE (at, id) < (:before_at, :before_id) ORDER BY at DESC, id DESC LIMIT :most;

-- name: answers_of(question, before_at, before_id, most)
SELECT id, question, follow_up, text, seconds, via, at FROM answer
WHERE question = :question AND (at, id) < (:before_at, :before_id) ORDER BY at DESC, id DESC LIMIT :most;

-- name: grade(answer)^
SELECT id, answer, grade, grader, at FROM grade WHERE answer = :answer ORDER BY at DESC, id DESC LIMIT 1;

-- name: latest_grades()
-- For each question the newest grade of an answer to the question itself, not to its follow-up. The ranking reads the
-- index only; the grades themselves, which are long, are read for the chosen ones.
SELECT ranked.question, grade.id, grade.answer, grade.grade, grade.grader, grade.at FROM (
    SELECT answer.question, grade.id,
        ROW_NUMBER() OVER (PARTITION BY answer.question ORDER BY grade.at DESC, grade.id DESC) AS place
    FROM grade JOIN answer ON answer.id = grade.answer
    WHERE answer.follow_up IS NULL
) AS ranked JOIN grade ON grade.id = ranked.id
WHERE ranked.place = 1 ORDER BY ranked.question;

-- name: judged()
-- Oldest first: what was rated or corrected, with its newest grade and its rating. Follow-ups are left out.
SELECT answer.id, answer.question, grade.grade, review.rating FROM answer
JOIN grade ON grade.id = (
    SELECT own.id FROM grade AS own WHERE own.answer = answer.id ORDER BY own.at DESC, own.id DESC LIMIT 1
)
LEFT JOIN review ON review.id = (
    SELECT own.id FROM review AS own
    WHERE own.answer = answer.id AND NOT EXISTS (SELECT 1 FROM undo WHERE undo.review = own.id)
    ORDER BY own.at DESC, own.id DESC LIMIT 1
)
WHERE answer.follow_up IS NULL
    AND (review.id IS NOT NULL OR EXISTS (SELECT 1 FROM override WHERE override.answer = answer.id))
ORDER BY answer.at, answer.id;

-- name: overrides(answer)
SELECT id, answer, criterion, verdict, at FROM override WHERE answer = :answer ORDER BY at, id;

-- name: review(id)^
SELECT id, question, answer, rating, at, before, after FROM review WHERE id = :id;

-- name: reviews(since)
-- Oldest first, without those taken back.
SELECT id, question, answer, rating, at, before, after FROM review
WHERE at >= :since AND NOT EXISTS (SELECT 1 FROM undo WHERE undo.review = review.id) ORDER BY at, id;

-- name: last_review()^
SELECT id, question, answer, rating, at, before, after FROM review
WHERE NOT EXISTS (SELECT 1 FROM undo WHERE undo.review = review.id) ORDER BY at DESC, id DESC LIMIT 1;

-- name: review_of(answer)^
SELECT id, question, answer, rating, at, before, after FROM review
WHERE answer = :answer AND NOT EXISTS (SELECT 1 FROM undo WHERE undo.review = review.id)
ORDER BY at DESC, id DESC LIMIT 1;

-- name: last_review_of(question)^
SELECT id, question, answer, rating, at, before, after FROM review
WHERE question = :question AND NOT EXISTS (SELECT 1 FROM undo WHERE undo.review = review.id)
ORDER BY at DESC, id DESC LIMIT 1;

-- name: card(question)$
SELECT card FROM card WHERE question = :question;

-- name: cards()
SELECT card FROM card ORDER BY question;

-- name: put_card(question, card)!
INSERT INTO card (question, card) VALUES (:question, :card)
ON CONFLICT (question) DO UPDATE SET card = excluded.card;

-- name: remove_card(question)!
DELETE FROM card WHERE question = :question;

-- name: draft(question)^
SELECT question, text, at FROM draft WHERE question = :question;

-- name: put_draft(question, text, at)!
-- An older draft, from another tab or a slow request, never replaces a newer one.
INSERT INTO draft (question, text, at) VALUES (:question, :text, :at)
ON CONFLICT (question) DO UPDATE SET text = excluded.text, at = excluded.at WHERE excluded.at >= draft.at;

-- name: remove_draft(question)!
DELETE FROM draft WHERE question = :question;

-- name: preferences()$
SELECT preferences FROM preference WHERE id = 1;

-- name: put_preferences(preferences)!
INSERT INTO preference (id, preferences) VALUES (1, :preferences)
ON CONFLICT (id) DO UPDATE SET preferences = excluded.preferences;

-- name: request(key)^
SELECT key, fingerprint, resource, at FROM request WHERE key = :key;

-- name: add_request(key, fingerprint, resource, at)!
INSERT INTO request (key, fingerprint, resource, at) VALUES (:key, :fingerprint, :resource, :at);

-- name: remove_requests(before)!
DELETE FROM request WHERE at < :before;

-- name: all_answers()
SELECT id, question, follow_up, text, seconds, via, at FROM answer ORDER BY at, id;

-- name: all_grades()
SELECT id, answer, grade, grader, at FROM grade ORDER BY at, id;

-- name: all_overrides()
SELECT id, answer, criterion, verdict, at FROM override ORDER BY at, id;

-- name: all_reviews()
SELECT id, question, answer, rating, at, before, after FROM review ORDER BY at, id;

-- name: all_undos()
SELECT id, review, at FROM undo ORDER BY at, id;

-- name: all_drafts()
SELECT question, text, at FROM draft ORDER BY question;

-- name: all_requests()
SELECT key, fingerprint, resource, at FROM request ORDER BY at, key;
