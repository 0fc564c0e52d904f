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
            '''@nni.mutable_layer(layer_choice=[a()], layer_output=h)'''
"""


def test_keys_are_dotted_paths() -> None:
    space = analyse_source(SOURCE.encode(), module="models.trial").search_space
    assert [(block, layer, one.candidates) for block, layer, one in space.layers()] == [
        ("models.trial/build", "self.h", ("conv(size=3)", "pool('a')")),
        ("models.trial/Net.build.inner", "h", ("a()",)),
        ("models.trial/Net.build.inner#2", "h", ("a()",)),
    ]


def test_keys_and_scopes_stay_when_lines_move() -> None:
    moved = "import os\n\n\n" + SOURCE.replace("{layer", "\n    {layer").replace("size = 3", "\n  size=3")
    before, after = (compile_source(text.encode(), module="trial") for text in (SOURCE, moved))
    assert before.search_space == after.search_space
    strings = [re.findall(r'"[^"]*"', (one.output or b"").decode()) for one in (before, after)]
    assert strings[0] == strings[1]
