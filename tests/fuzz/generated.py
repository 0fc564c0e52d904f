"""Invents programs: of all kinds of statements, in all kinds of layout, or of strange tokens (hypothesmith).

They need only parse and compile; nobody runs them. `programs.py` annotates and compiles them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from hypothesis import strategies as st

KINDS = ("statements", "node", "grammar")

SIMPLE = (
    *("pass", "x = 1", "x = y = 'é'", "x: int = 2", "x.y: int", "x[0] += 1", "print(x)", "del x", "assert x, y"),
    *("import os", "import os.path as p, sys", "from os import (path,\n  sep as s)", "raise", "raise x from y", "..."),
    *("'a string'", "'''a\n  string # @nni\n'''", 'f"{x!r:>{y}}"', "b'bytes'", "('in', 'brackets')", "(yield_)"),
    *("x = [\n1,\n  2]", "x = 1 + \\\n  2", "x = lambda: (\n  0)", "x = '''\n'''; y = 1", "(x := 1)", "*x, y = z"),
    *("x = {'a': 1, **y}", "名前 = ä = 1", "x = y if z else [i for i in x]", "type_ = x @ y", "x = '\\\nb'", "x.y = z"),
    *("tf = 1", "nni = 2", "_nascompile = 3", "import tensorflow as tf", "import tensorflow.compat.v1 as tf"),
)
IN_FUNCTIONS = ("return", "return x", "yield", "x = yield x", "global g", "return (\n x)")
IN_ASYNC = ("await x", "return await x", "x = [i async for i in x]")
IN_LOOPS = ("break", "continue")
HEADERS = ("if x:", "while (x and\n   y):", "for x in y:", "with x as y, z:", "with (x):", "for x, *y in z, 1:")
ASYNC_HEADERS = ("async with x:", "async for x in y:")
DEFINITIONS = (
    "def f(x, *, y=1):",
    "class C:",
    "class C(object, metaclass=type):",
    "async def f():",
    "def f(\n x) -> 'y':",
)
DECORATORS = ("@x", "@x.y(1)", "@(\n  x)", "@x[0]  # why", "@x\n# a comment", "@lambda f: f")
NOISE = ("", "", "", "# a comment", "  # indented", "\t", "#", "# see @nni.x()", "\f", "   \\\n")
INDENTS = ("    ", "  ", "\t", " ", "        ", "\t  ")


@dataclass(frozen=True)
class Around:
    """What stands around a statement, as far as it decides which statements there may be."""

    depth: int = 0
    function: bool = False
    is_async: bool = False
    loop: bool = False


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Return a program that parses and compiles."""
    rng = draw(st.randoms(use_true_random=False))
    lines = ["'''A docstring.'''"] if rng.random() < 0.3 else []
    if rng.random() < 0.3:
        lines.append(rng.choice(["from __future__ import annotations", "from __future__ import division; x = 1"]))
    lines += _suite(rng, Around(), rng.randint(1, 6))
    text = "\n".join(lines)
    return text + rng.choice(["\n", "", "\n\n", "  # the end", " ;"[: 2 * (not lines[-1].startswith(" "))] + "\n"])


def _suite(rng: random.Random, around: Around, count: int) -> list[str]:
    """Return the lines of a suite, not indented."""
    lines: list[str] = []
    for _ in range(count):
        if rng.random() < 0.3:
            lines.append(rng.choice(NOISE[:-1]))
        compound = rng.random() < 0.5 / (around.depth + 1)
        lines += _compound(rng, around) if compound else [_line(rng, around)]
    return lines


def _line(rng: random.Random, around: Around) -> str:
    """Return small statements on a line."""
    choices = [*SIMPLE]
    choices += [*IN_FUNCTIONS] * around.function + [*IN_ASYNC] * around.is_async + [*IN_LOOPS] * around.loop
    if around.is_async:
        choices = [one for one in choices if one != "return x" and one != "return (\n x)" and one != "return await x"]
    text = rng.choice([" ; ", ";", "; "]).join(rng.choice(choices) for _ in range(rng.choice((1, 1, 1, 2, 3))))
    return text + rng.choice(["", "", "", ";", " ;", "  # a comment"])


def _compound(rng: random.Random, around: Around) -> list[str]:
    kind = rng.randrange(6)
    if kind < 2:
        header = rng.choice(DEFINITIONS)
        function = not header.startswith("class")
        inner = Around(around.depth + 1, function, header.startswith("async"))
        return [*rng.choices(DECORATORS, k=rng.choice((0, 0, 1, 2))), *_clause(rng, header, inner)]
    if kind == 2:
        return _match(rng, around)
    if kind == 3:
        return _try(rng, around)
    header = rng.choice((*HEADERS, *ASYNC_HEADERS) if around.is_async else HEADERS)
    loops = header.startswith(("for", "while", "async for"))
    inner = Around(around.depth + 1, around.function, around.is_async, around.loop or loops)
    lines = _clause(rng, header, inner)
    outer = Around(around.depth + 1, around.function, around.is_async, around.loop)
    if header == "if x:":
        for _ in range(rng.choice((0, 0, 1, 3))):
            lines += _clause(rng, "elif y:", outer)
    if header == "if x:" or loops:
        lines += _clause(rng, "else:", outer) if rng.random() < 0.4 else []
    return lines


def _match(rng: random.Random, around: Around) -> list[str]:
    inner = Around(around.depth + 2, around.function, around.is_async, around.loop)
    cases = [_clause(rng, f"case {rng.choice(('[x, *_]', '{1: y}', 'C(x=1) if x', 'None'))}:", inner) for _ in range(2)]
    indent = rng.choice(INDENTS)
    return ["match x:", *_indented([line for case in cases for line in case], indent)]


def _try(rng: random.Random, around: Around) -> list[str]:
    inner = Around(around.depth + 1, around.function, around.is_async, around.loop)
    lines = _clause(rng, "try:", inner)
    handlers = rng.choice(((), ("except:",), ("except (x,\n  y) as e:", "except C:")))
    for header in handlers:
        lines += _clause(rng, header, inner)
    if handlers and rng.random() < 0.5:
        lines += _clause(rng, "else:", inner)
    if not handlers or rng.random() < 0.5:
        lines += _clause(rng, "finally:", inner)
    return lines


def _clause(rng: random.Random, header: str, inner: Around) -> list[str]:
    """Return a header and its suite: on its line, or below it."""
    if rng.random() < 0.25:
        return [f"{header} {_line(rng, inner)}"]
    tail = rng.choice(["", "", "  # a comment"])
    suite = _suite(rng, inner, rng.randint(1, 3))
    documented = ['"""A docstring."""'] if header in DEFINITIONS and rng.random() < 0.3 else []
    return [header + tail, *_indented(documented + suite, rng.choice(INDENTS))]


def _indented(lines: list[str], indent: str) -> list[str]:
    return [indent + line if line.strip() else line for line in lines]


def strategy_of(kind: str) -> st.SearchStrategy[str]:
    """Return the strategy for a kind of programs."""
    if kind == "statements":
        return programs()
    import hypothesmith

    return hypothesmith.from_grammar() if kind == "grammar" else hypothesmith.from_node()
