"""The files of a program that runs: what they lack together is said as soon as it is known, and once.

    program = Program(options, ModuleNames())
    program.add("trial.py", "trial", compiled)
    program.look_ahead(folders)                       what the script imports, as far as its text tells
    program.advise()                                  what can be said now
    program.add("src/net.py", "net", compiled)        a module, when it is imported
    program.advise()                                  what could not be known before

What a script lacks one of its modules may have, and the other way round.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from nascompile.api import compile_alone, is_looked_at
from nascompile.compiled import Compiled, Options
from nascompile.diagnostics import Diagnostic, in_order
from nascompile.imported import find_imported
from nascompile.modes import MODES
from nascompile.passes.advice import advise
from nascompile.passes.unknown import check_unknown
from nascompile.project import ModuleNames
from nascompile.search_space import SearchSpace


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a program: its path as messages show it, its module, and what became of it."""

    path: str
    module: str
    compiled: Compiled


class Program:
    """A script and what it imports, or files that are compiled without what they import."""

    def __init__(self, options: Options, names: ModuleNames) -> None:
        self._options = options
        self._names = names
        self._files: dict[str, _File] = {}
        self._others: list[bytes] = []
        self._said: set[str] = set()

    def add(self, path: str, module: str, compiled: Compiled) -> None:
        """Take a file that was compiled."""
        self._files.setdefault(os.path.realpath(path), _File(path, module, compiled))

    def look_ahead(self, folders: Sequence[str]) -> bool:
        """Take what the files import from some folders; return whether their text tells all that they import.

        It is compiled for this alone: its own mistakes are told when it is imported.
        """
        imported = find_imported([file.path for file in self._files.values()], folders)
        is_fixed = MODES[self._options.mode].takes_architecture
        options = None if is_fixed else self._options  # whether an architecture fits is told when it is imported
        for path, data in imported.files.items():
            if is_looked_at(data, options):
                module = self._names.near(path)
                self.add(path, module, compile_alone(data, options, path, module))
            else:
                self._others.append(data)
        return imported.is_all

    def advise(self) -> list[Diagnostic]:
        """Return what there is to say about all files together, each code once; nothing where one has a mistake."""
        if not all(file.compiled.ok for file in self._files.values()):
            return []
        space = SearchSpace()
        for file in self._files.values():
            space = space.joined(file.compiled.search_space)
        usages = {file.path: file.compiled.usage for file in self._files.values()}
        advice = advise(usages, space, self._options, lambda: self._others)
        if self._options.architecture is not None:
            modules = {file.module: file.path for file in self._files.values()}
            advice += check_unknown(self._options.architecture, space, modules, is_all=True)
        new = [diagnostic for diagnostic in advice if diagnostic.code not in self._said]
        self._said.update(diagnostic.code for diagnostic in new)
        return list(in_order(new))
