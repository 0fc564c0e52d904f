"""Files as the command line names them: what is read, and where the result goes."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import click

from nascompile import api
from nascompile.ir import Annotated
from nascompile.jobs import Job
from nascompile.project import ModuleNames, RootError
from nascompile.reading import read_file
from nascompile.search_space import SearchSpace
from nascompile.selection import Exclusion, is_pattern, matching_modules
from nascompile.tree import TreePlan, join
from nascompile.writing import obstacle, permissions, write_atomic


@dataclass(frozen=True, slots=True)
class Input:
    """A file to compile, its bytes, and what the keys of its blocks begin with.

    `path` is None for standard input. `name` is its place in a folder OUT, written with `/`; None where it has none.
    """

    path: str | None
    data: bytes
    module: str
    name: str | None

    @property
    def shown(self) -> str:
        """What messages call it."""
        return "<stdin>" if self.path is None else self.path

    @property
    def job(self) -> Job:
        """What is to be compiled."""
        return Job(self.shown, self.module, self.data)

    def annotations(self) -> list[Annotated]:
        """Return its annotations, with their keys."""
        return api.annotations_of(self.data, path=self.shown, module=self.module)


def read_inputs(sources: Sequence[str], excluded: Exclusion, root: str | None = None) -> list[Input]:
    """Read files, patterns and standard input (`-`), in this order; a file that is named is never excluded.

    `root` is where module paths begin, see `project`.

    Raises:
        click.UsageError: a pattern matches nothing, or a file does not lie below the root.
        OSError: a file cannot be read.
    """
    try:
        return list(_read_inputs(sources, excluded, root))
    except RootError as error:
        raise click.UsageError(str(error)) from None


def _read_inputs(sources: Sequence[str], excluded: Exclusion, root: str | None) -> Iterator[Input]:
    for source in sources:
        if source == "-":
            yield Input(None, _standard(sys.stdin, "<stdin>").buffer.read(), "stdin", None)
        elif not is_pattern(source):
            name = os.path.basename(source)
            yield Input(source, read_file(source), ModuleNames(root).of(source), name)
        else:
            folder, names = matching_modules(source)
            modules = ModuleNames(root, folder or ".")
            if not names:
                raise click.UsageError(f"no Python file matches {source!r}")
            for name in names:
                if not excluded.covers_below(folder, name):
                    path = join(folder, name)
                    yield Input(path, read_file(path), modules.of(path), name)


def read_modules(plan: TreePlan) -> list[Input]:
    """Read the modules of a folder; their names are those of the folder."""
    inputs = []
    for module in plan.modules:
        path = join(plan.source, module.path)
        inputs.append(Input(path, read_file(path), module.name, module.path))
    return inputs


def picture(
    target: str, inputs: Sequence[Input], space: SearchSpace, architecture: Mapping[str, Any] | None = None
) -> bytes:
    """Return the drawing of the layers of all files, in the format that the target's name ends in."""
    from nascompile.drawing.render import draw

    annotations = [found for one in inputs for found in one.annotations()]
    return draw(os.path.splitext(target)[1].lower(), annotations, space, architecture)


def find_targets(sources: Sequence[str], inputs: Sequence[Input], out: str) -> list[str]:
    """Return where the result of each input goes.

    OUT is a file for one file that is named, unless it is a folder already or ends like one; else it is a folder.

    Raises:
        click.UsageError: several results would go to one place, or one over a source, or to a folder that is none.
    """
    if len(sources) == 1 and not is_pattern(sources[0]) and not os.path.isdir(out) and os.path.basename(out):
        targets = [out]
    else:
        if os.path.exists(out) and not os.path.isdir(out):
            raise click.UsageError(f"several files need a folder for -o, and {out} is none")
        targets = [join(out, _name(one)) for one in inputs]
    if len(set(targets)) < len(targets):
        raise click.UsageError("several of the files have the same name; compile them one by one, or their folder")
    for target in targets:
        check_target(target, [one.path for one in inputs if one.path is not None])
    return targets


def check_target(target: str, sources: Sequence[str]) -> None:
    """Refuse to write over a source or a folder, and below what is no folder.

    Raises:
        click.UsageError
    """
    if os.path.isdir(target):
        raise click.UsageError(f"{target} is a folder")
    if (file := obstacle(os.path.dirname(target))) is not None:
        raise click.UsageError(f"{file} is no folder")
    for source in sources:
        if os.path.exists(target) and os.path.samefile(source, target):
            raise click.UsageError(f"{target} is the source {source}, which is never written; choose another OUT")


def write_output(target: str | None, data: bytes, source: str | None = None) -> None:
    """Write a result, making missing folders; a new file gets the permissions of the source it was made from."""
    if target is None:
        stream = _standard(sys.stdout, "<stdout>").buffer
        stream.write(data)
        stream.flush()
        return
    mode = None
    if source is not None and not os.path.exists(target):
        mode = permissions(source) | stat.S_IWUSR
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    write_atomic(target, data, mode)


def _standard(stream: TextIO | None, name: str) -> TextIO:
    """Return a standard stream.

    Raises:
        OSError: it was closed before we began.
    """
    if stream is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), name)
    return stream


def _name(one: Input) -> str:
    if one.name is None:
        raise click.UsageError("standard input has no name: with - give OUT as a file")
    return one.name
