"""Reading architectures, and looking layers up in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nascompile_runtime.architecture import (
    ArchitectureError,
    Choice,
    choice_of,
    read_architectures,
    starting_choice,
    to_json,
)
from nascompile_runtime.layer import LayerSpace

SPACE = LayerSpace("trial/Net.build", "h1", ("conv(size=1)", "conv(size=3)", "pool()"), ("a", "b", "c"), (1, 2))
NO_INPUTS = LayerSpace("trial/Net.build", "h2", ("conv(size=1)",), (), (0, 0))


def architecture(**choice: Any) -> dict[str, Any]:
    return {"trial/Net.build": {"h1": choice}}


def write(path: Path, content: Any) -> str:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_choice_is_given_as_positions_in_declared_order() -> None:
    given = architecture(chosen_layer="conv(size=3)", chosen_inputs=["c", "a"])
    assert choice_of(given, SPACE) == Choice(1, (0, 2))


def test_choice_of_a_layer_without_optional_inputs_needs_no_chosen_inputs() -> None:
    given = {"trial/Net.build": {"h2": {"chosen_layer": "conv(size=1)"}}}
    assert choice_of(given, NO_INPUTS) == Choice(0, ())
    given["trial/Net.build"]["h2"]["chosen_inputs"] = []  # type: ignore[assignment]
    assert choice_of(given, NO_INPUTS) == Choice(0, ())


def test_what_no_layer_asks_for_is_left_alone() -> None:
    given = architecture(chosen_layer="pool()", chosen_inputs=["b"])
    given |= {"trial/lr/choice": 0.1, "other/build": {"h": "nothing of ours"}}
    given["trial/Net.build"]["unknown"] = {"chosen_layer": "?"}
    assert choice_of(given, SPACE) == Choice(2, (1,))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "the architecture has no block 'trial/Net.build'; it has (nothing)"),
        (
            {"trial/Net.buidl": {}},
            "the architecture has no block 'trial/Net.build'; it has 'trial/Net.buidl' "
            "(did you mean 'trial/Net.buidl'?)",
        ),
        ({"trial/Net.build": []}, "block 'trial/Net.build': [] is no object of layers and their choices"),
        (
            {"trial/Net.build": {"h2": {}}},
            "block 'trial/Net.build': the architecture has no layer 'h1'; it has 'h2'",
        ),
        (
            {"trial/Net.build": {"h1": "pool()"}},
            "layer 'h1' of block 'trial/Net.build': 'pool()' is no {\"chosen_layer\": …, \"chosen_inputs\": […]}",
        ),
        (
            architecture(chosen_layr="pool()", chosen_inputs=["a"]),
            "layer 'h1' of block 'trial/Net.build': key 'chosen_layr' is not one of 'chosen_layer', 'chosen_inputs' "
            "(did you mean 'chosen_layer'?)",
        ),
        (
            architecture(chosen_inputs=["a"]),
            "layer 'h1' of block 'trial/Net.build': chosen_layer is missing; "
            "it is one of 'conv(size=1)', 'conv(size=3)', 'pool()'",
        ),
        (
            architecture(chosen_layer="conv(size=2)", chosen_inputs=["a"]),
            "layer 'h1' of block 'trial/Net.build': chosen_layer 'conv(size=2)' is not one of "
            "'conv(size=1)', 'conv(size=3)', 'pool()' (did you mean 'conv(size=3)'?)",
        ),
        (
            architecture(chosen_layer=None, chosen_inputs=["a"]),
            "layer 'h1' of block 'trial/Net.build': chosen_layer None is not one of "
            "'conv(size=1)', 'conv(size=3)', 'pool()'",
        ),
        (
            architecture(chosen_layer="pool()"),
            "layer 'h1' of block 'trial/Net.build': chosen_inputs is missing; it is a list of 1 to 2 of 'a', 'b', 'c'",
        ),
        (
            architecture(chosen_layer="pool()", chosen_inputs="a"),
            "layer 'h1' of block 'trial/Net.build': chosen_inputs is 'a'; it is a list of 1 to 2 of 'a', 'b', 'c'",
        ),
        (
            architecture(chosen_layer="pool()", chosen_inputs=["x"]),
            "layer 'h1' of block 'trial/Net.build': chosen_inputs 'x' is not one of 'a', 'b', 'c'",
        ),
        (
            architecture(chosen_layer="pool()", chosen_inputs=["a", "a"]),
            "layer 'h1' of block 'trial/Net.build': chosen_inputs names 'a' twice; it is a set",
        ),
        (
            architecture(chosen_layer="pool()", chosen_inputs=[]),
            "layer 'h1' of block 'trial/Net.build': chosen_inputs has 0 inputs; "
            "it is a list of 1 to 2 of 'a', 'b', 'c'",
        ),
        (
            architecture(chosen_layer="pool()", chosen_inputs=["a", "b", "c"]),
            "layer 'h1' of block 'trial/Net.build': chosen_inputs has 3 inputs; "
            "it is a list of 1 to 2 of 'a', 'b', 'c'",
        ),
    ],
)
def test_wrong_choice_names_layer_value_and_what_is_allowed(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ArchitectureError) as error:
        choice_of(given, SPACE)
    assert str(error.value) == message


@pytest.mark.parametrize("value", [1, [], {}, [["a"]], True])
def test_choice_of_another_type_is_an_error(value: Any) -> None:
    with pytest.raises(ArchitectureError, match="chosen_layer"):
        choice_of(architecture(chosen_layer=value, chosen_inputs=["a"]), SPACE)
    with pytest.raises(ArchitectureError, match="chosen_inputs"):
        choice_of(architecture(chosen_layer="pool()", chosen_inputs=[value]), SPACE)


def test_start_is_the_first_candidate_on_the_first_and_fewest_inputs() -> None:
    assert starting_choice(SPACE) == Choice(0, (0,))
    assert starting_choice(NO_INPUTS) == Choice(0, ())


def test_to_json_and_choice_of_are_inverse() -> None:
    written = to_json([(SPACE, Choice(2, (0, 2))), (NO_INPUTS, Choice(0, ()))])
    assert written == {
        "trial/Net.build": {
            "h1": {"chosen_layer": "pool()", "chosen_inputs": ["a", "c"]},
            "h2": {"chosen_layer": "conv(size=1)", "chosen_inputs": []},
        }
    }
    assert choice_of(written, SPACE) == Choice(2, (0, 2))


ONE, TWO = architecture(chosen_layer="pool()"), {"trial/lr/choice": 0.1}


@pytest.mark.parametrize(
    ("content", "architectures"),
    [
        (ONE, [ONE]),
        ([ONE, TWO], [ONE, TWO]),
        ([{"score": 0.9, "architecture": TWO}, {"score": 0.8, "architecture": ONE}], [TWO, ONE]),
        ({"score": 0.9, "architecture": ONE}, [ONE]),
        ("\ufeff{}", [{}]),
    ],
)
def test_file_holds_one_architecture_or_a_list_or_a_ranking(tmp_path: Path, content: Any, architectures: Any) -> None:
    assert read_architectures(write(tmp_path / "best.json", content)) == architectures


def test_rank_picks_one_from_one(tmp_path: Path) -> None:
    path = write(tmp_path / "best.json", [ONE, TWO])
    assert read_architectures(f"{path}#1") == [ONE]
    assert read_architectures(f"{path}#2") == [TWO]


def test_file_whose_name_ends_like_a_rank_comes_first(tmp_path: Path) -> None:
    write(tmp_path / "best.json", [ONE, ONE])
    assert read_architectures(write(tmp_path / "best.json#2", TWO)) == [TWO]


@pytest.mark.parametrize("rank", ["0", "3"])
def test_rank_that_is_not_there_names_those_that_are(tmp_path: Path, rank: str) -> None:
    path = write(tmp_path / "best.json", [ONE, TWO])
    with pytest.raises(ArchitectureError, match=rf"best\.json#{rank}: there is no such rank; the file holds 1 to 2"):
        read_architectures(f"{path}#{rank}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not valid JSON"),
        ('{"a": ', "not valid JSON: Expecting value: line 1 column 7"),
        ("[" * 100_000, "not valid JSON"),
        ([], "the list of architectures is empty"),
        (3, "entry 1 is 3; an architecture is an object"),
        ([ONE, "x"], "entry 2 is 'x'; an architecture is an object"),
        ([{"score": 1, "architecture": None}], "entry 1 is None; an architecture is an object"),
    ],
)
def test_file_that_holds_no_architecture_is_an_error_with_its_path(tmp_path: Path, content: Any, message: str) -> None:
    path = write(tmp_path / "best.json", content)
    with pytest.raises(ArchitectureError) as error:
        read_architectures(path)
    assert str(error.value).startswith(f"{path}: {message}")


def test_file_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "best.json").write_bytes(b'{"\xe9": 1}')
    with pytest.raises(ArchitectureError, match=r"best\.json: not UTF-8"):
        read_architectures(str(tmp_path / "best.json"))


@pytest.mark.parametrize("name", ["none.json", "none.json#1", "none.json#x", "."])
def test_missing_file_is_an_error_with_its_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchitectureError, match="cannot read the architecture"):
        read_architectures(str(tmp_path / name))
