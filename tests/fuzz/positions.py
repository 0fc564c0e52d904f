"""Puts annotations at every legal statement position of real files, compiles in every mode, and checks the promises.

    python tests/fuzz/positions.py --all                                  every position, together and alone
    python tests/fuzz/positions.py --files a.py b.py --alone 100

A finding is printed with the file, the mode and the positions, and the annotated file is kept for a look.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from fuzz.carriers import COMMENTS, STRINGS
from fuzz.insertion import ABOVE_ASSIGNMENT, Inserted, Place, find_places, insert
from fuzz.promises import BrokenPromise, check_promises
from golden_cases import MODES, starting_architecture

from nascompile.api import analyse_source, compile_source

FUNCTIONS = {"classic": "sub_graph", "enas": "conditional", "oneshot": "dropout_sum", "darts": "weighted_sum"}
ODDITIES = Path(__file__).with_name("oddities.txt")
TENSORFLOW = b"import tensorflow.compat.v1 as tf"
MOST = 800  # annotations in a file: longer ones than are written here may be refused for their length


@dataclass(frozen=True)
class Options:
    """How much is tried on a file: so many positions at once, and so many alone. Files of findings go to `keep`."""

    together: int = 60
    alone: int = 5
    seed: int = 0
    keep: Path | None = None


@dataclass
class Tally:
    """What was tried, and what was found."""

    compiled: int = 0
    annotations: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


def default_files() -> list[Path]:
    """Return some files that are unlike each other, of our own, from the standard library and from TensorFlow."""
    library = Path(sysconfig.get_path("stdlib"))
    names = (
        "this.py",  # no docstring, one long string first
        "curses/has_key.py",  # a long table
        "test/test_unicode_identifiers.py",  # names beyond ASCII
        "heapq.py",  # long strings below the code
        "tokenize.py",  # functions with `if` in `if`
        "dataclasses.py",  # decorators, code in strings
        "asyncio/base_events.py",  # async, nested handlers
        "subprocess.py",  # platform branches at module level, `try` in `try`
        "test/test_scope.py",  # functions in functions, global and nonlocal
        "test/test_except_star.py",  # `except*`
        "test/test_grammar.py",  # one-line suites, continuations, everything
        "idlelib/pyparse.py",  # long `elif` chains, continuations
    )
    found = [ODDITIES, *(library / name for name in names)]
    spec = find_spec("tensorflow")
    if spec and spec.origin:
        root = Path(spec.origin).parent
        found += [root / "python/ops" / name for name in ("rnn_cell_impl.py", "while_v2.py", "nn_impl.py")]
    return [path for path in found if path.exists()]


def check_insertion(inserted: Inserted, mode: str, scopes: bool = True) -> str | None:
    """Compile a file with annotations and check everything that must hold; return the code of what it refuses.

    Raises:
        BrokenPromise: something does not hold.
    """
    architecture = None
    if mode == "fixed":
        architecture = starting_architecture(analyse_source(inserted.data, module="m").search_space)
    compiled = compile_source(inserted.data, module="m", mode=mode, architecture=architecture, scopes=scopes)
    if compiled.output is None:
        codes = {one.code for one in compiled.diagnostics if one.is_error}
        if mode == "fixed" and scopes and codes <= {"NC501", "NC502"}:
            return sorted(codes)[0]
        raise BrokenPromise(f"refused: {compiled.diagnostics}")
    checked = check_promises(inserted.data, compiled.output, inserted.annotated, mode)
    annotated = b"".join(inserted.data[start:end] for start, end in inserted.annotated)
    if compiled.output.count(b"@nni") != inserted.data.count(b"@nni") - annotated.count(b"@nni"):
        raise BrokenPromise("annotation text survives")
    for place, written, statements in zip(inserted.places, inserted.written, checked.generated, strict=True):
        _check_expansion(place, written.outputs, written.call, statements, mode)
    again = compile_source(compiled.output, module="m", mode=mode, architecture=architecture, scopes=scopes)
    if again.output != compiled.output:
        raise BrokenPromise("compiling the output again changes it")
    return None


def _check_expansion(
    place: Place, outputs: tuple[str, ...], call: str, statements: tuple[ast.stmt, ...], mode: str
) -> None:
    """Check that the statements are what the annotation says: one assignment a layer, or one call."""
    found: list[str] = []
    for statement in statements:
        inner = statement.body[0] if isinstance(statement, ast.With) else statement
        if isinstance(inner, ast.Assign | ast.AnnAssign):
            target = inner.target if isinstance(inner, ast.AnnAssign) else inner.targets[0]
            value = inner.value
            found.append(ast.unparse(target))
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
            value = inner.value
            found.append("")
        else:
            continue
        if mode == "fixed":
            continue
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
            raise BrokenPromise(f"{ast.unparse(statement)} does not call the runtime")
        if value.func.attr != (call or FUNCTIONS[mode]):
            raise BrokenPromise(f"{ast.unparse(statement)} should call {call or FUNCTIONS[mode]}")
        if outputs:
            key = ast.literal_eval(value.args[0]).partition("#")[0]
            block = key.rsplit("/", 2)[0] if call else key
            if block != "/".join(filter(None, ("m", ".".join(place.scope)))):
                raise BrokenPromise(f"{ast.unparse(statement)} has another block than {place.scope}")
    expected = [*outputs] if outputs or mode == "fixed" else [""]
    if found != expected:
        raise BrokenPromise(f"expected {expected}, found {found} in {[ast.unparse(one) for one in statements]}")


def plan(data: bytes, rng: random.Random, options: Options) -> Iterator[tuple[str, list[Place], Sequence[str]]]:
    """Yield what to try on a file: a name, places, and kinds of annotations."""
    places = find_places(data)
    groups = [sorted(rng.sample(places, min(count, len(places))), key=_order) for count in (options.together, 100)]
    for start in range(0, len(groups[0]), MOST):
        yield "together", groups[0][start : start + MOST], (*STRINGS, *COMMENTS, ABOVE_ASSIGNMENT)
    yield "together as strings", min(groups, key=len), (*STRINGS,)
    yield "together as comments", min(groups, key=len), (*COMMENTS, ABOVE_ASSIGNMENT)
    for place in rng.sample(places, min(options.alone, len(places))):
        yield f"offset {place.offset}", [place], (*STRINGS, *COMMENTS, ABOVE_ASSIGNMENT)


def check_file(path: Path, options: Options, tally: Tally) -> None:
    """Try a file as planned: many annotations in every mode, a single one in one mode, taken in turn."""
    rng = random.Random(f"{options.seed} {path.name}")
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    newline = "\r\n" if b"\r\n" in data else "\n"
    for number, (name, places, kinds) in enumerate(plan(data, rng, options)):
        with_imports = number % 2 == 1
        inserted = insert(with_tensorflow(data) if with_imports else data, places, kinds, rng, newline)
        for mode in MODES if len(places) > 1 else MODES[number % len(MODES) :][:1]:
            tally.compiled += 1
            tally.annotations += len(inserted.annotated)
            try:
                refused = check_insertion(inserted, mode, scopes=rng.random() < 0.5)
            except Exception as error:  # whatever it is, it is a finding
                tally.findings.append(f"{path}: {name}: {mode}: {type(error).__name__}: {str(error)[:500]}")
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"finding_{len(tally.findings)}.py").write_bytes(inserted.data)
            else:
                tally.refused.update([refused] if refused else [])


def with_tensorflow(data: bytes) -> bytes:
    """Return the file with TensorFlow imported on its last line, so that fixed writes variable scopes."""
    newline = b"" if data.endswith((b"\n", b"\r")) else b"\n"
    return data + newline + TENSORFLOW


def _order(place: Place) -> tuple[int, int]:
    return place.offset, -len(place.indent or "")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", nargs="+", type=Path, default=default_files(), help="the files to annotate")
    parser.add_argument("--all", action="store_true", help="every position, together and alone")
    parser.add_argument("--together", type=int, default=200, help="how many positions of a file to annotate at once")
    parser.add_argument("--alone", type=int, default=20, help="how many positions of a file to annotate alone")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for the annotated files of findings")
    given = parser.parse_args(arguments)
    together, alone = (sys.maxsize, sys.maxsize) if given.all else (given.together, given.alone)
    options, tally = Options(together, alone, given.seed, given.keep), Tally()
    began = time.perf_counter()
    for path in given.files:
        start, compiled, seen = time.perf_counter(), tally.compiled, len(tally.findings)
        check_file(path, options, tally)
        print(f"{path}: {tally.compiled - compiled} compilations, {time.perf_counter() - start:.0f} s", flush=True)
        for finding in tally.findings[seen:]:
            print(f"  {finding}", flush=True)
    print(
        f"{tally.compiled} compilations, {tally.annotations} annotations, {time.perf_counter() - began:.0f} s, "
        f"{len(tally.findings)} findings; refused as documented: {dict(tally.refused)}"
    )
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
