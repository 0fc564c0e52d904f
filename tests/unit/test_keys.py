"""Keys and scopes: each names one thing, and stays when lines move."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascompile.api import analyse_source, compile_source
from nascompile.passes.keys import ScopeNames

# What TensorFlow accepts as the name of a scope.
_VALID_SCOPE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*")
_WORDS = st.text(st.sampled_from("abAB12_.(=') ß"), max_size=6)


def _repetitions(name: str) -> set[str]:
    """Return the names that this one is a repetition of: TensorFlow appends `_1`, and `_1` to that."""
    stems = set()
    while match := re.fullmatch(r"(.+)_\d+", name):
        name = match[1]
        stems.add(name)
    return stems


@given(st.lists(st.tuples(_WORDS, _WORDS), max_size=40))
@settings(deadline=None)
def test_no_scope_is_another_one_or_its_repetition(pairs: list[tuple[str, str]]) -> None:
    names = ScopeNames()
    scopes = [names.take(layer, candidate) for layer, candidate in pairs]
    assert all(_VALID_SCOPE.fullmatch(scope) for scope in scopes)
    lowered = [scope.lower() for scope in scopes]
    assert len(set(lowered)) == len(lowered)
    for scope in lowered:
        assert not _repetitions(scope) & set(lowered), scopes


@pytest.mark.parametrize(
    ("layer", "candidate", "scope"),
    [
        ("h", "conv(size=3)", "h/conv_size_3"),
        ("self.h", "op.conv(0.5)", "self_h/op_conv_0_5"),
        ("h['a']", "conv('a b', *c)", "h_a/conv_a_b_c"),
        ("_", "__f__()", "x/f"),
        ("größe", "日本()", "gr_e/x"),
    ],
)
def test_scopes_are_readable(layer: str, candidate: str, scope: str) -> None:
    assert ScopeNames().take(layer, candidate) == scope


def test_scopes_that_collide_are_numbered_in_order() -> None:
    names = ScopeNames()
    candidates = ["conv()", "conv(1)", "conv(1, 2)", "conv", "Conv()", "conv(3)()"]
    expected = ["conv", "conv_1.2", "conv_1_2.2", "conv.2", "Conv.3", "conv_3.2"]
    assert [names.take("h", one) for one in candidates] == [f"h/{scope}" for scope in expected]


def test_the_stem_of_a_taken_scope_is_taken() -> None:
    names = ScopeNames()
    assert names.take("h", "f_1_2()") == "h/f_1_2"
    assert names.take("h", "f_1()") == "h/f_1.2"
    assert names.take("h", "f()") == "h/f.2"


SOURCE = """
def build(x):
    '''@nni.mutable_layers({layer_choice: [conv(size = 3), pool("a")], fixed_inputs: [x], layer_output: self.h})'''
    return x

class Net:
    def build(self):
        def inner():
            '''@nni.mutable_layer(layer_choice=[a()], layer_output=h)'''
            '''@nni.mutable_layer(layer_choice=[a()], layer_output=g)'''
"""


def test_keys_are_dotted_paths() -> None:
    space = analyse_source(SOURCE.encode(), module="models.trial").search_space
    assert [(block, layer, one.candidates) for block, layer, one in space.layers()] == [
        ("models.trial/build", "self.h", ("conv(size=3)", "pool('a')")),
        ("models.trial/Net.build.inner", "h", ("a()",)),
        ("models.trial/Net.build.inner", "g", ("a()",)),
    ]


def test_keys_and_scopes_stay_when_lines_move() -> None:
    moved = "import os\n\n\n" + SOURCE.replace("{layer", "\n    {layer").replace("size = 3", "\n  size=3")
    before, after = (compile_source(text.encode(), module="trial") for text in (SOURCE, moved))
    assert before.search_space == after.search_space
    strings = [re.findall(r'"[^"]*"', (one.output or b"").decode()) for one in (before, after)]
    assert strings[0] == strings[1]


LAYER = """\
    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[{input}]{more})
    {output} = conv([[{input}], []])
