"""Run a compiled script in this process, without writing it, as if `python trial.py …` ran the user's own.

    script = Script("trial.py", Options("enas"))
    compiled = script.compile()                                # its diagnostics, before anything runs
    script.run(compiled.output, ["--batch_num", "100"])

What the program sees of itself is the user's file: `__file__`, `sys.argv`, `sys.path`, `__name__`, and tracebacks,
which fit because the compiler keeps line numbers. What the script imports from its own folder is compiled too, and from
one around it that imports look into (`PYTHONPATH=. nascompile exec src/net/trial.py`, where it says `from src import
ops`), and so is the script in processes that `multiprocessing` spawns.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import functools
import importlib.abc
import importlib.machinery
import inspect
import multiprocessing.spawn
import os
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nascompile import api
from nascompile.chatter import less_chatter
from nascompile.compiled import Compiled, Options
from nascompile.diagnostics import Diagnostic, render_text
from nascompile.notebook.reading import is_notebook
from nascompile.program import Program
from nascompile.project import ModuleNames
from nascompile.reading import read_file
from nascompile.source import SourceError, decode, split_lines
from nascompile.tracebacks import show_frames_of
from nascompile.tree import is_left_behind

_OWN_PACKAGES = ("nascompile", "nascompile_runtime")
_INSTALLED = ("site-packages", "dist-packages")
_TOLD = "NASCOMPILE_TOLD"  # this process, and the warnings that it has told, for the runtime not to tell the same


@dataclass(frozen=True, slots=True)
class Script:
    """A script as named on the command line, and how it and what it imports are compiled.

    `root` is where module paths begin, see `project`. `strict` says that what would be a warning ends the run.
    """

    path: str
    options: Options
    root: str | None = None
    strict: bool = False

    def compile(self) -> Compiled:
        """Compile the script in memory.

        Raises:
            OSError: it cannot be read.
            RootError: it does not lie below the root.
        """
        data = read_file(self.path)
        compiled = self.compile_module(data, self.path, ModuleNames(self.root).of(self.path))
        if not is_notebook(self.path, data) or compiled.output is None:
            return compiled
        from nascompile.notebook.running import left_out

        return replace(compiled, diagnostics=(*compiled.diagnostics, *left_out(data, self.path)))

    def compile_module(self, data: bytes, path: str, module: str) -> Compiled:
        """Compile a file that belongs to the script."""
        compiled = api.compile_alone(data, self.options, path, module)
        if not self.strict or not compiled.diagnostics:
            return compiled
        return Compiled(None, diagnostics=tuple(diagnostic.as_error() for diagnostic in compiled.diagnostics))

    def advise(self, compiled: Compiled) -> list[Diagnostic]:
        """Return what there is to say already of the script, as it was compiled, together with what it imports."""
        names = ModuleNames(self.root)
        program = Program(self.options, names)
        program.add(self.path, names.of(self.path), compiled)
        _programs.append(program)
        folder = os.path.dirname(os.path.realpath(self.path))
        advice = program.advise() if program.look_ahead([folder, *_folders_around(folder)]) else []
        if advice:
            os.environ[_TOLD] = " ".join([str(os.getpid()), *(diagnostic.code for diagnostic in advice)])
        return advice

    def run(self, output: bytes, arguments: Sequence[str]) -> None:
        """Run what `compile` gave, as the last thing this process does: nothing that it changes in `sys` is put back.

        What the program raises passes through, for the interpreter to end with as it would have, and to print without
        our frames. So the caller may have no handler in between.
        """
        path = os.path.abspath(self.path)
        sys.argv = [self.path, *arguments]
        if not getattr(sys.flags, "safe_path", False):
            sys.path[0] = os.path.dirname(os.path.realpath(path))
        main = types.ModuleType("__main__")
        names = vars(main)
        names["__loader__"] = importlib.machinery.SourceFileLoader("__main__", path)
        names.update(__annotations__={}, __builtins__=builtins, __file__=path, __cached__=None)
        _former_modules.append(sys.modules["__main__"])
        sys.modules["__main__"] = main
        _install(replace(self, path=path))
        atexit.register(_finish, os.getpid())
        codes: list[types.CodeType] = []
        try:
            _execute(output, path, names, codes)
        except BaseException as error:
            if not isinstance(error, SystemExit) or error.code:
                _programs.clear()
            show_frames_of(codes)
            raise


def _execute(output: bytes, path: str, names: dict[str, Any], codes: list[types.CodeType]) -> None:
    """Run what a script became in a namespace; `codes` hears what is run."""
    if is_notebook(path, output):
        from nascompile.notebook.running import run_cells

        run_cells(output, path, names, codes, _compiled_lines)
        return
    codes.append(compile(output, path, "exec", dont_inherit=True))
    _note_lines(path, output)
    exec(codes[0], names)


def run_spawned(names: dict[str, Any]) -> None:
    """Run the script in a process that `multiprocessing` spawned from it, in the namespace of its `__mp_main__`."""
    script = _handed_over[-1]
    _install(script)
    sys.argv[0] = script.path
    names.clear()
    names.update(__name__="__mp_main__", __doc__=None, __package__="", __loader__=None, __spec__=None)
    names.update(__file__=script.path, __cached__=None, __builtins__=builtins)
    module = ModuleNames(script.root).of(script.path)
    _execute(_output(script.compile_module(read_file(script.path), script.path, module)), script.path, names, [])


# The process's own: a main module that something may still need, the script as a parent process handed it over, the
# program that runs until it fails, and the lines of compiled files by path.
_former_modules: list[types.ModuleType] = []
_handed_over: list[Script] = []
_programs: list[Program] = []
_compiled_lines: dict[str, list[str]] = {}


def _note_lines(path: str, output: bytes) -> None:
    """Have `inspect` know the text of a compiled file."""
    with contextlib.suppress(SourceError):  # of a file without annotations, which the compiler did not have to read
        _compiled_lines[path] = [line.rstrip("\r\n") + "\n" for line in split_lines(decode(output).text)]


def _finish(process: int) -> None:
    """Say, at the end of a run that went well, what only its end tells; a process that was forked off says nothing."""
    if _programs and os.getpid() == process:
        teller, *codes = os.environ.get(_TOLD, "").split() or [""]  # which may be the runtime's, or an outer process's
        told = codes if teller == str(process) else []
        _say(diagnostic for diagnostic in _programs[-1].advise() if diagnostic.code not in told)


def _say(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        print(render_text(diagnostic), file=sys.stderr)


def _output(compiled: Compiled) -> bytes:
    """Return what was compiled in the middle of a run, or end the run with its mistakes."""
    _say(compiled.diagnostics)
    if compiled.output is None:
        sys.exit(1)
    return compiled.output


def _install(script: Script) -> None:
    """Have imports, `inspect` and `multiprocessing` know of compiled code, in this process."""
    sys.meta_path.insert(0, _Finder(script))
    find_source, prepare = inspect.findsource, multiprocessing.spawn.get_preparation_data

    @functools.wraps(find_source)
    def find_compiled_source(object: Any) -> tuple[list[str], int]:  # noqa: A002 (the name is inspect's)
        """AutoGraph reads the source of a `tf.function` through here, and must not meet the annotations."""
        lines, number = find_source(object)
        return _compiled_lines.get(inspect.getsourcefile(object) or "", lines), number

    @functools.wraps(prepare)
    def prepare_for_script(name: str) -> dict[str, Any]:
        """A new process would run the user's file as it is; it runs `nascompile.spawned` in its place."""
        data = prepare(name)
        if data.pop("init_main_from_path", None) is not None:
            data.update(init_main_from_name="nascompile.spawned", nascompile=_Handover(script))
        return data

    inspect.findsource = find_compiled_source
    multiprocessing.spawn.get_preparation_data = prepare_for_script


