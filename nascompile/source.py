"""A Python file as bytes and as text, so that what is not changed comes back byte for byte.

    source = decode(b"# coding: latin-1\\r\\nname = 'caf\\xe9'\\r\\n")
    source.text           # "# coding: latin-1\\r\\nname = 'café'\\r\\n", newlines as they are
    source.encode()       # the same bytes again

The encoding is found as CPython's tokenizer finds it (PEP 263), which differs from `tokenize.detect_encoding`: lines
end at `\\r` too, and the line of the cookie may hold bytes that are no UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

_NEWLINE = re.compile(r"\r\n|\n|\r")
_FIRST_LINES = re.compile(rb"([^\r\n]*)(?:\r\n|\n|\r)?([^\r\n]*)")
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = re.compile(rb"[ \t\f]*(?:#.*)?")
_WIDE = {  # with the BOM that says so; the longer ones first, as one begins with another
    "UTF-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "UTF-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
_COOKIE_REACH = 400  # bytes; a cookie stands in one of the first two lines
_ASCII = "".join(map(chr, range(32, 127))) + "\n"


class SourceError(Exception):
    """Bytes that Python could not read as a source file.

    `line` and `column` are where, from 1, with the `width` of what is shown, if it is the fault of one place; columns
    count characters of the bytes read as UTF-8. `hint` says what to do.
    """

    def __init__(
        self, message: str, line: int | None = None, column: int = 1, width: int = 1, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.width = width
        self.hint = hint


@dataclass(frozen=True, slots=True)
class _Cookie:
    """A declaration of the file's encoding, and where the name stands."""

    name: str
    line: int
    column: int

    def error(self, message: str, hint: str) -> SourceError:
        return SourceError(message, self.line, self.column, len(self.name), hint)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a Python file, without its BOM, and what it takes to write it as it was read."""

    text: str
    encoding: str = "utf-8"
    bom: bool = False

    def with_text(self, text: str) -> SourceText:
        """Return another text that is written in the same way."""
        return replace(self, text=text)

    def writable(self, code: str) -> str:
        """Return code with the characters that the file's encoding lacks as escapes, as string literals may hold."""
        return code if code.isascii() else "".join(map(self._writable, code))

    def _writable(self, char: str) -> str:
        try:
            char.encode(self.encoding)
        except UnicodeError:
            return char.encode("ascii", errors="backslashreplace").decode()
        return char

    def encode(self) -> bytes:
        """Return the file's bytes.

        Raises:
            SourceError: the encoding lacks a character of the text.
        """
        try:
            body = self.text.encode(self.encoding)
        except UnicodeEncodeError as error:
            char, line = self.text[error.start], _line_at(self.text, error.start)
            raise SourceError(f"the file's encoding {self.encoding} lacks the character {char!a}", line) from None
        return codecs.BOM_UTF8 + body if self.bom else body


def decode(data: bytes) -> SourceText:
    """Read the bytes of a Python file as Python does: by BOM or encoding cookie, else as UTF-8.

    Newlines stay as they are, and `decode(data).encode() == data`.

    Raises:
        SourceError: an unknown encoding, one that contradicts the BOM, or bytes that are none of it.
    """
    if encoding := wide_encoding(data):
        raise SourceError(f"the file is in {encoding}, which Python does not read", hint="save the file as UTF-8")
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if bom else data
    cookie = _find_cookie(body)
    encoding = _normal_name(cookie.name) if cookie else "utf-8"
    if bom and cookie and encoding != "utf-8":
        message = f"the file begins with a UTF-8 byte order mark but declares the encoding {cookie.name}"
        raise cookie.error(message, "declare utf-8, or nothing")
    source = SourceText(_decoded(body, encoding, cookie), encoding, bom)
    if "\0" in source.text:
        hint = "remove it; Python does not read such a file"
        raise _error_at(body, max(body.find(b"\0"), 0), "the file holds a null byte", hint)
    if cookie and not _is_written_as_read(source, data):
        message = f"text in the encoding {encoding} cannot be written back as it was read"
        raise cookie.error(message, "save the file as UTF-8, and declare that")
    return source