"""


def _build(*outputs: str) -> bytes:
    """Return a function with a layer for each output; `stem=h` is a layer with a name, `stem`, and output `h`."""
    text = "def conv(i): return i\ndef pool(i): return i\ndef build(x):\n"
    for written in outputs:
        name, _, output = written.rpartition("=")
        text += LAYER.format(input="x", output=output, more=f', name="{name}"' if name else "")
    return text.encode()


def _keys(*outputs: str) -> list[str]:
    return [
        f"{block}/{layer}" for block, layer, _ in analyse_source(_build(*outputs), module="m").search_space.layers()
    ]


def test_keys_stay_when_layers_are_added_removed_and_moved() -> None:
    assert _keys("a", "b", "c") == ["m/build/a", "m/build/b", "m/build/c"]
    assert _keys("b", "c") == ["m/build/b", "m/build/c"]
    assert _keys("new", "c", "a", "b") == ["m/build/new", "m/build/c", "m/build/a", "m/build/b"]


def test_a_name_is_the_key_whatever_the_output_is_called() -> None:
    assert _keys("stem=h", "head=h") == ["m/build/stem", "m/build/head"]
    assert _keys("head=g") == ["m/build/head"]
    compiled = compile_source(_build("stem=h", "head=h"), module="m", mode="classic")
    assert not compiled.diagnostics
    assert re.findall(r'"(\w+/\w+)", conv', (compiled.output or b"").decode()) == ["stem/conv", "head/conv"]


def test_scope_of_a_named_layer_is_not_taken_by_an_output_above_it() -> None:
    source = _build("h") + _build("h=k").replace(b"def build", b"def below")
    output = (compile_source(source, module="m", mode="enas").output or b"").decode()
    assert re.findall(r'"([\w.]+/[\w.]+)", conv', output) == ["h/conv.2", "h/conv"]


def test_what_only_its_order_tells_apart_has_another_key_after_any_edit() -> None:
    before = set(_keys("h", "h", "h"))
    assert len(before) == 3
    for after in (_keys("h", "h"), _keys("h", "h", "h", "h"), _keys("h"), _keys("h", "stem=h", "h")):
        assert before.isdisjoint(after)
    assert set(_keys("a", "h", "b", "h", "h")) - {"m/build/a", "m/build/b"} == before


def test_swapped_layers_of_one_output_have_other_keys() -> None:
    first, second = (LAYER.format(input=name, output="h", more="") for name in ("x", "y"))
    head = "def conv(i): return i\ndef pool(i): return i\ndef build(x, y):\n"
    keys = [
        set(analyse_source((head + body).encode()).search_space.blocks["stdin/build"])
        for body in (first + second, second + first)
    ]
    assert keys[0].isdisjoint(keys[1])


def test_functions_of_one_name_are_one_block() -> None:
    source = _build("a") + b"def build(x):\n" + LAYER.format(input="x", output="b", more="").encode()
    assert list(analyse_source(source, module="m").search_space.blocks["m/build"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("outputs", "warned"),
    [
        (["h", "g"], 0),
        (["h", "h"], 1),
        (["h", "h", "h"], 1),
        (["one=h", "two=h"], 0),
        (["one=h", "h"], 0),
        (["h", "h", "g", "g"], 2),
    ],
)
def test_ambiguous_keys_are_warned_of_once_for_each_output(outputs: list[str], warned: int) -> None:
    said = compile_source(_build(*outputs), module="m", mode="classic").diagnostics
    assert [one.code for one in said] == ["NC715"] * warned


def test_layers_without_a_choice_are_not_warned_of() -> None:
    source = _build("h", "h").replace(b", pool()]", b"]")
    assert not compile_source(source, module="m", mode="classic").diagnostics


def test_a_variable_sampled_twice_is_told_apart_by_order() -> None:
    lines = "# @nni.variable(nni.choice(1, 2), name=lr)\nlr = 1\n" * 2
    analysed = analyse_source(lines.encode(), module="m")
    assert [key.partition("#")[0] for key in analysed.search_space.variables] == ["m/lr/choice"] * 2
    assert [one.code for one in analysed.diagnostics] == ["NC715"]