@dataclass(frozen=True, slots=True)
class _Handover:
    """A script on its way to a new process, which comes to know it by unpickling this."""

    script: Script

    def __reduce__(self) -> tuple[Any, ...]:
        return _remember, (self.script,)


def _remember(script: Script) -> None:
    _handed_over.append(script)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds what the finders after it find, and has it compiled where it belongs to the script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._folder = os.path.dirname(os.path.realpath(script.path))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        for finder in sys.meta_path:
            find = None if isinstance(finder, _Finder) else getattr(finder, "find_spec", None)
            spec: importlib.machinery.ModuleSpec | None = find(fullname, path, target) if find else None
            if spec is not None:
                loader = spec.loader
                if type(loader) is importlib.machinery.SourceFileLoader:
                    spec.loader = self._loader(loader)
                return spec
        return None

    def _loader(self, loader: importlib.machinery.SourceFileLoader) -> importlib.machinery.SourceFileLoader:
        """Return what a file is to be loaded by in the place of what would load it."""
        if module := self._module(loader):
            return _Loader(loader.name, loader.path, self._script, module)
        return _QuietLoader(loader.name, loader.path) if loader.name == "tensorflow" else loader

    def _module(self, loader: importlib.machinery.SourceFileLoader) -> str | None:
        """Return the dotted name of a file that is to be compiled; None of any other."""
        if loader.name.partition(".")[0] in _OWN_PACKAGES:
            return None
        for folder in self._folders():
            for path in (loader.path, os.path.realpath(loader.path)):
                relative = os.path.relpath(path, folder).replace(os.sep, "/")
                if not relative.startswith("../") and not _is_left_behind(folder, os.path.dirname(relative)):
                    return self._name(path, folder) if _is_ours(path, self._script.options) else None
        return None

    def _name(self, path: str, folder: str) -> str:
        return ModuleNames(self._script.root, folder).near(path)

    def _folders(self) -> Iterator[str]:
        """Yield the script's folder, and those around it that imports look into, save where packages are."""
        yield self._folder
        yield from _folders_around(self._folder)


