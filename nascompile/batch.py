"""Compiles files that belong together: the modules of a folder, or several that are named.

    tree = compile_tree("model", "model-enas", Options("enas"))
    tree.diagnostics       # with an error among them, nothing was written

What `api` does with one file is done with each; here is what there is to say about all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import chain

from nascompile.api import compile_alone, in_cells, is_looked_at
from nascompile.compiled import Compiled, Options
from nascompile.diagnostics import Diagnostic, in_order
from nascompile.jobs import Done, Job, Work, compile_all
from nascompile.lookup import Lookup, Unknowable
from nascompile.passes.usage import EMPTY
from nascompile.project import ModuleNames
from nascompile.reading import read_file
from nascompile.search_space import SearchSpace
from nascompile.tree import TreePlan, join, plan_tree
from nascompile.tree_output import write_tree

ONE_BY_ONE = Work()


@dataclass(frozen=True, slots=True)
class CompiledTree:
    """A compiled folder: what differs from its source, by relative path, and everything said about it.

    `diagnostics` tell full paths. `done` has all modules that hold annotations, or look as if they did.
    """

    plan: TreePlan
    outputs: Mapping[str, bytes]
    search_space: SearchSpace
    diagnostics: tuple[Diagnostic, ...]
    done: Mapping[str, Done]

    @property
    def ok(self) -> bool:
        """Whether all files were compiled."""
        return not any(diagnostic.is_error for diagnostic in self.diagnostics)


def compile_jobs(jobs: Sequence[Job], options: Options | None, work: Work) -> list[Done]:
    """Compile files, or without options analyse them; those without annotations are done at once.

    Raises:
        CompilerBug: an output would break a promise of the compiler's, or something of ours fails.
        WorkerError: a process that compiled died.
    """
    marked = [number for number, job in enumerate(jobs) if is_looked_at(job.data, options)]
    # What is said of `tf.layers` depends on these two.
    settings = repr((options, find_spec("tf_keras") is not None, os.environ.get("TF_USE_LEGACY_KERAS")))
    found = compile_all(partial(_compile_job, options), [jobs[number] for number in marked], settings, work)
    by_number = dict(zip(marked, found, strict=True))
    return [by_number.get(number) or Done(Compiled(job.data)) for number, job in enumerate(jobs)]


def _compile_job(options: Options | None, job: Job) -> Compiled:
    return compile_alone(job.data, options, job.path, job.module)


def compile_tree(
    source: str, output: str, options: Options, work: Work = ONE_BY_ONE, root: str | None = None
) -> CompiledTree:
    """Compile a folder into another one. All files are compiled before any is written; none is if one has an error.

    `root` is where module paths begin, see `project`.

    Raises:
        TreeError: the folders do not go together.
        RootError: the source does not lie below the root.
        OSError: something cannot be read or written.
    """
    names = ModuleNames(root, source)
    tree = compile_modules(plan_tree(source, output, name_of=names.of), options, work)
    if tree.ok:
        write_tree(tree.plan, tree.outputs)
    return tree


def compile_modules(plan: TreePlan, options: Options | None, work: Work = ONE_BY_ONE) -> CompiledTree:
    """Compile every module of a folder, or look at it where there are no options. Nothing is written."""
    jobs, others = [], []
    for module in plan.modules:
        path = join(plan.source, module.path)
        if is_looked_at(data := read_file(path), options):
            jobs.append((module.path, Job(path, module.name, data)))
        else:
            others.append(path)
    results = compile_jobs([job for _, job in jobs], options, work)
    outputs: dict[str, bytes] = {}
    done: dict[str, Done] = {}
    for (path, job), result in zip(jobs, results, strict=True):
        done[path] = result
        if result.compiled.output is not None and result.compiled.output != job.data:
            outputs[path] = result.compiled.output
    space, diagnostics = joined([job for _, job in jobs], results, options, others)
    return CompiledTree(plan, outputs, space, diagnostics, done)


def joined(
    jobs: Sequence[Job],
    results: Sequence[Done],
    options: Options | None,
    others: Sequence[str] | None = None,
    root: str | None = None,
) -> tuple[SearchSpace, tuple[Diagnostic, ...]]:
    """Return the search space of files that belong together, and all that there is to say about them.

    `others` are the paths of all files among them that hold nothing for us; they are read only where it matters what
    they do. None where nobody knows of others, which may be among what these import;
    their module paths begin in `root`, see `project`.
    """
    space = SearchSpace()
    diagnostics: list[Diagnostic] = []
    for job, result in zip(jobs, results, strict=True):
        diagnostics += result.compiled.diagnostics
        if not result.compiled.search_space.keys().isdisjoint(space.keys()):
            message = f"another file is the module `{job.module}`, too, so their blocks would have the same keys"
            diagnostics.append(Diagnostic("NC005", message, job.path, hint="rename one of the two"))
        space = space.joined(result.compiled.search_space)
    if options is not None and options.architecture is not None and len(jobs) > 1:
        diagnostics += _claimed_twice(jobs, results, options.architecture)
    is_right = not any(diagnostic.is_error for diagnostic in diagnostics)
    if options is not None and options.architecture is not None and is_right:
        from nascompile.passes.unknown import check_unknown

        modules = {job.module: job.path for job in jobs}
        diagnostics += check_unknown(options.architecture, space, modules, is_all=others is not None)
    if options is not None and is_right and (space.blocks or (others is not None and jobs)):
        from nascompile.passes.advice import advise

        usages = {job.path: result.compiled.usage for job, result in zip(jobs, results, strict=True)}
        unmarked = [job.data for job in jobs if usages[job.path] is EMPTY]
        advice = advise(usages, space, options, lambda: chain(unmarked, map(read_file, others or ())))
        advice = _confirmed(advice, jobs, results, options, root) if others is None else advice
        diagnostics += in_cells(advice, {job.path: job.data for job in jobs})
    return space, in_order(diagnostics)


def _claimed_twice(
    jobs: Sequence[Job], results: Sequence[Done], architecture: Mapping[str, object]
) -> Iterator[Diagnostic]:
    """Yield an error for each file whose blocks may be those of another one, by what the architecture calls them."""
    lookup = Lookup(architecture)
    blocks = [
        (job, block) for job, result in zip(jobs, results, strict=True) for block in result.compiled.search_space.blocks
    ]
    lookup.settle([block for _, block in blocks], ())
    for job, block in blocks:
        if isinstance(known := lookup.blocks(block), Unknowable):
            message = f"the architecture does not fit: block `{block}`: {known.why}"
            yield Diagnostic("NC404", message, job.path, hint=known.advice)


def _confirmed(
    advice: list[Diagnostic], jobs: Sequence[Job], results: Sequence[Done], options: Options, root: str | None
) -> list[Diagnostic]:
    """Return what is still to be said of files that were named, beside what they import and was not."""
    if not advice:
        return []
    from nascompile.imported import package_root
    from nascompile.program import Program

    program = Program(options, ModuleNames(root))
    for job, result in zip(jobs, results, strict=True):
        program.add(job.path, job.module, result.compiled)
    program.look_ahead([folder for job in jobs for folder in (os.path.dirname(job.path), package_root(job.path))])
    codes = {diagnostic.code for diagnostic in program.advise()}
    return [diagnostic for diagnostic in advice if diagnostic.code in codes]
