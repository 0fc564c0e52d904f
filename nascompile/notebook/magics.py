"""What only IPython understands in a cell, and the Python that stands for it while the cell is looked at or run.

    %matplotlib inline          if 0: 0
    files = !ls                 if 1: files = 0        (run as a script: an error, when it is reached)
    %time h = net(x)            if 1: h = net(x)
    %run setup.py               if 0: eval             (it may define any name)

What stands for a line is a statement of as many lines, and a compound one: nothing is ever inserted before it. A cell
of `%%bash`, or of any other magic that does not run its text as the notebook's own Python, stands for nothing at all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from nascompile.frontend.tokens import Kind, scan_tokens
from nascompile.source import split_lines

NOTHING = "if 0: 0"
_ANYTHING = "if 0: eval"  # a word that keeps names from being missed
_PYTHON_CELLS = ("capture", "debug", "prun", "time")  # cell magics whose text the notebook runs as its own
_RUNS_REST = ("time",)
_DEFINES_NOTHING = {"aimport", "alias", "autoreload", "cat", "cd", "colors", "conda", "config", "cp", "debug", "env"}
_DEFINES_NOTHING |= {"history", "less", "load_ext", "logstart", "ls", "lsmagic", "mamba", "man", "matplotlib", "memit"}
_DEFINES_NOTHING |= {"mkdir", "more", "mv", "pdb", "pip", "precision", "prun", "pwd", "reload_ext", "rm", "set_env"}
_DEFINES_NOTHING |= {"system", "sx", "tensorboard", "tensorflow_version", "time", "timeit", "who", "whos", "xmode"}
_ESCAPES = ("%", "!", "?", ",", ";", "/")  # no logical line of Python begins so
_CELL_MAGIC = re.compile(r"%%([\w.]+)")
_LINE_MAGIC = re.compile(r"%([\w.]+)[ \t]*(.*)", re.DOTALL)
_ASSIGNED = re.compile(r"[ \t]*([A-Za-z_][\w.,\[\]'\" *]*?)[ \t]*=[ \t]*(?:%[A-Za-z]|!)")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Lines that only IPython understands: the first one's number, from 1, how many, and their text.

    `checked` is the Python that stands for them. `runs` says that they run without IPython, too, but for what a magic
    adds; `assigns` that what follows needs what only IPython gives.
    """

    line: int
    count: int
    text: str
    checked: str = NOTHING
    runs: bool = False
    assigns: bool = False


def find_hidden(text: str) -> list[Hidden]:
    """Return what only IPython understands in a cell, in order: magics, commands of the shell, calls for help."""
    lines = split_lines(text)
    hidden: list[Hidden] = []
    number = _first_written(lines)
    while number < len(lines) and (match := _CELL_MAGIC.match(lines[number])):
        if match[1] not in _PYTHON_CELLS:
            return [*hidden, Hidden(number + 1, len(lines) - number, "".join(lines[number:]))]
        hidden.append(Hidden(number + 1, 1, lines[number], runs=True))
        number += 1
    return [*hidden, *_hidden_lines(lines, number)]


def without(text: str, hidden: list[Hidden], *, run: bool = False) -> str:
    """Return a cell with Python in the place of what is hidden, to be looked at or, as a script, to be `run`."""
    lines = split_lines(text)
    for part in hidden:
        first = lines[part.line - 1]
        code = _refusal(part) if run and part.assigns else part.checked
        lines[part.line - 1] = first[: len(first) - len(first.lstrip(" \t"))] + code + _end_of(first)
        for number in range(part.line, part.line - 1 + part.count):
            lines[number] = _end_of(lines[number])
    return "".join(lines)


def _hidden_lines(lines: list[str], number: int) -> Iterator[Hidden]:
    """Yield what is hidden from a line on; of a logical line of Python, only the first can begin with a magic."""
    text, ends = "".join(lines), list(accumulate(map(len, lines)))
    while number < len(lines):
        line = lines[number]
        count = 1
        if line.lstrip(" \t").startswith(_ESCAPES) or _ASSIGNED.match(line):
            while number + count < len(lines) and lines[number + count - 1].rstrip("\r\n").endswith("\\"):
                count += 1
            yield _hidden(number + 1, "".join(lines[number : number + count]), count)
        elif line.strip():
            count, is_help = _logical_line(text, ends, number)
            if is_help:
                yield Hidden(number + 1, count, "".join(lines[number : number + count]))
        number += count


def _hidden(number: int, text: str, count: int) -> Hidden:
    if match := _ASSIGNED.match(text):
        code = f"if 1: {match[1]} = 0"
        return Hidden(number, count, text, code if _is_python(code) else _ANYTHING, assigns=True)
    magic = _LINE_MAGIC.match(text.lstrip(" \t"))
    if magic is None:
        return Hidden(number, count, text)
    code = f"if 1: {magic[2].strip()}"
    if magic[1] in _RUNS_REST and count == 1 and magic[2].strip() and _is_python(code):
        return Hidden(number, count, text, code, runs=True)
    return Hidden(number, count, text, NOTHING if magic[1] in _DEFINES_NOTHING else _ANYTHING)


def _logical_line(text: str, ends: list[int], number: int) -> tuple[int, bool]:
    """Return of how many lines a logical line is, and whether it asks for help: `tf.cond?`."""
    depth, line, last, end = 0, number, "", 0
    for token in scan_tokens(text, ends[number - 1] if number else 0):
        while token.start >= ends[line]:  # a line end was passed; in brackets, or after a backslash, it ends nothing
            if depth == 0 and text[end : ends[line]].strip() != "\\":
                return line - number + 1, last == "?"
            line += 1
        depth = max(0, depth + (token.kind is Kind.OPENING) - (token.kind is Kind.CLOSING))
        last, end = token.text, token.end
        while token.end > ends[line]:  # a string of several lines
            line += 1
    return (len(ends) if depth else line + 1) - number, last == "?"


def _refusal(part: Hidden) -> str:
    message = f"`{part.text.strip()}` needs IPython, which does not run the notebook"
    return f"if 1: raise RuntimeError({message!r})"


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _first_written(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.strip()), len(lines))


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
