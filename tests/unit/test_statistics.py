"""The size of a search space in words and as a table."""

from __future__ import annotations

import json
import math

import pytest

from nascompile.search_space import LayerSpace, SearchSpace
from nascompile.statistics import number, statistics_json, statistics_text, summary

SPACE = SearchSpace(
    {
        "t/build": {
            "stem": LayerSpace(("conv(size=1)", "conv(size=3)")),
            "head": LayerSpace(("a()", "b()", "c()"), ("x", "y", "z"), (0, 2)),
        },
        "t/日本": {"h": LayerSpace(("f()",), ("x", "y"), 1)},
    }
)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "1"),
        (31_104, "31,104"),
        (10**12 - 1, "999,999,999,999"),
        (12 * 10**33, "1.2e34"),
        (999 * 10**30, "1.0e33"),
    ],
)
def test_number_is_written_out_or_its_size_told(count: int, text: str) -> None:
    assert number(count) == text


def test_summary_counts_in_the_singular_too() -> None:
    assert summary(SPACE) == "84 architectures, 3 layers in 2 blocks"
    one = SearchSpace({"t": {"h": LayerSpace(("f()",))}})
    assert summary(one) == "1 architecture, 1 layer in 1 block"


def test_table_is_aligned_and_plain() -> None:
    lines = statistics_text(SPACE).splitlines()
    assert lines[0] == summary(SPACE)
    assert lines[2].split() == ["block", "layer", "candidates", "optional", "inputs", "taken", "choices"]
    assert lines[4].split() == ["t/build", "head", "3", "3", "0", "to", "2", "21"]
    assert {len(line) for line in lines[2:5]} == {len(lines[5]) + 2}  # two characters are two columns wide
    assert "\x1b" not in "".join(lines)


def test_table_says_nothing_to_a_terminal() -> None:
    space = SearchSpace({"t\x1b[31m\u202e": {"h['\x07']": LayerSpace(("f()", "g()"))}})
    for coloured in (False, True):
        text = statistics_text(space, coloured=coloured)
        assert "t\\x1b[31m\\u202e" in text
        assert "h['\\x07']" in text


def test_json_is_exact() -> None:
    content = json.loads(statistics_json(SPACE))
    assert content["architectures"] == 84 == math.prod(layer["choices"] for layer in content["layers"])
    assert content["layers"][1] == {
        "block": "t/build",
        "layer": "head",
        "candidates": 3,
        "optional_inputs": 3,
        "optional_input_size": [0, 2],
        "choices": 21,
    }


def test_space_larger_than_python_prints_is_told_by_its_size() -> None:
    layers = {f"h{index}": LayerSpace(tuple(f"f({n})" for n in range(10))) for index in range(5000)}
    space = SearchSpace({"t": layers})
    assert json.loads(statistics_json(space))["architectures"] == "1.0e5000"
    assert statistics_text(space).startswith("1.0e5000 architectures, 5,000 layers in 1 block\n")


def test_space_without_layers_has_one_architecture() -> None:
    assert statistics_text(SearchSpace()) == "1 architecture, 0 layers in 0 blocks\n"
