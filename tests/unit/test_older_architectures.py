"""Architectures that were made before an edit: what is taken of them, what is warned of, and what is refused.

Compiler and runtime look into them with code of their own, and must come to the same in every case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nascompile.api import analyse_source, compile_source
from nascompile.architecture import read_architecture, split_rank
from nascompile.fingerprint import fingerprint
from nascompile.lookup import MADE_FOR
from nascompile.search_space import LayerSpace, SearchSpace, check_architecture, fit_architecture
from nascompile.variable_space import VariableSpace
from nascompile_runtime.architecture import ArchitectureError
from nascompile_runtime.backends.given import GivenBackend
from nascompile_runtime.fingerprint import fingerprint as fingerprint_of_layers
from nascompile_runtime.given import GivenArchitecture
from nascompile_runtime.layer import LayerSpace as RuntimeSpace
from nascompile_runtime.variables import VariableSpace as RuntimeVariable

ONE, TWO, THREE = ({"chosen_layer": f"f({number})", "chosen_inputs": []} for number in (1, 2, 3))
CHOICES = LayerSpace(("f(1)", "f(2)", "f(3)"))


def _space(**blocks: str) -> SearchSpace:
    """Return a space of blocks, `net.build` for `net/build`, with the layers that are named, all alike."""
    return SearchSpace({key.replace("__", "/"): dict.fromkeys(names.split(), CHOICES) for key, names in blocks.items()})


def _fit(architecture: Mapping[str, Any], space: SearchSpace) -> tuple[dict[str, Any] | None, list[str]]:
    """Return what both sides make of an architecture, which must agree, and the codes of what the compiler says."""
    mismatches = check_architecture(architecture, space)
    fits = not any(mismatch.is_error for mismatch in mismatches)
    fitted = fit_architecture(architecture, space) if fits else None
    assert _run(architecture, space) == fitted
    return fitted, [mismatch.code for mismatch in mismatches]


def _run(architecture: Mapping[str, Any], space: SearchSpace) -> dict[str, Any] | None:
    """Return what the runtime makes of an architecture, asked for each layer and variable in turn."""
    given = GivenArchitecture(dict(architecture), "given.json")
    made: dict[str, Any] = {}
    try:
        for block, layer, choices in space.layers():
            asked = RuntimeSpace(block, layer, choices.candidates, choices.optional_inputs, choices.sizes)
            choice = given.choice(asked)
            inputs = [choices.optional_inputs[place] for place in choice.inputs]
            chosen = {"chosen_layer": choices.candidates[choice.candidate], "chosen_inputs": inputs}
            made.setdefault(block, {})[layer] = chosen
        for key, variable in space.variables.items():
            made[key] = given.value(RuntimeVariable(key, variable.function, variable.arguments))
    except ArchitectureError:
        return None
    return made


def _refused(architecture: Mapping[str, Any], space: SearchSpace, *codes: str) -> bool:
    return _fit(architecture, space) == (None, list(codes))


def test_blocks_that_were_numbered_are_one_now() -> None:
    space = _space(net="a b c")
    old = {"net": {"a": ONE}, "net#2": {"b": TWO}, "net#3": {"c": THREE}}
    assert _fit(old, space) == ({"net": {"a": ONE, "b": TWO, "c": THREE}}, [])


def test_a_name_that_was_numbered_by_blocks_is_refused() -> None:
    old = {"net": {"h": ONE}, "net#2": {"h": TWO}, "net#3": {"h": THREE}}
    assert _refused(old, _space(net="h"), "NC404")
    for count in (2, 3, 4):
        layers = [f"h#{place}of{count}-0123ab" for place in range(1, count + 1)]
        assert _refused(old, _space(net=" ".join(layers)), *["NC404"] * count)


def test_what_is_left_of_numbered_blocks_is_taken_by_name() -> None:
    old = {"net": {"h": ONE}, "net#2": {"h": TWO}, "net#3": {"g": THREE}}
    assert _fit(old, _space(net="g")) == ({"net": {"g": THREE}}, ["NC716", "NC716"])


def test_numbers_in_a_block_are_taken_where_there_are_as_many() -> None:
    old = {"net": {"h": ONE, "h#2": TWO}}
    space = _space(net="h#1of2-0123ab h#2of2-0123ab")
    assert _fit(old, space) == ({"net": {"h#1of2-0123ab": ONE, "h#2of2-0123ab": TWO}}, [])
    assert _refused(old, _space(net="h"), "NC404")
    assert _refused(old, _space(net="h#1of3-0123ab h#2of3-0123ab h#3of3-0123ab"), *["NC404"] * 3)


def test_numbers_of_another_state_are_refused() -> None:
    made = {"net": {"h#1of2-0123ab": ONE, "h#2of2-0123ab": TWO}}
    assert _fit(made, _space(net="h#1of2-0123ab h#2of2-0123ab")) == (made, [])
    assert _refused(made, _space(net="h#1of2-ffffff h#2of2-ffffff"), "NC404", "NC404")
    assert _refused(made, _space(net="h"), "NC404")
    assert _refused({"net": {"h": ONE}}, _space(net="h#1of2-0123ab h#2of2-0123ab"), "NC404", "NC404")


@pytest.mark.parametrize(
    ("known", "now"),
    [("trial", "samples.digits.trial"), ("net", "src.net"), ("src.net", "net"), ("a.b.net", "b.net")],
)
def test_module_of_a_folder_further_in_or_out_is_taken_with_a_warning(known: str, now: str) -> None:
    space = SearchSpace({f"{now}/f": {"h": CHOICES}, now: {"g": CHOICES}})
    fitted, codes = _fit({f"{known}/f": {"h": TWO}, known: {"g": ONE}}, space)
    assert (fitted, codes) == ({f"{now}/f": {"h": TWO}, now: {"g": ONE}}, ["NC717"])


def test_all_modules_of_a_folder_further_in_are_told_apart() -> None:
    space = _space(**{"src.main.net__build": "h", "src.net__build": "h", "src.other.net__build": "h"})
    old = {"main.net/build": {"h": ONE}, "net/build": {"h": TWO}, "other.net/build": {"h": THREE}}
    fitted = {"src.main.net/build": {"h": ONE}, "src.net/build": {"h": TWO}, "src.other.net/build": {"h": THREE}}
    assert _fit(old, space) == (fitted, ["NC717"] * 3)


def test_module_that_may_be_several_is_refused() -> None:
    several = {"a.net/build": {"h": ONE}, "b.net/build": {"h": TWO}}
    assert _refused(several, _space(net__build="h"), "NC404")
    fitted, codes = _fit({"net/build": {"h": ONE}}, _space(**{"a.net__build": "h", "b.net__build": "h"}))
    assert fitted is None
    assert "NC404" in codes


def test_a_module_of_the_same_name_is_never_given_up_for_another() -> None:
    space = _space(**{"a.net__build": "h", "net__build": "h"})
    assert _fit({"net/build": {"h": ONE}}, space)[0] is None
    own = {"net/build": {"h": ONE}, "a.net/build": {"h": TWO}}
    assert _fit(own, space) == (own, [])


def test_variables_are_found_under_older_keys() -> None:
    variable = VariableSpace("choice", (1, 2, 3))
    assert _fit({"trial/lr/choice": 2}, SearchSpace({}, {"m.trial/lr/choice": variable}))[0] == {"m.trial/lr/choice": 2}
    numbered = {"t/lr/choice": 1, "t/lr/choice#2": 2}
    keys = [f"t/lr/choice#{place}of2-0123ab" for place in (1, 2)]
    assert _fit(numbered, SearchSpace({}, dict.fromkeys(keys, variable))) == ({keys[0]: 1, keys[1]: 2}, [])
    assert _refused(numbered, SearchSpace({}, {"t/lr/choice": variable}), "NC404")
    assert _refused({keys[0]: 1, keys[1]: 2}, SearchSpace({}, {"t/lr/choice": variable}), "NC404")


def test_layer_that_is_gone_is_warned_of_and_one_that_is_missing_is_an_error() -> None:
    made = {"net": {"a": ONE, "b": TWO}}
    assert _fit(made, _space(net="b")) == ({"net": {"b": TWO}}, ["NC716"])
    assert _refused(made, _space(net="a b c"), "NC402")
    assert _refused(made, _space(net="a bb"), "NC402")


MADE = _space(net="a b")
STAMPED = {"net": {"a": ONE, "b": TWO}, **fingerprint(MADE)}


@pytest.mark.parametrize(
    ("candidates", "codes"),
    [
        (["f(1)", "f(2)", "f(3)"], []),
        (["f(3)", "f(1)", "f(2)"], []),
        (["f(0)", "f(1)", "f(2)", "f(3)", "f(4)"], []),
        (["f(1)", "f(2)"], ["NC716", "NC716"]),
        (["f(1)", "f(2)", "f(4)"], ["NC716", "NC716"]),
    ],
)
def test_choices_are_taken_by_their_source_and_lost_candidates_warned_of(
    candidates: list[str], codes: list[str]
) -> None:
    space = SearchSpace({"net": dict.fromkeys(("a", "b"), LayerSpace(tuple(candidates)))})
    assert _fit(STAMPED, space) == ({"net": {"a": ONE, "b": TWO}}, codes)
    assert _fit({"net": STAMPED["net"]}, space) == ({"net": {"a": ONE, "b": TWO}}, [])


def test_chosen_candidate_that_is_gone_is_refused() -> None:
    space = SearchSpace({"net": dict.fromkeys(("a", "b"), LayerSpace(("f(1)", "f(3)")))})
    assert _refused(STAMPED, space, "NC716", "NC402")


def test_lost_inputs_are_warned_of() -> None:
    before, after = (LayerSpace(("f(1)",), tuple(inputs), (0, 1)) for inputs in ("xyz", "wxy"))
    made = {"net": {"h": {"chosen_layer": "f(1)", "chosen_inputs": ["y"]}}}
    stamped = {**made, **fingerprint(SearchSpace({"net": {"h": before}}))}
    assert _fit(stamped, SearchSpace({"net": {"h": after}})) == (made, ["NC716"])


def test_runtime_says_once_what_it_takes_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    given = GivenArchitecture({"net": {"h": ONE}, MADE_FOR: {"net": {"h": "0000.1111|"}}}, "old.json")
    for _ in range(2):
        given.choice(RuntimeSpace("src.net", "h", CHOICES.candidates, (), (0, 0)))
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "nascompile: old.json: what the architecture says of the module 'net' is taken for 'src.net'",
        "nascompile: old.json: layer 'h' of block 'src.net': "
        "2 candidates are gone that it had when the architecture was made",
    ]


def test_runtime_tells_of_layers_that_nothing_built() -> None:
    backend = GivenBackend([{"net": {"a": ONE, "b": TWO}, "net#2": {"c": ONE}, "n/f": {"d": ONE}}], "old.json")
    assert backend.left_over() is None
    backend.start().choice(RuntimeSpace("net", "b", CHOICES.candidates, (), (0, 0)))
    assert backend.left_over() == "old.json holds what was not built here, so it changed nothing: 'net/a'"
    backend.start().choice(RuntimeSpace("net", "a", CHOICES.candidates, (), (0, 0)))
    assert backend.left_over() is None


def test_both_sides_give_the_same_fingerprint() -> None:
    space = SearchSpace(
        {"net": {"h": LayerSpace(("f('ß')", "g()"), ("a", "b"), 1), "k": CHOICES}, "n/f": {"h": CHOICES}}
    )
    layers = [
        RuntimeSpace(block, layer, choices.candidates, choices.optional_inputs, choices.sizes)
        for block, layer, choices in space.layers()
    ]
    assert fingerprint(space) == fingerprint_of_layers(layers)
    assert fingerprint(SearchSpace()) == fingerprint_of_layers([]) == {}


@pytest.mark.parametrize(
    "damage", [None, 5, [], {"net": 5}, {"net": {"h": 5}}, {"net": {"h": "|"}}, {"net": {"h": ""}}]
)
def test_fingerprint_that_is_damaged_is_none(damage: object) -> None:
    assert _fit({"net": {"h": ONE}, MADE_FOR: damage}, _space(net="h"))[1] == []


def test_fingerprint_survives_lists_and_ranks(tmp_path: Path) -> None:
    (tmp_path / "best.json").write_text(json.dumps([{"score": 1, "architecture": STAMPED}, STAMPED]))
    for rank in ("", "#1", "#2"):
        assert read_architecture(*split_rank(f"{tmp_path / 'best.json'}{rank}")) == STAMPED


NET = """
def conv(i, size): return ("conv", size)
def pool(i): return ("pool",)
h = 1
"""
LAYER = (
    "# @nni.mutable_layer(layer_choice=[conv(size=3), conv(size=5), pool()], fixed_inputs=[h])\nh = pool([[h], []])\n"
)


def test_deleting_the_first_of_three_layers_refuses_the_architecture() -> None:
    analysed = analyse_source((NET + LAYER * 3).encode(), module="net").search_space
    chosen = iter(("conv(size=3)", "conv(size=5)", "pool()"))
    made = {"net": {layer: {"chosen_layer": next(chosen), "chosen_inputs": []} for _, layer, _ in analysed.layers()}}

    def fixed(text: str) -> Any:
        return compile_source(text.encode(), module="net", mode="fixed", architecture=made)

    assert (
        b"h = conv([[h], []], size=3)\n\nh = conv([[h], []], size=5)\n\nh = pool([[h], []])"
        in fixed(NET + LAYER * 3).output
    )
    for edited in (NET + LAYER * 2, NET + LAYER * 4, NET + LAYER):
        compiled = fixed(edited)
        assert compiled.output is None
        assert {one.code for one in compiled.diagnostics if one.is_error} == {"NC404"}
