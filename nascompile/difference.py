"""The difference that compiling makes to a file, as `diff -u` writes it and `patch` reads it.

A compiled file has as many lines as its source, each in its place, so that there is nothing to search for: lines are
compared one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nascompile.diagnostics import printable

CONTEXT = 3
_COLOURS = {b"---": 1, b"+++": 1, b"@@": 36, b"-": 31, b"+": 32}  # by what a line begins with


def unified_diff(
    source: bytes, output: bytes, name: str, label: str, *, coloured: bool = False, readable: bool = False
) -> bytes:
    """Return the difference, with `name` for both files and `label` behind the second; nothing where there is none.

    A `readable` one is for eyes alone: what would disturb a terminal stands as its escape.
    """
    before, after = source.splitlines(keepends=True), output.splitlines(keepends=True)
    changed = [index for index, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    if not changed:
        return b""
    shown = name.encode(errors="surrogateescape")
    lines = [(b"---", b" " + shown + b"\tsource\n"), (b"+++", b" " + shown + b"\t" + label.encode() + b"\n")]
    for start, stop in _hunks(changed, len(before)):
        size = f"{start + 1}" if stop - start == 1 else f"{start + 1},{stop - start}"
        lines.append((b"@@", f" -{size} +{size} @@\n".encode()))
        lines += _hunk(before[start:stop], after[start:stop])
    return b"".join(_line(*line, coloured, readable) for line in lines)


def _hunks(changed: Sequence[int], lines: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of lines that are shown: what changed with what is around it, joined where that touches."""
    start, stop = max(0, changed[0] - CONTEXT), changed[0] + CONTEXT + 1
    for index in changed[1:]:
        if index - CONTEXT > stop:
            yield start, stop
            start = index - CONTEXT
        stop = index + CONTEXT + 1
    yield start, min(stop, lines)


def _hunk(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield lines with their signs: of neighbours that changed, first all as they were."""
    removed: list[tuple[bytes, bytes]] = []
    added: list[tuple[bytes, bytes]] = []
    for one, other in zip(before, after, strict=True):
        if one == other:
            yield from (*removed, *added, (b" ", one))
            removed, added = [], []
        else:
            removed.append((b"-", one))
            added.append((b"+", other))
    yield from (*removed, *added)


def _line(sign: bytes, line: bytes, coloured: bool, readable: bool) -> bytes:
    text = line.rstrip(b"\r\n")
    end = line[len(text) :] or b"\n\\ No newline at end of file\n"
    if readable:
        text = b"\t".join(printable(part.decode(errors="backslashreplace")).encode() for part in text.split(b"\t"))
    if coloured and sign in _COLOURS:
        return b"\x1b[%dm%s%s\x1b[0m%s" % (_COLOURS[sign], sign, text, end)
    return sign + text + end
