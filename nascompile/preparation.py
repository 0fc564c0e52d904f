"""The hook before a launch: what an experiment runner calls, so that mistakes come before the first trial does.

prepared = nascompile.prepare("samples/digits", mode="enas")
prepared.path              # the compiled folder, a new one: launch its trials instead of the user's
prepared.search_space      # {"trial/Net.build": {"_type": "mutable_layer", "_value": {...}}}
prepared.flat_space        # {"trial/Net.build/stem/layer_choice": {"_type": "choice", "_value": [...]}, ...}
prepared.architectures     # 31104
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nascompile import flat_space
from nascompile.batch import ONE_BY_ONE, compile_tree
from nascompile.compiled import Options
from nascompile.diagnostics import Diagnostic, in_order, render_text
from nascompile.fingerprint import fingerprint
from nascompile.modes import mode_named
from nascompile.search_space import SearchSpace
from nascompile.writing import write_atomic

SEARCH_SPACE_FILE = "search_space.json"


class PreparationError(Exception):
    """Code that cannot be compiled. `diagnostics` says why, and so does the text of the exception."""

    def __init__(self, code_dir: str, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join([f"{code_dir} cannot be compiled:", *map(render_text, self.diagnostics)]))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A compiled folder and its search space. `diagnostics` are warnings: with an error there is nothing prepared."""

    path: str
    mode: str
    space: SearchSpace
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def search_space(self) -> dict[str, Any]:
        """The search space in NNI's nested format."""
        return self.space.to_json()

    @property
    def flat_space(self) -> dict[str, Any]:
        """The search space for tuners that know choice, randint and uniform; `architecture_of` reads their samples."""
        return flat_space.flat_space(self.space)

    @property
    def sampled_space(self) -> dict[str, Any]:
        """What the tuner of an experiment shall sample for each trial: the flat space, if a trial is one architecture.

        In the weight-sharing modes each trial searches by itself, and has one value of each variable; in mode fixed
        nothing is left to choose.
        """
        if self.mode in ("classic", "fixed"):
            return self.flat_space if self.mode == "classic" else {}
        return flat_space.flat_space(SearchSpace({}, self.space.variables))

    @property
    def architectures(self) -> int | float:
        """The number of architectures, 1 where nothing is undecided; infinity with a continuous variable."""
        return self.space.size()

    def architecture_of(self, sample: Mapping[str, Any]) -> dict[str, Any]:
        """Return the architecture that a sample of the flat space spells. Raises SampleError where it spells none."""
        return {**fingerprint(self.space), **flat_space.architecture_of(sample, self.space)}

    def write_search_space(self, path: str | os.PathLike[str] | None = None) -> str:
        """Write the sampled space as JSON, by default beside the compiled code, and return the path of the file."""
        path = os.path.join(self.path, SEARCH_SPACE_FILE) if path is None else os.fspath(path)
        text = json.dumps(self.sampled_space, indent=2, ensure_ascii=False) + "\n"
        write_atomic(path, text.encode(errors="backslashreplace"))
        return path


def prepare(
    code_dir: str | os.PathLike[str],
    mode: str = "classic",
    to: str | os.PathLike[str] | None = None,
    *,
    architecture: Mapping[str, Any] | None = None,
    scopes: bool = True,
    tf1: bool = False,
    root: str | os.PathLike[str] | None = None,
) -> Prepared:
    """Compile a folder of code into a new one: into `to`, or into a temporary folder, which is the caller's to remove.

    `mode` may be spelled as NNI's `nasMode` was, `enas_mode`. `architecture` and `scopes` are for mode fixed; `tf1` is
    for code of TensorFlow 1. Module paths begin in `root`, by default in the project around the folder. The folder of
    the code is only read. If anything is raised, nothing that was made is left.

    Raises:
        PreparationError: the code has mistakes.
        ValueError: there is no such mode, or the folder does not lie below the root.
        FileExistsError: `to` is there already, and no empty folder.
        TreeError: one of the folders lies in the other.
        OSError: something cannot be read or written.
    """
    source = os.fspath(code_dir)
    options = Options(mode_named(mode), architecture, scopes, tf1)
    with _new_folder(to, f"{os.path.basename(os.path.abspath(source))}-{options.mode}-") as path:
        tree = compile_tree(source, path, options, ONE_BY_ONE, None if root is None else os.fspath(root))
        diagnostics = in_order([*tree.plan.warnings, *tree.diagnostics])
        if not tree.ok:
            raise PreparationError(source, diagnostics)
    return Prepared(path, options.mode, tree.search_space, diagnostics)


@contextlib.contextmanager
def _new_folder(to: str | os.PathLike[str] | None, prefix: str) -> Iterator[str]:
    """Give the path of a folder to fill, which is empty or not there yet, and leave things so if the block fails."""
    made: str | None
    if to is None:
        path = made = tempfile.mkdtemp(prefix=prefix)
    else:
        path = os.path.abspath(to)
        made = _first_missing(path)
    try:
        yield path
    except BaseException:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
        else:
            _empty(path)
        raise


def _first_missing(path: str) -> str | None:
    """Return the outermost folder that has to be made for a path; None where the path is an empty folder."""
    if os.path.isdir(path) and not os.listdir(path):
        return None
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, "the output is there already, and is no empty folder", path)
    while not os.path.lexists(parent := os.path.dirname(path)):
        path = parent
    return path


def _empty(folder: str) -> None:
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)
