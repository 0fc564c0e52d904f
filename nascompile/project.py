"""The dotted name of a module, from the root of its project: the same whatever folder or file a command names.

    ModuleNames().of("work/src/net/cell.py")      "src.net.cell", if work/pyproject.toml or work/.git is there

The root is the nearest folder above the file that has a `pyproject.toml` or a `.git`. Where no folder has, it is the
one that holds the file's topmost package, and for a file in no package, the folder that was named, or the file's own.
"""

from __future__ import annotations

import os

from nascompile.tree import module_name

_MARKERS = ("pyproject.toml", ".git")
_PACKAGE = "__init__.py"


class RootError(ValueError):
    """A file that does not lie below the root that was given."""


class ModuleNames:
    """Names modules. All names begin in `root`, if it is given, or in the folder `named` where nothing marks a root."""

    def __init__(self, root: str | None = None, named: str | None = None) -> None:
        self._root = None if root is None else os.path.realpath(root)
        self._named = None if named is None else os.path.realpath(named)
        self._marked: dict[str, str | None] = {}

    def of(self, path: str) -> str:
        """Return the name of the module at a path.

        Raises:
            RootError: the path does not lie below the root.
        """
        folder, name = os.path.split(os.path.abspath(path))
        folder = os.path.realpath(folder)  # of a link to a file, its own name counts
        root = self._root or self._root_of(folder)
        relative = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
        if relative.startswith("../"):
            raise RootError(f"{path} does not lie below the root {root}")
        return module_name(relative)

    def near(self, path: str) -> str:
        """Return the name of a module that something else imports, and that need not lie below the root."""
        try:
            return self.of(path)
        except RootError:
            return ModuleNames(None, self._named).of(path)

    def _root_of(self, folder: str) -> str:
        return self._marked_root(folder) or _above_package(folder) or self._fallback(folder)

    def _marked_root(self, folder: str) -> str | None:
        """Return the nearest folder upwards that marks a project; asked once for each folder."""
        if folder not in self._marked:
            parent = os.path.dirname(folder)
            if any(os.path.exists(os.path.join(folder, marker)) for marker in _MARKERS):
                self._marked[folder] = folder
            else:
                self._marked[folder] = None if parent == folder else self._marked_root(parent)
        return self._marked[folder]

    def _fallback(self, folder: str) -> str:
        named = self._named
        return named if named is not None and (folder + os.sep).startswith(os.path.join(named, "")) else folder


def _above_package(folder: str) -> str | None:
    """Return the folder that holds the topmost package which a folder belongs to; None where it is in no package."""
    top = None
    while os.path.exists(os.path.join(folder, _PACKAGE)) and os.path.dirname(folder) != folder:
        top = folder = os.path.dirname(folder)
    return top
