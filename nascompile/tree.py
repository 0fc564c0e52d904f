"""A folder of code: what of it is compiled, and what comes along.

    plan = plan_tree("model", "model-enas")
    plan.modules        # (Module("net.py", "net"), Module("parts/cell.py", "parts.cell"), ...)

Symlinks are copied as they are and never followed. Version control, caches and virtual environments stay behind. The
source is only ever read; `tree_output.py` writes the result.
"""

from __future__ import annotations

import enum
import errno
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from nascompile.diagnostics import Diagnostic, Severity
from nascompile.swapping import is_aside
from nascompile.writing import is_leftover, obstacle

_VERSION_CONTROL = (".git", ".hg", ".svn")
_CACHES = ("__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".tox")
MODULE_SUFFIXES = (".py", ".pyw", ".ipynb")
_EFFECTIVE = os.access in os.supports_effective_ids


class _Kind(enum.Enum):
    FOLDER = enum.auto()
    MODULE = enum.auto()
    FILE = enum.auto()
    LINK = enum.auto()
    OTHER = enum.auto()


class TreeError(Exception):
    """A source and an output folder that do not go together; nothing was written."""


@dataclass(frozen=True, slots=True)
class Module:
    """A file to compile: its path in the folder, with `/`, and the dotted name that its keys begin with."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class TreePlan:
    """What a folder holds. All paths are relative to it, written with `/`, and in order of their names."""

    source: str
    output: str | None
    folders: tuple[str, ...]
    modules: tuple[Module, ...]
    files: tuple[str, ...]
    links: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]


def plan_tree(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    excluded: Callable[[str], bool] = lambda _: False,
    name_of: Callable[[str], str] | None = None,
) -> TreePlan:
    """Look at a folder of code, and at the folder that it shall be compiled into (None: at the source alone).

    What is `excluded`, asked by its path, does not come along. `name_of` gives the dotted names of modules, which else
    begin in the folder.

    Raises:
        TreeError: one folder lies in the other, or the output holds a file where the source has a folder, or a folder
            where it has a file.
        OSError: something in the source that is needed cannot be read.
    """
    source = os.fspath(source)
    output = None if output is None else os.fspath(output)
    if output is not None:
        _check_apart(source, output, excluded)
    found: dict[_Kind, list[str]] = {kind: [] for kind in _Kind}
    needed = (_Kind.MODULE,) if output is None else (_Kind.MODULE, _Kind.FILE)
    for kind, path in sorted(_walk(source, excluded, needed), key=lambda entry: entry[1]):
        found[kind].append(path)
    warnings = dict.fromkeys(found[_Kind.OTHER], "neither a file nor a folder nor a link; it does not come along")
    warnings |= {path: text for path in found[_Kind.LINK] if (text := _link_warning(source, output, path))}
    plan = TreePlan(
        source=source,
        output=output,
        folders=tuple(found[_Kind.FOLDER]),
        modules=tuple(
            Module(path, module_name(path) if name_of is None else name_of(join(source, path)))
            for path in found[_Kind.MODULE]
        ),
        files=tuple(found[_Kind.FILE]),
        links=tuple(found[_Kind.LINK]),
        warnings=tuple(
            Diagnostic("NC004", text, join(source, path), severity=Severity.WARNING) for path, text in warnings.items()
        ),
    )
    if output is not None:
        _check_kinds(plan, output)
    return plan


def module_name(path: str) -> str:
    """Return the dotted name of a file by its path in the folder: `a/net.py` is `a.net`, `a/__init__.py` is `a`."""
    parts = os.path.splitext(path)[0].split("/")
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def is_left_behind(path: str, *, is_folder: bool = True) -> bool:
    """Whether something is no part of the code: version control, a cache, a virtual environment, an unfinished file."""
    name = os.path.basename(path)
    if is_folder and os.path.isfile(os.path.join(path, "pyvenv.cfg")):
        return True
    return name in (*_VERSION_CONTROL, *_CACHES) or is_leftover(name) or is_aside(name)


def join(folder: str, path: str) -> str:
    """Return where a path of the plan is, in a folder."""
    return os.path.join(folder, *path.split("/")) if path else folder


def _walk(root: str, excluded: Callable[[str], bool], needed: Collection[_Kind]) -> Iterator[tuple[_Kind, str]]:
    """Yield what kind of thing is where, for all that is below a folder and comes along.

    Raises:
        OSError: a folder, or what is of a needed kind, cannot be read.
    """
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(join(root, folder)) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                kind = _kind(entry)
                if is_left_behind(entry.path, is_folder=kind is _Kind.FOLDER) or excluded(entry.path):
                    continue
                if kind is _Kind.FOLDER:
                    folders.append(path)
                elif kind in needed and not os.access(entry.path, os.R_OK, effective_ids=_EFFECTIVE):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), entry.path)
                yield kind, path


def _kind(entry: os.DirEntry[str]) -> _Kind:
    if entry.is_symlink():
        return _Kind.LINK
    if entry.is_dir():
        return _Kind.FOLDER
    if entry.is_file():
        return _Kind.MODULE if entry.name.endswith(MODULE_SUFFIXES) else _Kind.FILE
    return _Kind.OTHER


def _check_apart(source: str, output: str, excluded: Callable[[str], bool]) -> None:
    """Raise where one folder is the other or lies in it: the source is never written, the output never compiled.

    An output that is excluded from the source may lie in it.
    """
    if (file := obstacle(output)) is not None:
        raise TreeError(f"{file} is not a folder; a folder is compiled into a folder")
    inner_source, inner_output = (os.path.realpath(path) for path in (source, output))
    if _is_same(inner_source, inner_output):
        raise TreeError(f"the output folder {output} is the source folder; the source is never written")
    between = [inner_output, *_parents(inner_output)]
    place = next((place for place, folder in enumerate(between) if _is_same(inner_source, folder)), None)
    if place is not None and not any(map(excluded, (*between[:place], os.path.abspath(output)))):
        message = f"the output folder {output} lies inside the source folder {source}; choose one outside of it"
        raise TreeError(f"{message}, or --exclude it")
    if any(_is_same(inner_output, folder) for folder in _parents(inner_source)):
        raise TreeError(f"the source folder {source} lies inside the output folder {output}; choose another one")


def _check_kinds(plan: TreePlan, output: str) -> None:
    """Raise where a file would have to give way to a folder, or a folder, with all that it holds, to a file."""
    for path in plan.folders:
        if os.path.lexists(target := join(output, path)) and (os.path.islink(target) or not os.path.isdir(target)):
            raise TreeError(f"{target} is no folder, but {join(plan.source, path)} is one; remove it first")
    for path in (*(module.path for module in plan.modules), *plan.files, *plan.links):
        if os.path.isdir(target := join(output, path)) and not os.path.islink(target):
            raise TreeError(f"{target} is a folder, but {join(plan.source, path)} is none; remove it first")


def _link_warning(source: str, output: str | None, path: str) -> str | None:
    """Return what a user should know of a link that means something else in the output, or code left as it is."""
    link = join(source, path)
    target = os.readlink(link)
    if not os.path.exists(link):
        return None
    if _is_inside(os.path.realpath(link), os.path.realpath(source)):
        return f"the link leads to {target}: in the output, back to the source" if os.path.isabs(target) else None
    if path.endswith(MODULE_SUFFIXES):
        return f"the link leads out of the folder, so {target} is not compiled"
    if output is not None:
        there = os.path.join(os.path.dirname(join(output, path)), target)
        if not os.path.exists(os.path.normpath(there)):  # the output folder itself need not exist yet
            return "the link leads out of the folder, and nowhere in the output"
    return None


def _is_same(one: str, other: str) -> bool:
    return one == other or (os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other))


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def _parents(path: str) -> Iterator[str]:
    while (parent := os.path.dirname(path)) != path:
        yield (path := parent)
