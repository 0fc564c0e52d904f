"""What `nascompile SRC…` makes of its sources, before anything is written: to be written, compared or shown.

build = build_folder("model", "model-enas", options, work, excluded)
build.diagnostics      # if there is an error among them, the rest is not asked for
build.changes()        # what compiling changes, file by file
build.stale()          # what a write would change
build.write()          # writes, and says what became of each file
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import click

from nascompile.batch import CompiledTree, compile_jobs, compile_modules, joined
from nascompile.compiled import Options
from nascompile.diagnostics import Diagnostic
from nascompile.inputs import Input, find_targets, read_inputs, read_modules, write_output
from nascompile.jobs import Done, Work
from nascompile.project import ModuleNames, RootError
from nascompile.search_space import SearchSpace
from nascompile.selection import Exclusion, is_pattern
from nascompile.swapping import recover, replace_folder
from nascompile.tree import join, plan_tree
from nascompile.tree_output import stale_paths, write_tree
from nascompile.writing import holds


@dataclass(frozen=True, slots=True)
class Change:
    """A file that compiling changes: its path, its bytes and those of the output."""

    path: str
    source: bytes
    output: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file, in a word, and how long its compilation took, in seconds.

    compiled: anew. cached: it had been compiled before. copied: it holds nothing to compile. unchanged: likewise, and
    it was there already.
    """

    word: str
    path: str
    seconds: float | None = None


class Build(Protocol):
    """Sources that have been compiled."""

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """All that there is to say about them."""

    @property
    def search_space(self) -> SearchSpace:
        """The search space of all of them."""

    @property
    def sources(self) -> Sequence[str]:
        """The paths of what was read, that nothing may be written over."""

    def inputs(self) -> Sequence[Input]:
        """Return what was read."""

    def changes(self) -> Iterator[Change]:
        """Yield what compiling changes, in the order of the sources."""

    def stale(self) -> list[str]:
        """Return the paths of outputs that are not as they should be; without OUT, of sources that would be changed."""

    def write(self) -> list[Outcome]:
        """Write the outputs, and say what became of each source."""


def build_sources(
    sources: Sequence[str],
    out: str | None,
    options: Options | None,
    work: Work,
    excluded: Exclusion,
    *,
    writes: bool,
    root: str | None = None,
) -> Build:
    """Compile a folder, or files, patterns and standard input; nothing is written yet, but OUT is looked at.

    `root` is where module paths begin, see `project`.

    Raises:
        click.UsageError: sources and OUT do not go together, or, if it `writes`, OUT is missing; or a source does not
            lie below the root.
        TreeError: a folder and OUT do not go together.
    """
    if not any(os.path.isdir(source) for source in sources):
        return _build_files(sources, out, options, work, excluded, writes=writes, root=root)
    if len(sources) > 1:
        raise click.UsageError("a folder is compiled alone; give one folder, or files")
    if out is None and writes:
        raise click.UsageError("a folder needs -o OUT")
    try:
        plan = plan_tree(sources[0], out, excluded.covers, ModuleNames(root, sources[0]).of)
    except RootError as error:
        raise click.UsageError(str(error)) from None
    return _FolderBuild(compile_modules(plan, options, work))


def look_at(sources: Sequence[str], work: Work, excluded: Exclusion, root: str | None = None) -> list[Diagnostic]:
    """Return what there is to say about sources, in their order. Files that are named need not belong together."""
    named = [source for source in sources if not os.path.isdir(source) and not is_pattern(source)]
    inputs = read_inputs(named, excluded, root)
    results = iter(compile_jobs([one.job for one in inputs], None, work))
    diagnostics: list[Diagnostic] = []
    for source in sources:
        if os.path.isdir(source) or is_pattern(source):
            build = build_sources([source], None, None, work, excluded, writes=False, root=root)
            diagnostics += build.diagnostics
        else:
            diagnostics += next(results).compiled.diagnostics
    return diagnostics


