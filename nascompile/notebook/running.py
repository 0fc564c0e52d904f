"""Runs a notebook's code cells as a script: one after the other, in one namespace, without IPython.

Magics and commands of the shell are left out, and said. `%time` and the cell magics that run their text (`%%time`,
`%%capture`) run it. What takes a value that only IPython gives (`files = !ls`) is an error when it is reached. Each
cell is a file of its own to tracebacks: `net.ipynb:cell 3`, line 2.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import inspect
import linecache
import sys
import traceback
import types
from collections.abc import Iterator
from typing import Any

from nascompile.diagnostics import CompilerBug, Diagnostic, Severity, clipped
from nascompile.notebook.magics import Hidden, find_hidden, without
from nascompile.notebook.reading import Notebook, read_notebook
from nascompile.source import split_lines

_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
_SHOWN = 3


def left_out(data: bytes, path: str) -> list[Diagnostic]:
    """Return one warning of all that a notebook holds and that is not run."""
    notebook = read_notebook(data, path)
    if isinstance(notebook, Diagnostic):
        return []
    found = list(_left_out(notebook))
    if not found:
        return []
    shown = ", ".join(
        f"`{clipped(text.split(chr(10))[0].strip(), 40)}` in cell {number}" for number, text in found[:_SHOWN]
    )
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    message = f"what only IPython runs is left out: {shown}{more}"
    return [Diagnostic("NC008", message, path, severity=Severity.WARNING)]


def run_cells(
    output: bytes, path: str, names: dict[str, Any], codes: list[types.CodeType], texts: dict[str, list[str]]
) -> None:
    """Run a compiled notebook in a namespace; `codes` hears what is run, and `texts` the lines of each cell's code."""
    notebook = read_notebook(output, path)
    if isinstance(notebook, Diagnostic):
        raise CompilerBug(notebook.message)
    sources = _sources(path)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    loop: asyncio.AbstractEventLoop | None = None
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _show_with_lines
    for cell in notebook.cells:
        if not cell.is_python:
            continue
        name = f"{path}:cell {cell.number}"
        text = without(cell.text, find_hidden(cell.text), run=True)
        texts[name] = _with_ends(text)
        _note_source(name, sources.get(cell.number, cell.text))
        code = compile(text, name, "exec", flags, dont_inherit=True)
        flags |= code.co_flags & _FUTURES  # as in a session, what a cell imports from the future stays
        codes.append(code)
        if code.co_flags & inspect.CO_COROUTINE:
            loop = loop or _new_loop()
            loop.run_until_complete(types.FunctionType(code, names)())
        else:
            exec(code, names)


def _left_out(notebook: Notebook) -> Iterator[tuple[int, str]]:
    for cell in notebook.cells:
        if not cell.is_python:
            yield cell.number, cell.text
            continue
        yield from ((cell.number, part.text) for part in find_hidden(cell.text) if _is_left_out(part))


def _is_left_out(part: Hidden) -> bool:
    return not (part.runs or part.assigns)  # an assignment says so itself, where it is reached


def _sources(path: str) -> dict[int, str]:
    """Return the cells as the user wrote them, by number, for tracebacks to show."""
    try:
        with open(path, "rb") as file:
            notebook = read_notebook(file.read(), path)
    except OSError:
        return {}
    return {} if isinstance(notebook, Diagnostic) else {cell.number: cell.text for cell in notebook.cells}


def _note_source(name: str, text: str) -> None:
    linecache.cache[name] = (len(text), None, _with_ends(text), name)


def _with_ends(text: str) -> list[str]:
    return [line.rstrip("\r\n") + "\n" for line in split_lines(text)]


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


def _show_with_lines(kind: type[BaseException], error: BaseException, trace: types.TracebackType | None) -> None:
    """Show a traceback with the lines of cells: the interpreter itself looks for them in files alone."""
    traceback.print_exception(kind, error, trace)
