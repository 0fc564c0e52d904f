"""Compiles a notebook: its code cells as one module, and nothing else of the file.

What is proven beside what holds for the module: as JSON, the output differs from the source in texts of code cells
alone, and each of them is Python by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nascompile.compiled import Compiled
from nascompile.diagnostics import CompilerBug, Diagnostic, in_order
from nascompile.notebook.module import MARK, CellModule, module_of
from nascompile.notebook.reading import is_notebook, may_hold_mark, read_notebook


def compile_notebook(data: bytes, path: str, compile_module: Callable[[bytes], Compiled]) -> Compiled:
    """Compile a notebook, or look at it, with what does so with a module. One without annotations comes out as it is.

    Raises:
        CompilerBug: something but cells would change.
    """
    notebook = read_notebook(data, path)
    if isinstance(notebook, Diagnostic):
        return Compiled(None, diagnostics=(notebook,)) if may_hold_mark(data) else Compiled(data)
    module = module_of(notebook, path)
    uncompiled = tuple(module.uncompiled())
    if mistakes := tuple(module.mistakes()):
        is_annotated = MARK.encode() in module.data
        return Compiled(None, diagnostics=mistakes) if is_annotated else Compiled(data, diagnostics=uncompiled)
    compiled = compile_module(module.data)
    if not compiled.ok and MARK.encode() not in module.data:
        return Compiled(data, diagnostics=uncompiled)
    diagnostics = in_order((*map(module.placed, compiled.diagnostics), *uncompiled))
    output = None if compiled.output is None else _written(data, module, compiled.output)
    return replace(compiled, output=output, diagnostics=diagnostics)


def module_data(data: bytes, path: str) -> bytes:
    """Return the module of a notebook's code cells; an empty one where it cannot be read."""
    notebook = read_notebook(data, path)
    return b"" if isinstance(notebook, Diagnostic) else module_of(notebook, path).data


def placed_in_cells(diagnostic: Diagnostic, files: Mapping[str, bytes]) -> Diagnostic:
    """Return what is said of a module's place as it is said of the notebook that it is of, if it is of one."""
    data = files.get(diagnostic.path)
    if data is None or not is_notebook(diagnostic.path, data):
        return diagnostic
    notebook = read_notebook(data, diagnostic.path)
    return diagnostic if isinstance(notebook, Diagnostic) else module_of(notebook, diagnostic.path).placed(diagnostic)


def _written(data: bytes, module: CellModule, compiled: bytes) -> bytes:
    """Return the notebook with compiled cells, proven."""
    texts = module.texts_of(compiled)
    if not texts:
        return data
    output = module.notebook.with_texts(texts)
    cells = {module.notebook.cells[index].number: text for index, text in texts.items()}
    if _without_texts(output, cells) != _without_texts(data, cells):
        raise CompilerBug("something but code cells would change")
    again = read_notebook(output, module.path)
    if isinstance(again, Diagnostic) or any(text != again.cells[index].text for index, text in texts.items()):
        raise CompilerBug("a code cell would not be what it was compiled into")
    for wrong in module_of(again, module.path).mistakes():
        raise CompilerBug(f"cell {wrong.cell} would not be Python: {wrong.message}")
    return output


def _without_texts(data: bytes, cells: Mapping[int, str]) -> Any:
    """Return a notebook's content without the texts of some cells, by number."""
    content = json.loads(data.decode("utf-8-sig"), parse_constant=str)  # NaN is not even itself
    for number in cells:
        content["cells"][number - 1]["source"] = None
    return content
