"""This file writes flashcards as a CSV file that spreadsheets and Anki open, and reads such a file back.

The first lines are Anki's file headers (https://docs.ankiweb.net/importing/text-files.html#file-headers); a file
without them may name its columns in its first row instead.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sparring.bank.flashcards import DECK, FIELDS, MODEL, Flashcard, flashcard_of
from sparring.content import Question

COLUMNS = (*FIELDS, "tags", "guid")
NEEDED = ("question", "answer")
HEADERS = (
    "#separator:Comma",
    "#html:true",
    f"#notetype:{MODEL}",
    f"#deck:{DECK}",
    f"#tags column:{len(COLUMNS) - 1}",
    f"#guid column:{len(COLUMNS)}",
    f"#columns:{','.join(COLUMNS)}",
)
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", ",": ",", ";": ";", "\t": "\t", "|": "|"}
HEADER = re.compile(r"#([a-z ]+):(.*?)\r?\n?", re.IGNORECASE)


class BadSheet(ValueError):
    """The text is no sheet of flashcards; the message names the row and the column, both counted from 1."""


def write_sheet(questions: Iterable[Question]) -> str:
    """Return the questions as CSV, one flashcard a row."""
    return write_flashcards(flashcard_of(each) for each in questions)


def write_flashcards(cards: Iterable[Flashcard]) -> str:
    """Return flashcards as CSV."""
    text = io.StringIO(newline="")
    text.writelines(f"{line}\n" for line in HEADERS)
    # Every cell in quotes: else a question that begins with # would read as a header.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for card in cards:
        writer.writerow([*(getattr(card, name) for name in FIELDS), " ".join(card.tags), card.guid])
    return text.getvalue()


def read_sheet(text: str) -> list[Flashcard]:
    """Return the flashcards of a CSV file: `question` and `answer` must be there, the other columns may be.

    Raises:
        BadSheet: naming the row and the column of the first mistake.
    """
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    headers = _headers(lines)
    separator = _separator(headers.get("separator", "comma"))
    rows = list(_rows(lines[len(headers) :], separator, first=len(headers) + 1))
    if "columns" in headers:
        columns = next(csv.reader([headers["columns"]], delimiter=separator))
    elif rows:
        columns = rows.pop(0)[1]
    else:
        raise BadSheet("row 1: the file is empty; write the names of the columns and one question a row")
    return _cards(_checked(columns, len(headers) + 1), rows)


def _headers(lines: Sequence[str]) -> dict[str, str]:
    """Return Anki's headers, the lines at the top that begin with #."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.startswith("#"):
            break
        header = HEADER.fullmatch(line)
        if header is None or header[1].lower() in found:
            raise BadSheet(f"row {number}: {line.strip()!r} is no header, or stands twice; write it as #name:value")
        found[header[1].lower()] = header[2]
    return found


def _separator(name: str) -> str:
    if name.strip(" ").lower() not in SEPARATORS:
        raise BadSheet(f"#separator: {name!r} is not known; use {', '.join(list(SEPARATORS)[:4])}")
    return SEPARATORS[name.strip(" ").lower()]


def _rows(lines: Sequence[str], separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the line of the file on which it begins."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = first
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadSheet(f"row {begins}: {error}; put the cell in quotes and double the quotes inside") from error
        if any(row):
            yield begins, row
        begins = first + reader.line_num


def _checked(columns: Sequence[str], row: int) -> list[str]:
    """Return the columns' names in lower case, checked."""
    names = [name.strip().lower() for name in columns]
    for number, name in enumerate(names, start=1):
        if name not in COLUMNS or name in names[: number - 1]:
            raise BadSheet(
                f"row {row}, column {number}: {name!r} is not known or stands twice; use {', '.join(COLUMNS)}"
            )
    for name in NEEDED:
        if name not in names:
            raise BadSheet(f"row {row}: there is no column {name!r}; add it")
    return names


def _cards(columns: Sequence[str], rows: Iterable[tuple[int, list[str]]]) -> list[Flashcard]:
    cards: list[Flashcard] = []
    seen: dict[str, int] = {}
    for row, cells in rows:
        if len(cells) != len(columns):
            column = min(len(cells), len(columns)) + 1
            raise BadSheet(f"row {row}, column {column}: there are {len(cells)} cells for {len(columns)} columns")
        card = _card(dict(zip(columns, cells, strict=True)), row)
        if card.guid and card.guid in seen:
            raise BadSheet(f"row {row}, column guid: {card.guid!r} stands in row {seen[card.guid]} already; change one")
        seen[card.guid] = row
        cards.append(card)
    return cards


def _card(cells: Mapping[str, str], row: int) -> Flashcard:
    for name, cell in cells.items():
        if "\0" in cell:
            raise BadSheet(f"row {row}, column {name}: has a NUL character; remove it")
    for name in NEEDED:
        if not cells[name].strip():
            raise BadSheet(f"row {row}, column {name}: is empty; fill it or remove the row")
    fields = {name: cell for name, cell in cells.items() if name in FIELDS}
    return Flashcard(guid=cells.get("guid", ""), tags=tuple(cells.get("tags", "").split()), **fields)
