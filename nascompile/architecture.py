"""The file that `--arch` names: one architecture, a list of them, or a ranking; and which of them is meant.

best.json       [{"score": 0.93, "architecture": {...}}, {"score": 0.91, "architecture": {...}}]
--arch best.json     the first, so the best
--arch best.json#2   the second
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from nascompile.diagnostics import Diagnostic, Span, clipped
from nascompile.lines import Lines


def split_rank(argument: str) -> tuple[str, int]:
    """Split `FILE#rank` into the path and the rank, from 1; a file whose name really ends so comes first."""
    ranked = re.fullmatch(r"(.+)#(\d+)", argument, re.DOTALL)
    if ranked is None or os.path.exists(argument):
        return argument, 1
    return ranked[1], int(ranked[2])


def read_architecture(path: str, rank: int = 1) -> dict[str, Any] | Diagnostic:
    """Return one architecture of a JSON file, or what is wrong with the file.

    Raises:
        OSError: the file cannot be read.
    """
    content = _parse(path, Path(path).read_bytes())
    if isinstance(content, Diagnostic):
        return content
    entries = content if isinstance(content, list) else [content]
    if not 1 <= rank <= len(entries):
        held = f"the file holds {len(entries)}, ranked from 1" if entries else "the file holds none"
        return Diagnostic("NC401", f"there is no architecture of rank {rank}: {held}", path)
    entry = entries[rank - 1]
    if isinstance(entry, dict) and "architecture" in entry and entry.keys() <= {"architecture", "score"}:
        entry = entry["architecture"]
    if not isinstance(entry, dict):
        shown = clipped(json.dumps(entry))
        hint = "an architecture is an object of blocks, each an object of layers and what was chosen for them"
        return Diagnostic("NC401", f"{shown} is not an architecture", path, hint=hint)
    return entry


class _TwiceError(ValueError):
    """A key that an object has twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's keys and values.

    Raises:
        _TwiceError: a key is there twice, so that one of its values would be lost.
    """
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise _TwiceError(f"the key `{clipped(key)}` stands twice in one object")
        content[key] = value
    return content


def _parse(path: str, data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Diagnostic("NC401", f"the file is not UTF-8: {error.reason} at byte {error.start}", path)
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        line = Lines(text).line(error.lineno)
        return Diagnostic("NC401", f"the file is not JSON: {error.msg}", path, span, line_text=line)
    except _TwiceError as error:
        return Diagnostic("NC401", str(error), path, hint="remove one of the two; JSON itself would keep the last")
    except (RecursionError, ValueError) as error:
        return Diagnostic("NC401", f"the file is not JSON: {error}", path)
