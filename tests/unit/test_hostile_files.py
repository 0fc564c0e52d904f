"""Files that mean harm, or were made by a program that does: a diagnostic or an output, in seconds, and no crash."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from golden_cases import starting_architecture

from nascompile.api import MARK, analyse_source, compile_source

NESTED = {
    "brackets": "('(' * n + 'x' + ')' * n)",
    "lists": "('[' * n + ']' * n)",
    "dicts": "('{1:' * n + '2' + '}' * n)",
    "calls": "('f(' * n + ')' * n)",
    "keywords": "('f(a=' * n + 'x' + ')' * n)",
    "chain of calls": "('f' + '()' * n)",
    "subscripts": "('x[' * n + '0' + ']' * n)",
    "attributes": "('x' + '.y' * n)",
    "minuses": "('-' * n + 'x')",
    "nots": "('not ' * n + 'x')",
    "sum": "' + '.join(['x'] * n)",
    "powers": "' ** '.join(['x'] * n)",
    "and": "' and '.join(['x'] * n)",
    "conditions": "('x if y else ' * n + 'z')",
    "lambdas": "('lambda: ' * n + 'x')",
    "comprehensions": "('[x for x in ' * n + 'y' + ']' * n)",
    "strings": "('\"\" ' * n)",
    "unclosed": "('f([' * n)",
}
PLACES = [
    '"@nni.get_next_parameter()"\nx = {}\n',
    'if {}:\n    "@nni.get_next_parameter()"\n',
    "'''@nni.report_final_result({})'''\n",
    "# @nni.report_final_result({})\n",
    "'''@nni.mutable_layer(layer_choice=[f({})], layer_output=h)'''\n",
    "'''@nni.mutable_layer(layer_choice=[f()], layer_output=h[{}])'''\n",
    "# @nni.mutable_layer(layer_choice=[f()])\nh = {}\n",
    "# @nni.mutable_layer(layer_choice=[f()])\nh[{}] = 1\n",
    "# @nni.mutable_layer(layer_choice=[f()])\nh: {} = 1\n",
]
# Runs in a process of its own, since a parser that exhausts the stack takes the process with it.
RUN = f"""
import sys, json
from nascompile.api import compile_source
for n in (70, 450, 2_500, 20_000):
    for place in {PLACES!r}:
        data = (place.replace("{{}}", eval(sys.argv[1])) + "f = h = x = y = z = 0\\n").encode()
        compiled = compile_source(data, mode="enas")
        codes = {{one.code for one in compiled.diagnostics}}
        print(json.dumps([n, place, compiled.ok, sorted(codes)]), flush=True)
"""


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_nesting_ends_in_a_diagnostic_and_not_the_process(nested: str) -> None:
    process = [sys.executable, "-c", RUN, nested]
    result = subprocess.run(process, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout.splitlines()[-1:] + result.stderr.splitlines()[-3:]
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 4 * len(PLACES)
    for depth, place, ok, codes in lines:
        assert ok == (not codes), (depth, place)
        assert set(codes) <= {"NC002", "NC003", "NC201"}, (depth, place)
    assert not any(ok for depth, place, ok, _ in lines if depth > 2_000 and place == PLACES[2])


@pytest.mark.parametrize(
    "data",
    [
        "# @nni.mutable_layer(layer_choice=[f()])\nh = " + "-" * 100_000 + "x\n",
        'if x: "@nni.get_next_parameter()"\n' + "elif x: pass\n" * 20_000,
        "".join(" " * depth + "if x:\n" for depth in range(200)) + " " * 200 + '"@nni.get_next_parameter()"\n',
        '("@nni.get_next_parameter("' + ' ""' * 20_000 + '")")\n',
        "'''@nni." + "x" * 1_000_000 + "()'''\n",
        "'''@nni.mutable_layer(layer_choice=[" + "conv(), " * 125_000 + "], layer_output=h)'''\n",
        "'''@nni.report_final_result('" + "x" * 1_000_000 + "')'''\n",
        "# @nni.mutable_layer(\n" + "#     a,\n" * 20_000,
        "# @nni.mutable_layer(layer_choice=[f()])\nh = [" + "f(x), " * 200_000 + "]\n",
        "'''@nni.mutable_layer(" + "layer_choise=[], " * 2_000 + ")'''\n",
        "'''@nni.mutable_layer(layer_choice=[" + "conv, " * 5_000 + "], layer_output=h)'''\n",
        "'@nni.get_next_parameter(x y)'\n" * 3_000,
    ],
    ids=lambda data: f"{data[:24]!r} of {len(data):,}",
)
def test_length_ends_in_a_diagnostic_soon(data: str) -> None:
    begin = time.perf_counter()
    compiled = compile_source(data.encode(), mode="enas")
    assert not compiled.ok
    assert compiled.diagnostics
    assert time.perf_counter() - begin < 10


def test_with_that_python_does_not_nest_any_deeper_is_reported() -> None:
    for depth in range(15, 60):
        blocks = "".join("  " * level + "with x:\n" for level in range(depth))
        layer = "  " * depth + '"@nni.mutable_layer(layer_choice=[f()], fixed_inputs=[x], layer_output=h)"\n'
        data = f"import tensorflow as tf; from layers import f, x\n{blocks}{layer}".encode()
        architecture = starting_architecture(analyse_source(data).search_space)
        compiled = compile_source(data, mode="fixed", architecture=architecture)
        if not compiled.ok:
            break
    assert [one.code for one in compiled.diagnostics] == ["NC501"]
    assert compile_source(data, mode="fixed", architecture=architecture, scopes=False).ok


def test_encoding_of_any_name_is_read_or_refused() -> None:
    import encodings.aliases

    for name in sorted(
        {*encodings.aliases.aliases, *encodings.aliases.aliases.values(), "idna", "punycode", "undefined"}
    ):
        for text in (b"x = 1", b"x = '+2AA-'", b"x = '\\ud800'", b"x = '\xe9\xff'"):
            data = b"# coding: " + name.encode() + b"\n'@nni.get_next_parameter()'\n" + text + b"\n"
            assert MARK in data
            compiled = compile_source(data, mode="enas")
            assert compiled.ok or {one.code for one in compiled.diagnostics} <= {"NC001", "NC002"}, name
