"""Which files a source imports, and those which these import, as far as their text tells.

    import net                      net.py or net/__init__.py in one of the folders
    from . import ops               ops.py beside the source
    importlib.import_module(name)   nobody knows: there may be more

What is not found in the folders is installed, and no part of the program.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nascompile.reading import read_file

_hides_imports = re.compile(
    rb"\b(?:__import__|import_module|exec_module|load_source|run_path|run_module|exec|execfile|sys\.path|__path__)\b"
).search


@dataclass(frozen=True, slots=True)
class Imported:
    """The files by path, with their bytes, the sources not among them; and whether their text names all that is."""

    files: Mapping[str, bytes]
    is_all: bool


def find_imported(sources: Sequence[str], folders: Sequence[str]) -> Imported:
    """Return what sources import, directly or not, from some folders or from beside themselves."""
    seen = {os.path.realpath(source) for source in sources}
    files: dict[str, bytes] = {}
    is_all, waiting = True, [*sources]
    while waiting:
        path = waiting.pop()
        try:
            data = read_file(path)
        except OSError:  # whose place to be told is where it is compiled, or imported
            continue
        if path not in sources:
            files[path] = data
        is_all = is_all and _hides_imports(data) is None
        for found in _imports_of(path, data, folders):
            if (real := os.path.realpath(found)) not in seen:
                seen.add(real)
                waiting.append(found)
    return Imported(files, is_all)


def package_root(path: str) -> str:
    """Return the folder that holds the topmost package around a file; the file's own where that is in no package."""
    folder = os.path.dirname(path)
    while folder and os.path.isfile(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    return folder


def _imports_of(path: str, data: bytes, folders: Sequence[str]) -> Iterator[str]:
    """Yield the files that a file imports; a file that is not Python imports none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files_of(alias.name.split("."), folders)
        elif isinstance(node, ast.ImportFrom):
            around = folders if not node.level else [os.path.normpath(_above(os.path.dirname(path), node.level - 1))]
            module = node.module.split(".") if node.module else []
            for alias in node.names:
                yield from _files_of([*module, alias.name], around)


def _above(folder: str, levels: int) -> str:
    return os.path.join(folder, *[os.pardir] * levels)


def _files_of(names: Sequence[str], folders: Sequence[str]) -> Iterator[str]:
    """Yield what a dotted name stands for: its packages' files and its own, in the first folder that has its start."""
    for folder in folders:
        path, found = folder, False
        for name in names:
            path = os.path.join(path, name)
            for file in (f"{path}.py", os.path.join(path, "__init__.py")):
                if os.path.isfile(file):
                    found = True
                    yield file
            if not os.path.isdir(path):
                break
        if found:
            return
