"""What is told of a ranking: the best of it on standard output, beside the random baseline, and a file.

    nascompile: the best of 100 architectures that were scored, of 31,104 there are (high scores are good)
      1  0.9412  stem: conv(size=3, ch=ch) | early: identity() | down: max_pool(stride=2) [stem]
      2  0.9380  ...
    nascompile: 20 uniformly drawn ones: mean 0.8123, standard deviation 0.0512, best 0.9021
    nascompile: the best 10 are in architectures.json, best first

The file is a list `[{"score": 0.9412, "architecture": {...}}, ...]`; a score that is no finite number is null there.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from typing import Any, TypeAlias

from nascompile_runtime.architecture import Architecture
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.ranking.points import Point, size_of
from nascompile_runtime.ranking.ranking import Ranking, Scored
from nascompile_runtime.reports import line_of

Entry: TypeAlias = dict[str, Any]
"""`{"score": 0.9, "architecture": {...}}`"""

_WIDTH = 160


def entry_of(scored: Scored, architecture: Architecture) -> Entry:
    """How an architecture stands in the file."""
    return {"score": scored.score if math.isfinite(scored.score) else None, "architecture": architecture}


def print_ranking(ranking: Ranking, best: Sequence[Scored], spaces: Sequence[LayerSpace]) -> None:
    """Print the architectures `best`, which are those of the ranking that count, and the baseline."""
    good = "high" if ranking.maximize else "low"
    scored = f"{len(ranking.ranked):,} architectures that were scored" if len(ranking.ranked) != 1 else "1 architecture"
    lines = [f"nascompile: the best of {scored}, of {_amount(size_of(spaces))} there are ({good} scores are good)"]
    numbers = [line_of(one.numbers) for one in best]
    width = max(map(len, numbers), default=0)
    for rank, (one, shown) in enumerate(zip(best, numbers, strict=True), 1):
        lines.append(_clipped(f"{rank:3}  {shown:{width}}  {_shown(one.point, spaces)}"))
    if ranking.not_finite:
        lines.append(f"nascompile: {ranking.not_finite} of the scores were no finite numbers and come last")
    lines += _baseline(ranking)
    print("\n".join(lines), flush=True)


def write_ranking(entries: Sequence[Entry], path: str) -> None:
    """Write the file, whole or not at all. What cannot be written is said, and shown instead: nothing is raised."""
    text = "[\n" + ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries) + "\n]\n"
    try:
        _write(text, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        print(f"nascompile: cannot write {path}: {reason}. It would hold:\n{text}", end="", flush=True)
        print(f"nascompile: cannot write {path}: {reason}; standard output has the architectures", file=sys.stderr)
    else:
        many = f"the best {len(entries)} are" if len(entries) > 1 else "the best is"
        print(f"nascompile: {many} in {path}{', best first' if len(entries) > 1 else ''}", flush=True)


def _write(text: str, path: str) -> None:
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".architectures-", suffix=".json")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)  # as `open` would have made it
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _baseline(ranking: Ranking) -> list[str]:
    finite = [one.score for one in ranking.uniform if math.isfinite(one.score)]
    if len(finite) < 2:
        return []
    best = max(finite) if ranking.maximize else min(finite)
    return [
        f"nascompile: {len(finite):,} uniformly drawn ones: mean {statistics.fmean(finite):.6g}, "
        f"standard deviation {statistics.stdev(finite):.6g}, best {best:.6g}"
    ]


def _shown(point: Point, spaces: Sequence[LayerSpace]) -> str:
    distinct = len({space.layer for space in spaces}) == len(spaces)
    parts = []
    for space, choice in zip(spaces, point, strict=True):
        name = space.layer if distinct else f"{space.block}/{space.layer}"
        inputs = f" [{', '.join(space.inputs[position] for position in choice.inputs)}]" if space.inputs else ""
        parts.append(f"{name}: {space.candidates[choice.candidate]}{inputs}")
    return " | ".join(parts)


def _amount(number: int) -> str:
    """A number that may be astronomical, for people."""
    return f"{number:,}" if number < 10**15 else f"about 10^{round(number.bit_length() * math.log10(2))}"


def _clipped(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
