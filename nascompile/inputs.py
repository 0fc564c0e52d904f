"""Files as the command line names them: what is read, and where the result goes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from nascompile import api
from nascompile.ir import Annotated
from nascompile.search_space import SearchSpace
from nascompile.tree import TreePlan, module_name
from nascompile.writing import write_atomic


@dataclass(frozen=True, slots=True)
class Input:
    """A file to compile; `path` is None for standard input, and `module` what the keys of its blocks begin with."""

    path: str | None
    data: bytes
    module: str

    def compile(self, options: api.Options | None) -> api.Compiled:
        """Compile it, or without options look for its search space and its mistakes."""
        return api.compile_file(self.data, options, self.path or "<stdin>", self.module)

    def annotations(self) -> list[Annotated]:
        """Return its annotations, with their keys."""
        return api.annotations_of(self.data, path=self.path or "<stdin>", module=self.module)


def read_input(name: str) -> Input:
    """Read a file, or standard input where the name is `-`."""
    if name == "-":
        return Input(None, sys.stdin.buffer.read(), "stdin")
    return Input(name, Path(name).read_bytes(), module_name(os.path.basename(name)))


def read_modules(plan: TreePlan) -> list[Input]:
    """Read the modules of a folder; their names are those of the folder."""
    inputs = []
    for module in plan.modules:
        path = os.path.join(plan.source, module.path)
        inputs.append(Input(path, Path(path).read_bytes(), module.name))
    return inputs


def picture(
    target: str, inputs: Sequence[Input], space: SearchSpace, architecture: Mapping[str, Any] | None = None
) -> bytes:
    """Return the drawing of the layers of all files, in the format that the target's name ends in."""
    from nascompile.drawing.render import draw

    annotations = [found for one in inputs for found in one.annotations()]
    return draw(os.path.splitext(target)[1].lower(), annotations, space, architecture)


def find_targets(inputs: Sequence[Input], out: str | None) -> list[str | None]:
    """Return where the result of each input goes, None for standard output.

    Raises:
        click.UsageError: several results would go to one place, or one over a source, or to a folder that is none.
    """
    if out is None:
        if len(inputs) > 1:
            raise click.UsageError("several files need -o OUT, a folder")
        return [None]
    if len(inputs) > 1 and os.path.exists(out) and not os.path.isdir(out):
        raise click.UsageError(f"several files need a folder for -o, and {out} is none")
    if len(inputs) == 1 and not os.path.isdir(out):
        targets = [out]
    else:
        targets = [os.path.join(out, _file_name(one)) for one in inputs]
    if len(set(targets)) < len(targets):
        raise click.UsageError("several of the files have the same name; compile them one by one, or their folder")
    for target in targets:
        check_target(target, [one.path for one in inputs if one.path is not None], new_folder=len(inputs) > 1)
    return [*targets]


def check_target(target: str, sources: Sequence[str], *, new_folder: bool = False) -> None:
    """Refuse to write over a source, and into a folder that does not exist unless we may make a new one.

    Raises:
        click.UsageError
    """
    if os.path.isdir(target):
        raise click.UsageError(f"{target} is a folder")
    folder = os.path.dirname(target) or "."
    if not new_folder and not os.path.isdir(folder):
        raise click.UsageError(f"there is no folder {folder}")
    for source in sources:
        if os.path.exists(target) and os.path.samefile(source, target):
            raise click.UsageError(f"{target} is the source {source}, which is never written; choose another OUT")


def write_output(target: str | None, data: bytes, source: str | None = None) -> None:
    """Write a result; a new file gets the permissions of the source it was made from."""
    if target is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    mode = None
    if source is not None and not os.path.exists(target):
        mode = stat.S_IMODE(os.stat(source).st_mode) | stat.S_IWUSR
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    write_atomic(target, data, mode)


def _file_name(one: Input) -> str:
    if one.path is None:
        raise click.UsageError("standard input has no name: with - give OUT as a file")
    return os.path.basename(one.path)
