"""The sequence of requests: who answers them, and which architecture counts when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nascompile_runtime import parameters
from nascompile_runtime.architecture import ArchitectureError, Choice
from nascompile_runtime.fingerprint import fingerprint
from nascompile_runtime.layer import LayerError, LayerSpace
from nascompile_runtime.options import OptionsError
from nascompile_runtime.parameters import trial

SPACE = LayerSpace("b", "h", ("f()", "g()", "h()"), ("x", "y"), (1, 1))


def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *candidates: str, rank: str = "") -> None:
    path = tmp_path / "given.json"
    path.write_text(json.dumps([{"b": {"h": {"chosen_layer": name, "chosen_inputs": ["y"]}}} for name in candidates]))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", f"{path}{rank}")


def test_requests_take_the_given_list_in_turn_and_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, "f()", "g()", "h()")
    taken = [trial().take_next().choice(SPACE).candidate for _ in range(7)]
    assert taken == [0, 1, 2, 0, 1, 2, 0]


def test_rank_gives_one_architecture_to_every_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, "f()", "g()", rank="#2")
    assert [trial().take_next().choice(SPACE).candidate for _ in range(3)] == [1, 1, 1]


def test_wrong_entry_of_a_list_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, "f()", "k()")
    trial().take_next()
    with pytest.raises(ArchitectureError, match=r"given\.json: entry 2: layer 'h' of block 'b': chosen_layer 'k\(\)'"):
        trial().take_next().choice(SPACE)


def test_start_is_the_first_of_the_list_and_consumes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, "g()", "h()")
    assert trial().start.given
    assert trial().start.choice(SPACE) == Choice(1, (1,))
    assert trial().take_next().choice(SPACE).candidate == 1


def test_start_without_a_list_is_the_first_candidate() -> None:
    assert not trial().start.given
    assert trial().start.choice(SPACE) == Choice(0, (0,))
    assert trial().start.architecture([SPACE]) == {"b": {"h": {"chosen_layer": "f()", "chosen_inputs": ["x"]}}}


def test_request_is_pending_until_it_is_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, "f()", "g()", "h()")
    taken = trial().take_next()
    assert trial().pending is taken
    assert trial().current is None
    assert trial().next_to_load() is taken
    trial().load(taken)
    assert trial().pending is None
    assert trial().current is taken
    assert trial().next_to_load().choice(SPACE).candidate == 1


def test_second_request_without_a_load_replaces_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, "f()", "g()", "h()")
    trial().take_next()
    trial().take_next()
    assert trial().next_to_load().choice(SPACE).candidate == 1


def test_architecture_is_that_of_the_start_until_one_is_loaded() -> None:
    trial().register(SPACE)
    start = trial().architecture()
    assert start == fingerprint([SPACE]) | trial().start.architecture([SPACE])
    answer = trial().take_next()
    assert trial().architecture() == start
    trial().load(answer)
    assert trial().architecture() == fingerprint([SPACE]) | answer.architecture([SPACE])


def test_given_architecture_is_reported_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "given.json"
    whole = {"b": {"h": {"chosen_layer": "f()", "chosen_inputs": ["x"]}}, "trial/lr/choice": 0.1}
    path.write_text(json.dumps(whole))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
    trial().register(SPACE)
    trial().load(trial().take_next())
    assert trial().architecture() == fingerprint([SPACE]) | whole


def test_same_layer_may_be_built_again() -> None:
    trial().register(SPACE)
    trial().register(LayerSpace("b", "h", ("f()", "g()", "h()"), ("x", "y"), (1, 1)))
    trial().register(LayerSpace("b", "h#2", ("f()",), (), (0, 0)))
    assert [space.layer for space in trial().spaces] == ["h", "h#2"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (LayerSpace("b", "h", ("g()", "f()", "h()"), ("x", "y"), (1, 1)), "candidates"),
        (LayerSpace("b", "h", ("f()", "g()", "h()"), ("x", "z"), (1, 1)), "inputs"),
        (LayerSpace("b", "h", ("f()", "g()", "h()"), ("x", "y"), (0, 1)), "sizes"),
    ],
)
def test_same_layer_with_another_space_is_an_error(changed: LayerSpace, what: str) -> None:
    trial().register(SPACE)
    with pytest.raises(LayerError, match=rf"layer 'h' of block 'b' was built before with the {what} \("):
        trial().register(changed)


def test_missing_file_is_an_error_at_the_first_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(tmp_path / "none.json"))
    with pytest.raises(ArchitectureError, match=r"none\.json: cannot read"):
        trial().take_next()


def test_unknown_controller_is_an_error_that_names_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"controller": "randon"}')
    with pytest.raises(OptionsError, match=r"no controller 'randon' \(did you mean 'random'\?\); there are: .*random"):
        trial().take_next()


def test_reward_is_high_for_good_results_in_either_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    class Recorder:
        def __init__(self) -> None:
            self.rewards: list[float] = []

        def observe(self, architecture: Any, reward: float, *, step: bool) -> None:
            self.rewards.append(reward)

        def start(self) -> Any:
            return parameters.Trial().backend.start()

    for mode, reward in (("maximize", 0.25), ("minimize", -0.25)):
        monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"optimize_mode": mode}))
        parameters.reset()
        recorder = Recorder()
        trial().backend = recorder  # type: ignore[assignment]
        trial().observe(0.25)
        assert recorder.rewards == [reward]


def test_reset_forgets_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trial().register(SPACE)
    trial().load(trial().take_next())
    given(monkeypatch, tmp_path, "h()")
    parameters.reset()
    assert (trial().spaces, trial().current, trial().pending) == ([], None, None)
    assert trial().take_next().choice(SPACE).candidate == 2
