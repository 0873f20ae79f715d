"""This file turns the bytes of a text document into text, whatever their encoding, and mends mojibake."""

import codecs
import re

from sparring.bank.importers.found import ImportProblem

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARED = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


def decode(data: bytes, name: str) -> str:
    """Return the text of `data` with line feeds as line ends and mojibake mended.

    The encoding is taken from a byte order mark, else UTF-8 where it fits, else what the page declares, else guessed.

    Raises:
        ImportProblem: the bytes are no text in any encoding.
    """
    text = _decoded(data)
    sample = text[:200_000]
    if not text or len(CONTROLS.findall(sample)) > len(sample) // 200:
        raise ImportProblem(
            name, "is binary data, or text in no encoding that can be recognised; save it as UTF-8 and import it again"
        )
    text = CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return mend(text)


def _decoded(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if encoding := _wide(data):
        return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(data) or _western(data) or _guessed(data)


def _wide(data: bytes) -> str:
    """Return the UTF-16 encoding of text without a mark: every other byte of Western text is zero there."""
    sample = data[:4000]
    if len(sample) < SHORTEST_WIDE or len(data) % 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.8 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.8 and odd < half * 0.1 else ""


def _declared(data: bytes) -> str:
    """Return the text in the encoding that the page itself declares, or nothing where that does not fit."""
    declared = DECLARED.search(data[:4096])
    if not declared:
        return ""
    try:
        encoding = codecs.lookup((declared[1] or declared[2]).decode("ascii")).name
        encoding = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(encoding, encoding)  # as browsers read them
        return data.decode(encoding)
    except (LookupError, UnicodeError):
        return ""


def _western(data: bytes) -> str:
    """Return mostly English text as Windows-1252, where a guess from a handful of bytes would be worse."""
    if len(data[:100_000].translate(None, ASCII)) > len(data[:100_000]) // 20:
        return ""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("utf-8", errors="ignore") if _nearly_utf8(data) else ""


def _nearly_utf8(data: bytes) -> bool:
    """Say whether only a few bytes of `data` break UTF-8, as a cut or a bad paste leaves them."""
    return data.decode("utf-8", errors="replace").count("\ufffd") * 500 < len(data)


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:500_000]).best()
    return data.decode(best.encoding, errors="replace") if best else ""


ASCII = bytes(range(128))
SHORTEST_WIDE = 4

STUMP = "\u00e2"
CONTRACTION = re.compile(
    r"\b(?P<word>[A-Za-z]+)\u00e2(?P<rest>s|t|re|ve|ll|d|m)\b(?=[^\u00e2]|$)",
)
CONTRACTED = {
    "t": re.compile(
        r"(?:can|won|don|isn|aren|wasn|weren|doesn|didn|hasn|haven|hadn|shouldn|wouldn|couldn|mustn|needn)$",
        re.IGNORECASE,
    ),
    "m": re.compile(r"^i$", re.IGNORECASE),
    "re": re.compile(r"^(?:you|we|they|who|what|there|these|those)$", re.IGNORECASE),
    "ve": re.compile(r"^(?:i|you|we|they|who|should|would|could|might|must)$", re.IGNORECASE),
    "ll": re.compile(r"^(?:i|you|we|they|he|she|it|that|there|this|who|what)$", re.IGNORECASE),
    "d": re.compile(r"^(?:i|you|we|they|he|she|it|who|that)$", re.IGNORECASE),
    "s": re.compile(r"^(?:it|that|what|who|he|she|there|here|let|how|where|when|why|this)$", re.IGNORECASE),
}
SURE_DASH = re.compile(r"(?<=[\w.,;)]) \u00e2 (?=\w)")


def mend(text: str) -> str:
    """Return `text` with mojibake mended and everything else, code and curled quotes included, as it was.

    Two kinds are known: UTF-8 that was read as Windows-1252, which ftfy can undo, and the lone a with a circumflex that
    is left of a quote or dash when the control characters behind it were thrown away; the words around it tell which.
    """
    from ftfy import TextFixerConfig, fix_text

    if text.isascii():
        return text
    only_encoding = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        restore_byte_a0=True,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return "\n".join(_mended_stumps([fix_text(line, only_encoding) for line in text.split("\n")]))


def _mended_stumps(lines: list[str]) -> list[str]:
    """Return the lines with punctuation put back where a lone `\u00e2` is left of it; without sure signs, none is."""
    if not any(STUMP in line and (SURE_DASH.search(line) or _contracted(line) != line) for line in lines):
        return lines
    return [_repunctuated(line) if STUMP in line else line for line in lines]


def _contracted(line: str) -> str:
    def apostrophe(found: re.Match[str]) -> str:
        fits = CONTRACTED[found["rest"]].search(found["word"])
        return f"{found['word']}\u2019{found['rest']}" if fits else found[0]

    return CONTRACTION.sub(apostrophe, line)


def _repunctuated(line: str) -> str:
    line = SURE_DASH.sub(" \u2014 ", _contracted(line))
    line = re.sub(r"(?<=[a-z]{2})\u00e2s\b", "\u2019s", line)
    line = re.sub(r"(?:(?<=^)|(?<=[\s(]))\u00e2(?=[A-Z])", "\u201c", line)
    line = re.sub(r"(?<=[.!?,])\u00e2(?=\s|$)", "\u201d", line)
    return re.sub(r"(?<=[a-z]{4})\u00e2(?=[a-z]{4})", "\u2014", line)
