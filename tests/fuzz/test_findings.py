"""What the fuzzers found, reduced: each case once broke a promise, crashed, or took far too long."""

from __future__ import annotations

import time

import pytest
from golden_cases import starting_architecture

from nascompile.api import analyse_source, compile_source
from nascompile.lines import Lines

REPORT = "@nni.report_final_result(id)"
LAYER = "layer_choice=[id()], layer_output=h"

COMMENT_PLACES = {
    # the end of a `def` lies behind the `;`, that of its last statement before it
    "below a suite that ends in a semicolon": f"def f():\n    pass ;\n# {REPORT}\n",
    "below a semicolon in its suite": f"def f():\n    pass ;\n    # {REPORT}\n",
    # the tree has no place for the `@`, only for what stands behind it, which may begin lines below
    "above a decorator in brackets": f"# {REPORT}\n@(\n  # why\n  f)\nclass A: pass\n",
    "in a suite, above a decorator in brackets": f"class A:\n    # {REPORT}\n    @(\n      f)\n    def g(self): pass\n",
    # the column of the definition counts the form feed, that of its `@` does not
    "below a definition behind a form feed": f"@f\n\n\fdef g():\n    pass\n    # {REPORT}\n",
    # since Python 3.12 a bracket in an f-string may be a token of its own
    "below brackets in f-strings": f'x = f"({{f}}", f"[{{f}}"\n# {REPORT}\n',
    "below one statement in another, on a line": f"if x:\n  if y: pass\n  # {REPORT}\n# {REPORT}\n",
}


@pytest.mark.parametrize("source", COMMENT_PLACES.values(), ids=COMMENT_PLACES)
def test_comment_is_found_where_it_stands(source: str) -> None:
    compiled = compile_source(source.encode(), mode="enas")
    assert not compiled.diagnostics
    assert compiled.output is not None
    assert compiled.output.count(b"report_final_result(id)") == source.count("@nni")
    assert b"@nni" not in compiled.output


@pytest.mark.parametrize("mode", ["enas", "fixed"])
@pytest.mark.parametrize("following", ["", "x = 1\n"])
@pytest.mark.parametrize("above", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("inside", ["", "\\\n", "\\\r", "\\\r\n"])
@pytest.mark.parametrize("below", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("suite", ["", "if id:\r pass", "if id:\n pass"])
def test_newlines_that_meet_stay_several(
    suite: str, above: str, inside: str, below: str, following: str, mode: str
) -> None:
    """What is left of an annotation, be it nothing, may stand between a carriage return and a line feed."""
    source = f"{suite}{above}{' ' if suite else ''}'{REPORT[:9]}{inside}{REPORT[9:]}'{below}{following}"
    compiled = compile_source(source.encode(), mode=mode)
    assert compiled.output is not None
    output = compiled.output.decode()
    assert len(Lines(output)) == len(Lines(source))
    assert output.endswith(below + following)


@pytest.mark.parametrize("source", [f"@f\n# {REPORT}\ndef g(): pass\n", f"@(\n  f)\n# {REPORT}\n@f\ndef g(): pass\n"])
def test_comment_between_decorators_is_refused(source: str) -> None:
    assert [one.code for one in compile_source(source.encode()).diagnostics] == ["NC101"]


@pytest.mark.parametrize("mode", ["enas", "fixed"])
def test_long_elif_chain_is_proven(mode: str) -> None:
    chain = "if x:\n  y\n" + "elif x:\n  y\n" * 900
    source = f"{chain}else:\n  '''@nni.mutable_layer({LAYER})'''\n".encode()
    architecture = starting_architecture(analyse_source(source).search_space)
    assert compile_source(source, mode=mode, architecture=architecture).ok


@pytest.mark.parametrize(
    "fields",
    [
        f"layer_choice=[f(0x{'9' * 5000})], layer_output=h",
        f"layer_choice=[f()], optional_inputs=[a], optional_input_size=0x{'9' * 5000}, layer_output=h",
    ],
    ids=["as an argument", "as a size"],
)
def test_number_too_long_for_decimals_is_a_diagnostic(fields: str) -> None:
    compiled = compile_source(f'"""@nni.mutable_layer({fields})"""\n'.encode())
    assert compiled.diagnostics
    assert compiled.output is None


LARGE = {
    "many escapes": '"""@nni.mutable_layer(layer_choice=[f("' + r"\x41" * 20_000 + '")], layer_output=h)"""\n',
    "many blocks of one name": f'"""@nni.mutable_layer({LAYER})"""\n' * 400,
    "many comments": f"# {REPORT}\n" * 1000,
    "many comment lines": "# @nni.mutable_layer(layer_choice=[f(),\n" + "# \n" * 20_000 + "# ], layer_output=h)\n",
    "many on a line": "; ".join([f'"{REPORT}"'] * 1000) + "\n",
    "a long line": f"x = [{'1, ' * 100_000}]; '''@nni.mutable_layer({LAYER})'''\n",
}


@pytest.mark.parametrize("source", LARGE.values(), ids=LARGE)
def test_large_input_ends_soon(source: str) -> None:
    start = time.process_time()
    compiled = compile_source(source.encode(), mode="enas")
    assert compiled.ok or compiled.diagnostics
    assert time.process_time() - start < 20


def test_cost_of_a_block_does_not_grow_with_their_number() -> None:
    """A thousand blocks of one name took a time that grew with the square of their number."""

    def cost(count: int) -> float:
        source = f'"""@nni.mutable_layer({LAYER})"""\n'.encode() * count
        start = time.process_time()
        analyse_source(source)
        return (time.process_time() - start) / count

    assert min(cost(600), cost(600)) < 3 * max(cost(100), cost(100))
