"""Which files are meant: quoted patterns like `'src/**/*.py'`, and what `--exclude` leaves out.

In a pattern, `*` and `?` are any characters of one name, `[…]` is one of several, and `**` is any number of folders.
A pattern to exclude that holds no `/` is the name of a file or folder anywhere; one that holds a `/` is a path from the
folder that it was written in. Excluding a folder excludes all below it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from nascompile.tree import MODULE_SUFFIXES, is_left_behind

_WILD = re.compile(r"[*?\[]")
_TOKEN = re.compile(r"(\*|\?|\[!?\]?[^\]]*\])")


def is_pattern(source: str) -> bool:
    """Whether a source names files by a pattern; a file that really has that name comes first."""
    return _WILD.search(source) is not None and not os.path.lexists(source)


def matching_modules(pattern: str) -> tuple[str, list[str]]:
    """Return the folder in which a pattern's wildcards begin, and the modules that match, by their paths from there.

    Paths have `/` and are in order. Folders of version control, caches and virtual environments are not entered, nor
    are links followed.
    """
    parts = pattern.replace(os.sep, "/").split("/")
    first = next(place for place, part in enumerate(parts) if _WILD.search(part))
    root = "/".join(parts[:first]) or ("/" if first else "")
    expression = _compiled("/".join(parts[first:]))
    modules = _modules_below(root or ".") if os.path.isdir(root or ".") else ()
    return root, sorted(path for path in modules if expression.fullmatch(path))


class Exclusion:
    """Tells what is excluded: patterns, each with the folder that it was written in."""

    def __init__(self, patterns: Iterable[tuple[str, str]] = ()) -> None:
        self._names: list[re.Pattern[str]] = []
        self._paths: list[tuple[str, re.Pattern[str]]] = []
        for folder, pattern in patterns:
            written = pattern.replace(os.sep, "/").removeprefix("./")
            if "/" in written.rstrip("/"):
                self._paths.append((os.path.abspath(folder), _compiled(written.strip("/"))))
            else:
                self._names.append(_compiled(written.rstrip("/")))

    def covers(self, path: str) -> bool:
        """Whether a file or folder is excluded by itself; whoever walks folders does not enter those."""
        name = os.path.basename(path)
        if any(pattern.fullmatch(name) for pattern in self._names):
            return True
        for folder, pattern in self._paths:
            relative = os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")
            if pattern.fullmatch(relative):
                return True
        return False

    def covers_below(self, root: str, path: str) -> bool:
        """Whether a file in a folder is excluded, or one of the folders between them."""
        parts = path.split("/")
        return any(self.covers(os.path.join(root, *parts[: end + 1])) for end in range(len(parts)))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return the expression of a path pattern: `a/**/*.py` matches `a/b.py` and `a/b/c.py`."""
    expression, parts = "", pattern.split("/")
    for place, part in enumerate(parts):
        is_last = place == len(parts) - 1
        if part == "**":
            expression += ".*" if is_last else "(?:.*/)?"
        else:
            expression += "".join(map(_expression, _TOKEN.split(part))) + "/" * (not is_last)
    return re.compile(expression, re.DOTALL)


def _expression(token: str) -> str:
    """Return what matches a piece of a name's pattern: a wildcard, or text that stands for itself."""
    if token in ("*", "?"):
        return "[^/]" + token.strip("?")
    if len(token) > 2 and token[0] == "[" and token[-1] == "]":
        negation = "^" if token[1] == "!" else ""
        within = re.sub(r"([\\\[\]^&~|])", r"\\\1", token[1 + len(negation) : -1])
        try:
            re.compile(f"[{within}]")
        except re.error:  # a range that runs backwards, say
            return re.escape(token)
        return f"(?!/)[{negation}{within}]"
    return re.escape(token)


def _modules_below(root: str) -> Iterator[str]:
    for folder, folders, files in os.walk(root, onerror=_raise):
        folders[:] = [name for name in folders if not is_left_behind(os.path.join(folder, name))]
        inner = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(MODULE_SUFFIXES) and os.path.isfile(path) and not is_left_behind(path, is_folder=False):
                yield name if inner == "." else f"{inner}/{name}"


def _raise(error: OSError) -> None:
    raise error
