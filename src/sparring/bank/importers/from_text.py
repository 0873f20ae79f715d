"""This file turns plain text into the outline of a document."""

import re

from sparring.bank.importers.outline import Line

INDENT = re.compile(r"[ \t]*")
UNDERLINE = re.compile(r"^(?:={3,}|-{3,})\s*$")
LONGEST_TITLE = 120
INDENTED = 2
FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*([\w+#.-]*)\s*$")


def lines_of_text(text: str) -> list[Line]:
    """Return one outline line for each line of `text`; what stands indented counts as inside a list."""
    lines: list[Line] = []
    fence, language = "", ""
    for number, raw in enumerate(text.split("\n"), start=1):
        mark = FENCE.match(raw)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2]:
                fence = ""
            else:
                lines.append(Line(raw, number, code=language))
        elif mark:
            fence, language = mark[1], mark[2]
        elif UNDERLINE.match(raw) and lines and _is_underlined(lines[-1]):
            above = lines.pop()
            lines += [Line(above.text, above.number, 1 if raw.startswith("=") else 2), Line("", number)]
        else:
            lines.append(Line(raw.strip(), number, depth=_depth(raw)))
    return lines


def _is_underlined(above: Line) -> bool:
    return not above.blank and above.code is None and not above.level and len(above.text) <= LONGEST_TITLE


def _depth(raw: str) -> int:
    indent = INDENT.match(raw)
    return 1 if indent and len(indent[0].expandtabs(4)) >= INDENTED else 0