@dataclass(frozen=True, slots=True)
class _FolderBuild:
    """A folder, compiled."""

    tree: CompiledTree

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        return [*self.tree.plan.warnings, *self.tree.diagnostics]

    @property
    def search_space(self) -> SearchSpace:
        return self.tree.search_space

    @property
    def sources(self) -> Sequence[str]:
        return [join(self.tree.plan.source, module.path) for module in self.tree.plan.modules]

    def inputs(self) -> Sequence[Input]:
        return read_modules(self.tree.plan)

    def changes(self) -> Iterator[Change]:
        for path, output in self.tree.outputs.items():
            source = join(self.tree.plan.source, path)
            yield Change(source, Path(source).read_bytes(), output)

    def stale(self) -> list[str]:
        plan = self.tree.plan
        if plan.output is None:
            return [join(plan.source, path) for path in self.tree.outputs]
        return [join(plan.output, path) for path in stale_paths(plan, self.tree.outputs)]

    def write(self) -> list[Outcome]:
        written = write_tree(self.tree.plan, self.tree.outputs)
        plan = self.tree.plan
        return [
            _outcome(join(plan.source, path), self.tree.done.get(path), path in self.tree.outputs, path in written)
            for path in sorted([*(module.path for module in plan.modules), *plan.files, *plan.links])
        ]


@dataclass(frozen=True, slots=True)
class _FilesBuild:
    """Files and standard input, compiled; without targets, the one of them goes to standard output.

    `folder` is where several targets lie.
    """

    read: Sequence[Input]
    results: Sequence[Done]
    targets: Sequence[str] | None
    folder: str | None
    search_space: SearchSpace
    diagnostics: Sequence[Diagnostic]

    @property
    def sources(self) -> Sequence[str]:
        return [one.path for one in self.read if one.path is not None]

    def inputs(self) -> Sequence[Input]:
        return self.read

    def changes(self) -> Iterator[Change]:
        for one, result in zip(self.read, self.results, strict=True):
            if result.compiled.output is not None and result.compiled.output != one.data:
                yield Change(one.shown, one.data, result.compiled.output)

    def stale(self) -> list[str]:
        if self.targets is None:
            return [change.path for change in self.changes()]
        pairs = zip(self.targets, self.results, strict=True)
        return [target for target, result in pairs if not holds(target, result.compiled.output)]

    def write(self) -> list[Outcome]:
        if self.targets is None:
            for result in self.results:
                write_output(None, result.compiled.output or b"")
            return self._outcomes([True] * len(self.read))
        is_new = [not holds(*pair) for pair in zip(self.targets, self._outputs(), strict=True)]
        new = [number for number, is_written in enumerate(is_new) if is_written]
        if self.folder is None or len(new) < 2:
            self._fill(new)
            return self._outcomes(is_new)
        recover(self.folder)
        ours = [os.path.relpath(target, self.folder).replace(os.sep, "/") for target in self.targets]
        if not replace_folder(self.folder, partial(self._fill, new), ours):
            self._fill(new)
        return self._outcomes(is_new)

    def _outputs(self) -> list[bytes]:
        return [result.compiled.output or b"" for result in self.results]

    def _fill(self, new: Sequence[int], place: str | None = None) -> None:
        """Write some outputs, to their targets or into a folder that is to take the place of theirs."""
        outputs, targets = self._outputs(), self.targets or ()
        for number in new:
            target = targets[number]
            if place is not None:
                target = os.path.join(place, os.path.relpath(target, self.folder))
            write_output(target, outputs[number], self.read[number].path)

    def _outcomes(self, is_new: Sequence[bool]) -> list[Outcome]:
        return [
            _outcome(one.shown, result, result.compiled.output != one.data, is_written)
            for one, result, is_written in zip(self.read, self.results, is_new, strict=True)
        ]


def _build_files(
    sources: Sequence[str],
    out: str | None,
    options: Options | None,
    work: Work,
    excluded: Exclusion,
    *,
    writes: bool,
    root: str | None,
) -> Build:
    if out is None and writes and (len(sources) > 1 or is_pattern(sources[0])):
        raise click.UsageError("several files need -o OUT, a folder")
    inputs = read_inputs(sources, excluded, root)
    targets = None if out is None else find_targets(sources, inputs, out)
    jobs = [one.job for one in inputs]
    results = compile_jobs(jobs, options, work)
    folder = out if len(inputs) > 1 else None
    return _FilesBuild(inputs, results, targets, folder, *joined(jobs, results, options, root=root))


def _outcome(path: str, done: Done | None, is_compiled: bool, is_written: bool) -> Outcome:
    if done is not None and is_compiled:
        return Outcome("cached" if done.is_cached else "compiled", path, done.seconds)
    return Outcome("copied" if is_written else "unchanged", path)
