"""This file is the store: the log of everything a candidate did, and the state that follows from it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from sparring.scheduling.card import Card
from sparring.settings import Preferences
from sparring.store import export
from sparring.store.columns import Row, from_columns, to_columns, to_json, to_text
from sparring.store.connections import Connections, Database
from sparring.store.errors import BadExport, CannotOpen, Missing, Stale, StoreError
from sparring.store.rows import Answer, Contents, Draft, GradeRow, Judged, Override, Request, Review, Undo
from sparring.store.schema import migrate

LATEST = ("9999-12-31T23:59:59.999999Z", "")
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


def open_store(url: str) -> "Store":
    """Open the store at `url`, `sqlite:///path` or `postgresql://...`; make it or bring it up to date where needed.

    Raises:
        CannotOpen: when the URL is neither, the place cannot be written, or the database is damaged, belongs to another
            program or was written by a newer Sparring. The database is then as it was.
    """
    database = _database(url)
    connections = Connections(database)
    try:
        migrate(database, connections)
        connections.call(database.make_ready)
    except BaseException:
        connections.close()
        raise
    return Store(database, connections)


class Store:
    """Everything that is remembered, in SQLite or PostgreSQL.

    It is used from many threads and processes at once. Every method that adds or puts is one transaction and is on the
    disk when it returns; inside `transaction()` all of them are, when that ends. Writing transactions run one after
    another, on either database, so that what one reads stays true until it ends. Answers, grades, overrides, reviews
    and undos are only ever added. "Newest" means by `at`, then by `id`.

    Every method may raise `Unreachable`; the adding ones also `Taken`, `Missing` and `Unstorable`.
    """

    def __init__(self, database: Database, connections: Connections) -> None:
        self._connections = connections
        self._queries = _queries(database.adapter)

    def transaction(self) -> AbstractContextManager[None]:
        """Keep all that this thread does inside, or nothing of it where it raises; may be nested.

        An inner part that raises is undone by itself, so that the outer one can go on without it.
        """
        return self._connections.transaction()

    def close(self) -> None:
        """Close the connections; the store is not used after that."""
        self._connections.close()

    def add_answer(self, answer: Answer) -> None:
        """Keep an answer."""
        self._add("add_answer", answer)

    def answer(self, answer_id: str) -> Answer | None:
        """Return the answer of that id."""
        return self._one("answer", Answer, id=answer_id)

    def answers(self, question: str | None = None, before: str | None = None, limit: int = 50) -> list[Answer]:
        """Return at most `limit` answers, newest first, of one question or of all.

        Only those older than the answer of the id `before` are returned, which is how the next page is asked for.

        Raises:
            Missing: when there is no answer `before`.
        """
        before_at, before_id = LATEST if before is None else self._place(before)
        where = {"before_at": before_at, "before_id": before_id, "most": limit}
        if question is None:
            return self._all("answers", Answer, **where)
        return self._all("answers_of", Answer, question=question, **where)

    def add_grade(self, grade: GradeRow) -> None:
        """Keep a grade of an answer."""
        self._add("add_grade", grade)

    def grade(self, answer_id: str) -> GradeRow | None:
        """Return the newest grade of an answer."""
        return self._one("grade", GradeRow, answer=answer_id)

    def latest_grades(self) -> Mapping[str, GradeRow]:
        """Return the newest grade of each question that has one; grades of follow-ups do not count."""
        rows = self._rows("latest_grades")
        return {question: from_columns(GradeRow, columns) for question, *columns in rows}

    def add_override(self, override: Override) -> None:
        """Keep the candidate's own verdict on a finding."""
        self._add("add_override", override)

    def overrides(self, answer_id: str) -> list[Override]:
        """Return the overrides of an answer's findings, oldest first; of one criterion the last one counts."""
        return self._all("overrides", Override, answer=answer_id)

    def all_overrides(self) -> list[Override]:
        """Return the overrides of all answers' findings, oldest first."""
        return self._all("all_overrides", Override)

    def judged(self) -> list[Judged]:
        """Return the answers to questions that the candidate rated, and did not take that back, or corrected."""
        return self._all("judged", Judged)

    def card(self, question: str) -> Card | None:
        """Return the card of a question."""
        text = self._run("card", question=question)
        return None if text is None else msgspec.json.decode(text, type=Card)

    def cards(self) -> list[Card]:
        """Return every card, in the order of the questions' ids."""
        return [msgspec.json.decode(text, type=Card) for (text,) in self._rows("cards")]

    def put_card(self, card: Card) -> None:
        """Keep a card in place of the one the question had, as for suspending it."""
        self._add("put_card", card)

    def add_review(self, review: Review) -> None:
        """Keep a review and the card it leads to.

        Raises:
            Stale: when the question's card is no longer `review.before`.
        """
        with self.transaction():
            card = self.card(review.question)
            if card != review.before and not (card is None and review.before.last_review is None):
                raise Stale(f"the card of {review.question} was changed in between; show it again and rate it then")
            self._add("add_review", review)
            self.put_card(review.after)

    def reviews(self, since: datetime | None = None) -> list[Review]:
        """Return the reviews from `since` on, oldest first, without those taken back."""
        return self._all("reviews", Review, since=to_text(since or EARLIEST))

    def review_of(self, answer_id: str) -> Review | None:
        """Return the newest review that an answer led to, if it was not taken back."""
        return self._one("review_of", Review, answer=answer_id)

    def last_review(self) -> Review | None:
        """Return the newest review that was not taken back."""
        return self._one("last_review", Review)

    def add_undo(self, undo: Undo) -> None:
        """Take a review back: its question has the card again that it had before, or none where it had none.

        Raises:
            Missing: when there is no such review.
            Stale: when the question has a newer review, or this one was taken back already.
        """
        with self.transaction():
            review = self._one("review", Review, id=undo.review)
            if review is None:
                raise Missing(f"there is no review {undo.review}")
            last = self._one("last_review_of", Review, question=review.question)
            if last is None or last.id != review.id:
                raise Stale(f"{undo.review} is not the last review of {review.question}; take that one back first")
            self._add("add_undo", undo)
            now = self.card(review.question)
            # Whether a question is set aside is no part of its reviews, and stays as it is.
            self._put_back(replace(review.before, suspended=now.suspended) if now else review.before)

    def put_draft(self, draft: Draft) -> None:
        """Keep a draft, unless the question has one that is newer."""
        self._add("put_draft", draft)

    def draft(self, question: str) -> Draft | None:
        """Return the draft of an answer to a question."""
        return self._one("draft", Draft, question=question)

    def remove_draft(self, question: str) -> None:
        """Forget the draft of a question, if there is one."""
        self._change("remove_draft", question=question)

    def preferences(self) -> Preferences:
        """Return what the candidate chose, or the defaults; a choice this program does not know is left out."""
        return self._preferences() or Preferences()

    def put_preferences(self, preferences: Preferences) -> None:
        """Keep what the candidate chose."""
        self._change("put_preferences", preferences=to_json(preferences))

    def request(self, key: str) -> Request | None:
        """Return the request that was carried out under an idempotency key."""
        return self._one("request", Request, key=key)

    def add_request(self, request: Request) -> None:
        """Keep that a request was carried out; of two at once under one key the second one raises `Taken`."""
        self._add("add_request", request)

    def remove_requests(self, before: datetime) -> None:
        """Forget the requests older than `before`."""
        self._change("remove_requests", before=to_text(before))

    def dump(self) -> dict[str, Any]:
        """Return everything as JSON values, as it was at one moment."""
        return export.dump(self.contents())

    def load(self, document: dict[str, Any]) -> None:
        """Add what `dump` returned, here or elsewhere; what is there already stays as it is.

        Raises:
            BadExport: naming the faulty place; nothing is added then.
        """
        contents = export.read(document)
        with self.transaction():
            there = self.contents()
            for place, query, row in export.missing(contents, there):
                try:
                    self._run(query, **_columns(row))
                except StoreError as error:
                    raise BadExport(f"{place}: {error}") from error
            if contents.preferences is not None and there.preferences is None:
                self.put_preferences(contents.preferences)

    def contents(self) -> Contents:
        """Return everything as rows, as it was at one moment."""
        with self.transaction():
            return Contents(
                answers=tuple(self._all("all_answers", Answer)),
                grades=tuple(self._all("all_grades", GradeRow)),
                overrides=tuple(self.all_overrides()),
                reviews=tuple(self._all("all_reviews", Review)),
                undos=tuple(self._all("all_undos", Undo)),
                cards=tuple(self.cards()),
                drafts=tuple(self._all("all_drafts", Draft)),
                requests=tuple(self._all("all_requests", Request)),
                preferences=self._preferences(),
            )

    def _add(self, query: str, row: msgspec.Struct) -> None:
        self._change(query, **_columns(row))

    def _change(self, query: str, **values: Any) -> None:
        with self.transaction():
            self._run(query, **values)

    def _run(self, query: str, **values: Any) -> Any:
        return self._connections.call(lambda connection: getattr(self._queries, query)(connection, **values))

    def _rows(self, query: str, **values: Any) -> list[Any]:
        rows: list[Any] = self._connections.call(
            lambda connection: list(getattr(self._queries, query)(connection, **values))
        )
        return rows

    def _one(self, query: str, kind: type[Row], **values: Any) -> Row | None:
        columns = self._run(query, **values)
        return None if columns is None else from_columns(kind, columns)

    def _all(self, query: str, kind: type[Row], **values: Any) -> list[Row]:
        return [from_columns(kind, columns) for columns in self._rows(query, **values)]

    def _place(self, answer_id: str) -> tuple[str, str]:
        """Return where an answer stands in the order of all."""
        answer = self.answer(answer_id)
        if answer is None:
            raise Missing(f"there is no answer {answer_id} to go on from; ask for the first page again")
        return to_text(answer.at), answer.id

    def _put_back(self, card: Card) -> None:
        """Restore a card; one that was never reviewed nor suspended says nothing, and the question had none."""
        if card.last_review is None and not card.suspended:
            self._change("remove_card", question=card.question)
        else:
            self.put_card(card)

    def _preferences(self) -> Preferences | None:
        text = self._run("preferences")
        if text is None:
            return None
        kept = msgspec.json.decode(text, type=dict[str, Any])
        return msgspec.convert({k: v for k, v in kept.items() if k in Preferences.__struct_fields__}, Preferences)


def _columns(row: msgspec.Struct) -> dict[str, Any]:
    """Return the columns of a row; a card is kept whole."""
    if isinstance(row, Card):
        return {"question": row.question, "card": to_json(row)}
    return to_columns(row)


def _database(url: str) -> Database:
    """Return the database that `url` names."""
    if url.startswith("sqlite:///"):
        from sparring.store.sqlite import Sqlite

        return Sqlite(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        from sparring.store.postgres import Postgres

        return Postgres(url)
    shown = url.partition(":")[0] or url
    raise CannotOpen(f"a database URL begins with sqlite:/// or postgresql://, not with {shown!r}; correct it")


@cache
def _queries(adapter: str) -> Any:
    """Return the statements of queries.sql as functions of a connection."""
    import aiosql

    return aiosql.from_path(Path(__file__).with_name("queries.sql"), adapter)
