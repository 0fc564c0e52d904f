"""classic builds the chosen sub-graph, from any functions, without TensorFlow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nascompile_runtime.architecture import ArchitectureError
from nascompile_runtime.graph import classic
from nascompile_runtime.layer import LayerError

BUILT: list[str] = []


def add(inputs: list[Any], amount: int = 1) -> Any:
    BUILT.append(f"add {amount}")
    return sum(inputs[0]) + sum(inputs[1]) + amount


def pair(inputs: list[Any]) -> Any:
    BUILT.append("pair")
    return inputs


def layer(name: str = "h", block: str = "b", **changes: Any) -> Any:
    call: dict[str, Any] = {
        "layer_choice": [
            classic.candidate("add()", f"{name}/add", add),
            classic.candidate("add(amount=10)", f"{name}/add_amount_10", add, amount=10),
            classic.candidate("pair()", f"{name}/pair", pair),
        ],
        "fixed_inputs": [100],
        "optional_inputs": {"x": 1000, "y": 2000},
        "optional_input_size": [0, 2],
    }
    return classic.sub_graph(block, name, **(call | changes))


@pytest.fixture(autouse=True)
def nothing_built() -> None:
    BUILT.clear()


def give(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *choices: tuple[str, list[str]]) -> None:
    path = tmp_path / "given.json"
    path.write_text(json.dumps([{"b": {"h": {"chosen_layer": name, "chosen_inputs": xs}}} for name, xs in choices]))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))


def test_only_the_chosen_candidate_is_called_on_the_chosen_inputs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, ("add(amount=10)", ["y"]))
    assert layer() == 2110
    assert BUILT == ["add 10"]


def test_inputs_are_two_lists_in_declared_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, ("pair()", ["y", "x"]), ("pair()", []))
    assert layer() == [[100], [1000, 2000]]
    classic.get_next_parameter()
    assert layer() == [[100], []]


def test_building_makes_the_first_request_and_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, ("add()", []), ("add(amount=10)", []))
    assert [layer(), layer(), layer()] == [101, 101, 101]
    classic.get_next_parameter()
    assert layer() == 110


def test_request_before_building_takes_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, ("add()", []), ("add(amount=10)", []))
    classic.get_next_parameter()
    assert layer() == 101


def test_later_requests_change_what_is_built_afterwards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give(monkeypatch, tmp_path, ("add()", []), ("add(amount=10)", []))
    outputs = []
    for _ in range(4):
        classic.get_next_parameter(object())
        outputs.append(layer())
    assert outputs == [101, 110, 101, 110]


def test_wrong_architecture_is_an_error_where_the_layer_is_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, ("add(amount=1)", []))
    with pytest.raises(
        ArchitectureError, match=r"layer 'h' of block 'b': chosen_layer 'add\(amount=1\)' is not one of"
    ):
        layer()


def test_wrong_call_is_an_error() -> None:
    with pytest.raises(LayerError, match="layer 'h' of block 'b': optional_input_size is 3"):
        layer(optional_input_size=3)
    layer()
    with pytest.raises(LayerError, match="built before with the sizes"):
        layer(optional_input_size=1)


def test_without_parameters_each_seed_builds_its_own_sub_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    from nascompile_runtime import parameters

    outputs = []
    for seed in [*range(20), *range(20)]:
        monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"seed": seed}))
        parameters.reset()
        outputs.append(str([layer("one"), layer("two"), layer("one")]))
    assert outputs[:20] == outputs[20:]
    assert len(set(outputs)) > 10


def test_reports_carry_the_architecture_that_was_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NASCOMPILE_RESULTS", str(tmp_path / "results.jsonl"))
    layer("one")
    layer("two")
    classic.training_update(session=None, loss=None)
    classic.report_intermediate_result(0.5)
    classic.report_final_result(0.75)
    records = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [record["value"] for record in records] == [0.5, 0.75]
    assert records[0]["architecture"] == records[1]["architecture"]
    chosen = [records[1]["architecture"]["b"][name]["chosen_layer"] for name in ("one", "two")]
    assert [{"add()": "add 1", "add(amount=10)": "add 10", "pair()": "pair"}[name] for name in chosen] == BUILT
    assert "nascompile: final result: 0.75\n" in capsys.readouterr().out


def test_given_architecture_teaches_no_controller_and_needs_no_options(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give(monkeypatch, tmp_path, ("add()", []))
    monkeypatch.setenv("NASCOMPILE_CONFIG", "no JSON, and no file")
    assert layer() == 101
    classic.report_final_result(0.5)


WITHOUT_TENSORFLOW = """
import sys
sys.modules["tensorflow"] = None  # importing it now raises
from nascompile_runtime.graph import classic as c
light = not {"numpy", "msgspec"} & set(sys.modules)
c.get_next_parameter()
h = c.sub_graph("b", "h", layer_choice=[c.candidate("f", "h/f", lambda inputs: inputs)], fixed_inputs=[1],
                optional_inputs={"a": 2}, optional_input_size=1)
c.training_update(tf=None, session=None, loss=None, feed_dict=None)
c.report_intermediate_result(0.5)
c.report_final_result({"default": 0.5})
print(h, light)
"""


def test_classic_needs_no_tensorflow_and_starts_light() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_TENSORFLOW], env={}, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "nascompile: intermediate result 1: 0.5",
        "nascompile: final result: 0.5",
        "[[1], [2]] True",
    ]