def wide_encoding(data: bytes) -> str | None:
    """Return UTF-16 or UTF-32 where a file is written in it; None where it is not."""
    for name, marks in _WIDE.items():
        if data.startswith(marks):
            return name
    if b"\0" not in data:
        return None
    for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):  # without a BOM, by what we look for
        if "@nni".encode(name) in data:
            return name[:6].upper()
    return None


def hides(data: bytes, mark: str) -> bool:
    """Whether a file that does not hold a mark as ASCII holds it in the encoding that it is written in."""
    if b"\0" in data and (encoding := wide_encoding(data)):
        return any(mark.encode(f"{encoding}-{order}") in data for order in ("le", "be"))
    if b"coding" not in data[:_COOKIE_REACH] or (cookie := _find_cookie(data.removeprefix(codecs.BOM_UTF8))) is None:
        return False
    if _normal_name(cookie.name) in ("utf-8", "iso-8859-1"):
        return False
    try:
        return mark in data.decode(cookie.name, "replace")
    except (LookupError, UnicodeError):
        return False


def split_lines(text: str) -> list[str]:
    """Split a text at `\\n`, `\\r\\n` and `\\r`, each line with its end (`str.splitlines` knows many more ends)."""
    ends = [match.end() for match in _NEWLINE.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False) if end]


def _find_cookie(body: bytes) -> _Cookie | None:
    """Return the encoding that a comment on one of the first two lines declares."""
    first_lines = _FIRST_LINES.match(body)
    for number, line in enumerate(first_lines.groups() if first_lines else (), 1):
        if match := _COOKIE.match(line):
            return _Cookie(match[1].decode("ascii"), number, _column(line[: match.start(1)]))
        if not _BLANK_OR_COMMENT.fullmatch(line):
            break
    return None


def _normal_name(cookie: str) -> str:
    """Return the two encodings that the tokenizer knows by itself under one name each (`utf_8-unix` is `utf-8`)."""
    name = cookie[:12].lower().replace("_", "-")
    for known, names in {"utf-8": ("utf-8",), "iso-8859-1": ("latin-1", "iso-8859-1", "iso-latin-1")}.items():
        if any(name == spelling or name.startswith(spelling + "-") for spelling in names):
            return known
    return cookie


def _decoded(body: bytes, encoding: str, cookie: _Cookie | None) -> str:
    try:
        return body.decode(encoding)
    except LookupError as error:
        if cookie is None:
            raise
        raise cookie.error(f"unknown encoding {cookie.name}", "save the file as UTF-8, and declare that") from error
    except UnicodeDecodeError as error:
        declared = encoding if cookie else "UTF-8, and the file declares no other encoding"
        message = f"the byte 0x{body[error.start : error.start + 1].hex()} is not {declared}"
        hint = (
            "save the file as UTF-8" if cookie else "save the file as UTF-8, or declare its encoding on the first line"
        )
        raise _error_at(body, error.start, message, hint) from None
    except UnicodeError as error:
        if cookie is None:
            raise
        message = f"the file cannot be decoded as {encoding}: {error}"
        raise cookie.error(message, "save the file as UTF-8, and declare that") from None


def _is_written_as_read(source: SourceText, data: bytes) -> bool:
    try:
        source.text.encode()  # fails for half of a surrogate pair, which Python refuses too
        return _ASCII.encode(source.encoding).decode(source.encoding) == _ASCII and source.encode() == data
    except (SourceError, UnicodeError):
        return False


def _error_at(body: bytes, offset: int, message: str, hint: str) -> SourceError:
    """Return an error about a byte of the file."""
    line = _line_at(body.decode("latin-1"), offset)
    start = max(body.rfind(b"\n", 0, offset), body.rfind(b"\r", 0, offset)) + 1
    return SourceError(message, line, _column(body[start:offset]), hint=hint)


def _column(before: bytes) -> int:
    return len(before.decode("utf-8", "replace")) + 1


def _line_at(text: str, offset: int) -> int:
    """Return the number of the line that holds an offset, from 1."""
    return len(_NEWLINE.findall(text, 0, offset)) + 1
