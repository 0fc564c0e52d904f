"""The files of a program that runs: what they lack together is said as soon as it is known, and once.

    program = Program(options)
    program.add("trial.py", compiled)
    program.look_ahead(folders)                what the script imports, as far as its text tells
    program.advise()                           what can be said now
    program.add("/work/net.py", compiled)      a module, when it is imported
    program.advise()                           what could not be known before

What a script lacks one of its modules may have, and the other way round.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from nascompile.api import compile_alone, is_looked_at
from nascompile.compiled import Compiled, Options
from nascompile.diagnostics import Diagnostic, in_order
from nascompile.imported import find_imported
from nascompile.passes.advice import advise
from nascompile.search_space import SearchSpace


class Program:
    """A script and what it imports, or files that are compiled without what they import."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._files: dict[str, tuple[str, Compiled]] = {}
        self._others: list[bytes] = []
        self._said: set[str] = set()

    def add(self, path: str, compiled: Compiled) -> None:
        """Take a file that was compiled."""
        self._files.setdefault(os.path.realpath(path), (path, compiled))

    def look_ahead(self, folders: Sequence[str]) -> bool:
        """Take what the files import from some folders; return whether their text tells all that they import.

        It is compiled for this alone: its own mistakes are told when it is imported.
        """
        imported = find_imported([path for path, _ in self._files.values()], folders)
        for path, data in imported.files.items():
            if is_looked_at(data, self._options):
                self.add(path, compile_alone(data, self._options, path, path))
            else:
                self._others.append(data)
        return imported.is_all

    def advise(self) -> list[Diagnostic]:
        """Return what there is to say about all files together, each code once; nothing where one has a mistake."""
        if not all(compiled.ok for _, compiled in self._files.values()):
            return []
        space = SearchSpace()
        for _, compiled in self._files.values():
            space = space.joined(compiled.search_space)
        usages = {path: compiled.usage for path, compiled in self._files.values()}
        advice = advise(usages, space, self._options, lambda: self._others)
        new = [diagnostic for diagnostic in advice if diagnostic.code not in self._said]
        self._said.update(diagnostic.code for diagnostic in new)
        return list(in_order(new))