def _folders_around(inner: str) -> Iterator[str]:
    """Yield the folders around one that imports look into, save where packages are."""
    for folder in map(os.path.realpath, sys.path):
        if inner.startswith(os.path.join(folder, "")) and os.path.basename(folder) not in _INSTALLED:
            yield folder


@functools.cache
def _is_left_behind(folder: str, relative: str) -> bool:
    """Whether a folder or one around it, up to the script's, is a cache or a virtual environment."""
    if not relative:
        return False
    return is_left_behind(os.path.join(folder, relative)) or _is_left_behind(folder, os.path.dirname(relative))


def _is_ours(path: str, options: Options) -> bool:
    try:
        return api.is_looked_at(read_file(path), options)
    except OSError:  # whose place to be told is where the module is loaded
        return False


class _QuietLoader(importlib.machinery.SourceFileLoader):
    """Loads TensorFlow."""

    def exec_module(self, module: types.ModuleType) -> None:
        with less_chatter():
            super().exec_module(module)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a file with annotations. It works below importlib's own methods, whose frames tracebacks leave out."""

    def __init__(self, fullname: str, path: str, script: Script, module: str) -> None:
        super().__init__(fullname, path)
        self._script = script
        self._module = module

    def get_data(self, path: str) -> bytes:
        data = super().get_data(path)
        if path != self.path:
            return data
        compiled = self._script.compile_module(data, path, self._module)
        output = _output(compiled)
        for program in _programs:
            program.add(path, self._module, compiled)
        _note_lines(path, output)
        return output

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Raise, so that bytecode is neither read nor written: it would be of another mode, or of no mode at all."""
        raise OSError("compiled in memory")
