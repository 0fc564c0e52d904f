"""Writes a compiled folder, and says what of it is not written yet.

    write_tree(plan_tree("model", "model-enas"), {"net.py": b"..."})

Nothing in the output that the source does not have is touched.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from nascompile.swapping import recover, replace_folder
from nascompile.tree import TreePlan, join
from nascompile.writing import Staging, holds, permissions


def write_tree(plan: TreePlan, outputs: Mapping[str, bytes]) -> frozenset[str]:
    """Write the output folder: `outputs` by module path; modules that it lacks are copied like all other files.

    If several files change, the folder is replaced as a whole, with all that it holds besides. Where that cannot be,
    and for a single file, new files stand beside the old ones before the first is replaced, so an earlier output stays
    whole if there is no space for them, and each file is replaced whole. What is there already is left alone.
    Permission bits come along; copied files keep their time of change, compiled ones do not (Python would take its old
    bytecode for theirs).

    Returns:
        The paths of what was written.
    """
    if plan.output is None:
        raise ValueError("the plan has no output folder")
    recover(plan.output)
    changes = tuple(_changes(plan, outputs, plan.output))
    fill = partial(_fill, plan, outputs, changes)
    is_one_step = len(changes) <= 1 and os.path.isdir(plan.output)
    ours = {*(module.path for module in plan.modules), *plan.files, *plan.links}
    if is_one_step or not replace_folder(plan.output, fill, ours):
        fill(plan.output)
    return frozenset(changes)


def _changes(plan: TreePlan, outputs: Mapping[str, bytes], output: str) -> Iterator[str]:
    """Yield the paths of what the output folder lacks, or holds otherwise."""
    for path in (*(module.path for module in plan.modules), *plan.files):
        source, target = join(plan.source, path), join(output, path)
        if path not in outputs:
            is_there = _is_copy(source, target)
        else:
            is_there = holds(target, outputs[path], permissions(source), follow_symlinks=False)
        if not is_there:
            yield path
    for path in plan.links:
        if not _leads_to(join(output, path), os.readlink(join(plan.source, path))):
            yield path


def _fill(plan: TreePlan, outputs: Mapping[str, bytes], changes: Sequence[str], output: str) -> None:
    """Write what changes into a folder that has the rest, or is not there yet."""
    for folder in ("", *plan.folders):
        _make_folder(join(plan.source, folder), join(output, folder))
    links = frozenset(plan.links)
    with Staging() as staging:
        for path in changes:
            source, target = join(plan.source, path), join(output, path)
            if path in links:
                staging.link(os.readlink(source), target)
            elif path in outputs:
                staging.write(target, outputs[path], permissions(source))
            else:
                staging.copy(source, target)


def stale_paths(plan: TreePlan, outputs: Mapping[str, bytes]) -> list[str]:
    """Return the paths that the output folder lacks, or that have other contents there; nothing is written."""
    if plan.output is None:
        raise ValueError("the plan has no output folder")
    stale = [path for path in plan.folders if not os.path.isdir(join(plan.output, path))]
    for path in (*(module.path for module in plan.modules), *plan.files):
        source, target = join(plan.source, path), join(plan.output, path)
        if path not in outputs and _is_copy(source, target):
            continue
        data = outputs[path] if path in outputs else Path(source).read_bytes()
        if not holds(target, data, follow_symlinks=False):
            stale.append(path)
    stale += [
        path for path in plan.links if not _leads_to(join(plan.output, path), os.readlink(join(plan.source, path)))
    ]
    return sorted(stale)


def _make_folder(source: str, target: str) -> None:
    """Make a folder with the permissions of its source, and in any case its owner's, who shall write into it."""
    if not os.path.isdir(target):
        os.makedirs(target)
        inherited = os.stat(target).st_mode & stat.S_ISGID  # of the folder around it, which gives its group to all
        os.chmod(target, permissions(source) | stat.S_IRWXU | inherited)


def _is_copy(source: str, target: str) -> bool:
    """Whether a file was copied before and is unchanged since, as far as size, time and permissions tell."""
    try:
        one, other = os.stat(source), os.stat(target, follow_symlinks=False)
    except FileNotFoundError:
        return False
    if stat.S_IFMT(one.st_mode) != stat.S_IFMT(other.st_mode) or permissions(source) != stat.S_IMODE(other.st_mode):
        return False
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _leads_to(path: str, target: str) -> bool:
    return os.path.islink(path) and os.readlink(path) == target
