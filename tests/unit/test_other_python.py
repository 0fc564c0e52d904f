"""A file that another Python reads is told as that: IPython's lines, and what a newer version brought."""

from __future__ import annotations

import sys

import pytest

from nascompile.api import compile_source

ANNOTATION = b"# @nni.get_next_parameter()\n"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("%matplotlib inline", "%matplotlib"),
        ("%%time", "%%time"),
        ("!pip install x", "!pip"),
        ("files = !ls", "!ls"),
        ("    %time f()", "%time"),
        ("print?", "print?"),
    ],
)
def test_line_of_ipython_is_told(line: str, shown: str) -> None:
    (told,) = compile_source(ANNOTATION + f"if True:\n  1\n{line}\n".encode()).diagnostics
    assert told.code == "NC002"
    if not line.startswith(" "):  # whose indentation is wrong as well
        assert told.hint == f"`{shown}` is IPython's, not Python's: remove it from the file"


@pytest.mark.parametrize(
    ("text", "version", "what"),
    [
        ("try: x\nexcept* E: y", (3, 11), "except*"),
        ("type Pair = tuple[int, int]", (3, 12), "`type` statement"),
        ("type Pair[T] = tuple[T, T]", (3, 12), "`type` statement"),
        ("def first[T](x: T) -> T: return x", (3, 12), "type parameters"),
        ("class Box[T]: pass", (3, 12), "type parameters"),
        ("print(f'{x['a']}')", (3, 12), "f-string"),
        ("x = t'{y}'", (3, 14), "t-string"),
    ],
)
def test_syntax_of_a_newer_python_is_told_with_its_version(text: str, version: tuple[int, int], what: str) -> None:
    diagnostics = compile_source(ANNOTATION + f"{text}\n".encode()).diagnostics
    if sys.version_info >= version:
        assert not diagnostics
        return
    (told,) = diagnostics
    assert what in (told.hint or "")
    assert f"from Python {version[0]}.{version[1]} on, and this is 3.{sys.version_info.minor}" in (told.hint or "")


@pytest.mark.parametrize("line", ["x = = 1", "print 'a'", "def f(:", "x = 5 %", "y = a % b c", "if x != y z"])
def test_other_mistakes_have_no_such_hint(line: str) -> None:
    (told,) = compile_source(ANNOTATION + f"{line}\n".encode()).diagnostics
    assert (told.code, told.hint) == ("NC002", None)
