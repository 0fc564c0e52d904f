"""Code of mode fixed is spelled as the user spells it, in the file's quotes and indentation."""

from __future__ import annotations

import ast

import pytest

from nascompile.api import compile_source
from nascompile.lines import Lines
from nascompile.modes.as_written import filled, means_the_same, on_one_line, split_call
from nascompile.passes.style import Style

ARCHITECTURE = {"trial": {"h": {"chosen_layer": "conv(3, name='a')", "chosen_inputs": []}}}


def style_of(text: str) -> Style:
    return Style(Lines(text), ast.parse(text))


def fixed(source: str) -> str:
    compiled = compile_source(source.encode(), module="trial", mode="fixed", architecture=ARCHITECTURE)
    assert compiled.output is not None, compiled.diagnostics
    return compiled.output.decode()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("", '"'),
        ("x = 'a'", "'"),
        ("x = 'a', \"b\"", '"'),
        ("x = 'a', \"b\", rb'c'", "'"),
        ('"""Docstring."""\n"""@nni.x()"""\nx = \'a\'', "'"),
        ("x = 'it', \"it's\", \"they're\"", '"'),
    ],
)
def test_quotes_are_those_of_most_strings(text: str, quote: str) -> None:
    assert style_of(text).quote == quote


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("", "    "),
        ("if x:\n  y\n", "  "),
        ("if x: y\nclass A:\n\tdef f(): pass\n", "\t"),
        ("class A:\n   def f():\n     pass\n", "   "),
    ],
)
def test_indentation_is_that_of_the_first_suite(text: str, indent: str) -> None:
    assert style_of(text).indent == indent


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("conv(size=3)", "conv(size=3)"),
        ("conv(\n    size=3,\n    ch=4,\n)", "conv(size=3, ch=4)"),
        ("f([\n  1,\n  2\n],  3)", "f([1, 2],  3)"),
    ],
)
def test_lines_are_joined_as_one_would_write_them(code: str, expected: str) -> None:
    assert on_one_line(code) == expected


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        ("conv()", ("conv", "")),
        ("a.b[0](1, (2))", ("a.b[0]", "1, (2)")),
        ("(f or g)(1,)", ("(f or g)", "1")),
        ("f(1)(')')", ("f(1)", "')'")),
        ("f[0]", None),
        ("f", None),
    ],
)
def test_calls_are_split_at_their_own_brackets(call: str, parts: tuple[str, str] | None) -> None:
    assert split_call(call) == parts


@pytest.mark.parametrize(
    ("call", "lines"),
    [
        ("h = f([[x], []], a=1, b=(2, 3)", ["h = f(", "[[x], []], a=1,", "b=(2, 3)"]),
        ("h[0, 1] = f(a)(b, 'c, d', lambda e, f: e", ["h[0, 1] = f(a)(", "b, 'c, d',", "lambda e, f: e"]),
        ("h = f(a_name_that_is_wider, b", ["h = f(", "a_name_that_is_wider,", "b"]),
        ("h = f(f'{d[", ["h = f(f'{d["]),
    ],
)
def test_wide_calls_are_filled_in(call: str, lines: list[str]) -> None:
    assert filled(call, 16) == lines


def test_spelling_counts_for_nothing_but_meaning() -> None:
    assert means_the_same("x = f( 'a' )", 'x = f("a")')
    assert not means_the_same("x = f(1)", "x = f(2)")
    assert not means_the_same("x = (", "x = (")
    assert not means_the_same(r"x = '\d'", r"x = '\\d'"), "an escape that Python warns of is not written anew"


def test_call_keeps_the_spelling_of_the_user() -> None:
    source = "# @nni.mutable_layer(layer_choice=[conv(3,  name = 'a'), pool()], fixed_inputs=[x [0]])\nh = None\n"
    head = "from layers import conv, pool, x\n"
    assert fixed(head + source) == head + "\nh = conv([[x [0]], []], 3,  name = 'a')\n"


def test_call_whose_spelling_would_mean_something_else_is_normalised() -> None:
    head = "from layers import conv, pool\n"
    architecture = {"trial": {"h": {"chosen_layer": "conv((size for size in []))", "chosen_inputs": []}}}
    source = head + '"""@nni.mutable_layer(layer_choice=[conv(size for size in []), pool()], layer_output=h)"""\n'
    compiled = compile_source(source.encode(), module="trial", mode="fixed", architecture=architecture)
    assert compiled.output == (head + "h = conv([[], []], (size for size in []))\n").encode()


def test_scope_and_suite_follow_the_file() -> None:
    source = """\
import tensorflow as tf
from layers import conv, pool

def f(x):
  return 'x'

# @nni.mutable_layer(layer_choice=[conv(3, name='a'), pool()])
h = None
"""
    assert fixed(source).endswith(
        "with tf.compat.v1.variable_scope(None, 'h/conv_3_name_a'):\n  h = conv([[], []], 3, name='a')\n"
    )


def test_long_comments_leave_the_assignment_on_its_line() -> None:
    source = """\
import tensorflow as tf
from layers import conv, pool
# @nni.mutable_layer(layer_choice=[conv(3, name='a'),
#                                  pool()])
h = conv(
    None)  # the default
"""
    assert fixed(source).splitlines()[2:] == [
        "",
        'with tf.compat.v1.variable_scope(None, "h/conv_3_name_a"):',
        "    h = conv([[], []], 3, name='a')",
        "  # the default",
    ]


WIDE = """\
import tensorflow.compat.v1 as tf
from layers import conv, pool


def f(x):
    '''@nni.mutable_layers({
        layer_choice: [
            conv(
                filters=64,
                name="a_name_for_a_convolution",
                regularizer=tf.nn.l2_loss,
            ),
            pool(),
        ],
        fixed_inputs: [x],
        layer_output: h
    })'''
    return h
"""
NAME = "conv(filters=64, name='a_name_for_a_convolution', regularizer=tf.nn.l2_loss)"


@pytest.mark.parametrize("indent", ["    ", "  ", "\t"])
@pytest.mark.parametrize("scopes", [True, False])
def test_call_that_is_wider_than_the_file_takes_more_lines(indent: str, scopes: bool) -> None:
    source = WIDE.replace("    ", indent)
    compiled = compile_source(
        source.encode(),
        module="trial",
        mode="fixed",
        architecture={"trial/f": {"h": {"chosen_layer": NAME, "chosen_inputs": []}}},
        scopes=scopes,
    )
    assert compiled.output is not None, compiled.diagnostics
    lines = compiled.output.decode().splitlines()[5:]
    inner = indent * scopes
    assert lines[scopes : 4 + scopes] == [
        f"{indent}{inner}h = conv(",
        f'{indent * 2}{inner}[[x], []], filters=64, name="a_name_for_a_convolution",',
        f"{indent * 2}{inner}regularizer=tf.nn.l2_loss)",
        "",
    ]
    assert lines[-1] == f"{indent}return h"


def test_call_without_room_stays_on_its_line() -> None:
    head = "from layers import conv, pool\n"
    long = ", ".join(f"argument_{number}={number}" for number in range(12))
    source = f"# @nni.mutable_layer(layer_choice=[conv({long}),\n#     pool()])\nh = None\n"
    source = head + source.replace(", ", ",\n#     ")
    architecture = {"trial": {"h": {"chosen_layer": f"conv({long})", "chosen_inputs": []}}}
    compiled = compile_source(source.encode(), module="trial", mode="fixed", architecture=architecture)
    assert compiled.output is not None, compiled.diagnostics
    assert compiled.output.decode().splitlines()[-1] == f"h = conv([[], []], {long})"
