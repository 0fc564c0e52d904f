"""Ranking without TensorFlow: which architectures are scored, in which order they stand, what is told and written."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from nascompile_runtime import parameters
from nascompile_runtime.architecture import Architecture, ArchitectureError, Choice, read_architectures, to_json
from nascompile_runtime.controllers.random import RandomController
from nascompile_runtime.derive import derive
from nascompile_runtime.fingerprint import fingerprint
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options
from nascompile_runtime.parameters import trial
from nascompile_runtime.ranking.points import Point, all_points, neighbours_of, options_of, point_of, size_of
from nascompile_runtime.ranking.progress import Progress
from nascompile_runtime.ranking.proposals import Likeliest
from nascompile_runtime.ranking.stages import Plan, plan_by_controller, plan_evolution, plan_proposals

SPACES = [
    LayerSpace("net", "h1", ("conv()", "pool()", "identity()"), (), (0, 0)),
    LayerSpace("net", "h2", ("conv()", "pool()"), ("a", "b", "c"), (1, 2)),
    LayerSpace("net", "h3", ("conv()", "pool()", "identity()"), ("a", "b"), (0, 2)),
]
SIZE = 3 * (2 * 6) * (3 * 4)


def worth(point: Point) -> float:
    """A score that is different for every point, and at its best in one of them."""
    h1, h2, h3 = point
    inputs = sum(2**position for position in h2.inputs) + 8 * sum(2**position for position in h3.inputs)
    return h1.candidate + 3 * h2.candidate + 6 * h3.candidate + inputs / 32


BEST = max(all_points(SPACES), key=worth)


@pytest.fixture(autouse=True)
def _layers() -> None:
    for space in SPACES:
        trial().register(space)


def score(point: Point) -> dict[str, float]:
    return {"default": worth(point)}


def run(
    tmp_path: Path, plan: Plan = plan_evolution, *, score: Any = score, samples: int = 40, top: int = 10
) -> list[dict[str, Any]]:
    """Derive into a file, which must hold what is returned."""
    path = tmp_path / "best.json"
    entries = derive(score, plan, samples=samples, top=top, output=str(path))
    assert json.loads(path.read_text()) == entries
    return entries


class Counted:
    """A score that remembers what it was asked."""

    def __init__(self, worth: Callable[[Point], float] = worth) -> None:
        self.points: list[Point] = []
        self._worth = worth

    def __call__(self, point: Point) -> dict[str, float]:
        self.points.append(point)
        return {"default": self._worth(point)}


def by_controller() -> Plan:
    return plan_by_controller(RandomController(Options()), 0)


# The space


def test_all_points_are_as_many_as_the_size_and_distinct() -> None:
    points = list(all_points(SPACES))
    assert len(points) == len(set(points)) == size_of(SPACES) == SIZE
    assert all(point_of(to_json(zip(SPACES, point, strict=True)), SPACES) == point for point in points)


@pytest.mark.parametrize("space", SPACES, ids=lambda space: space.layer)
def test_neighbours_differ_by_one_step_and_lead_everywhere(space: LayerSpace) -> None:
    choices = [choice for (choice,) in all_points([space])]
    reached, waiting = {choices[0]}, [choices[0]]
    while waiting:
        choice = waiting.pop()
        near = list(neighbours_of(space, choice))
        assert len(set(near)) == len(near)
        assert set(near) <= set(choices) - {choice}
        for each in near:
            changed_inputs = set(each.inputs) ^ set(choice.inputs)
            steps = (each.candidate != choice.candidate) + (len(changed_inputs) > 0)
            assert steps == 1
            assert len(changed_inputs) == 1 or len(each.inputs) == len(choice.inputs)
        waiting += set(near) - reached
        reached |= set(near)
    assert reached == set(choices)
    assert len(choices) == options_of(space)


# What is scored


@pytest.mark.parametrize("plan", [plan_evolution, by_controller()], ids=["evolution", "controller"])
def test_samples_are_distinct(plan: Plan, tmp_path: Path) -> None:
    counted = Counted()
    entries = run(tmp_path, plan, score=counted, samples=300, top=300)
    assert len(counted.points) == len(set(counted.points)) == len(entries) == 300
    assert set(counted.points) <= set(all_points(SPACES))


@pytest.mark.parametrize("plan", [plan_evolution, by_controller()], ids=["evolution", "controller"])
def test_small_space_is_scored_as_a_whole(plan: Plan, tmp_path: Path) -> None:
    counted = Counted()
    entries = run(tmp_path, plan, score=counted, samples=SIZE, top=SIZE)
    assert len(counted.points) == len(entries) == SIZE
    best = fingerprint(SPACES) | to_json(zip(SPACES, BEST, strict=True))
    assert entries[0] == {"score": worth(BEST), "architecture": best}


def test_all_but_one_of_a_space_can_be_sampled(tmp_path: Path) -> None:
    assert len(run(tmp_path, samples=SIZE - 1, top=SIZE)) == SIZE - 1


def test_samples_are_the_same_in_each_run_and_others_for_another_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(tmp_path)
    assert run(tmp_path) == first
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"seed": 1}')
    parameters.reset()
    for space in SPACES:
        trial().register(space)
    assert run(tmp_path) != first


def test_evolution_finds_better_ones_than_its_uniform_half(tmp_path: Path) -> None:
    for number in range(9):
        trial().register(LayerSpace("net", f"more{number}", ("a()", "b()", "c()", "d()"), (), (0, 0)))

    def worth(point: Point) -> float:
        return float(sum(choice.candidate for choice in point))

    counted = Counted(worth)
    run(tmp_path, score=counted, samples=100)
    uniform, evolved = counted.points[:50], counted.points[50:]
    assert len(evolved) == 50
    assert max(map(worth, evolved)) > max(map(worth, uniform))
    assert sum(map(worth, evolved)) > sum(map(worth, uniform)) * 1.2


def test_controller_is_asked_on_from_its_requests_and_stays_as_it_is(tmp_path: Path) -> None:
    class Counting:
        """Proposes the points of the space in order; its state is a number."""

        def __init__(self) -> None:
            self.asked: list[int] = []

        def propose(self, request: int, spaces: Sequence[LayerSpace]) -> Architecture:
            self.asked.append(request)
            return to_json(zip(spaces, list(all_points(spaces))[len(self.asked)], strict=True))

        def observe(self, architecture: Architecture, reward: float) -> None:
            raise AssertionError("deriving teaches the controller nothing")

        def state(self) -> dict[str, Any]:
            return {}

        def restore(self, state: dict[str, Any]) -> None: ...

    controller, counted = Counting(), Counted()
    entries = run(tmp_path, plan_by_controller(controller, 7), score=counted, samples=30, top=100)
    assert controller.asked == []
    proposed = list(all_points(SPACES))[1:31]
    assert {point_of(entry["architecture"], SPACES) for entry in entries} == set(proposed)


def test_controller_that_repeats_itself_is_helped_out_by_uniform_draws(tmp_path: Path) -> None:
    class Stubborn(RandomController):
        def propose(self, request: int, spaces: Sequence[LayerSpace]) -> Architecture:
            return super().propose(request % 5, spaces)

    assert len(run(tmp_path, plan_by_controller(Stubborn(Options()), 0), samples=30, top=30)) == 30


def test_likeliest_points_come_in_order_of_their_likelihood() -> None:
    weights = {
        ("h1", "c"): [0.5, 0.1, 0.9],
        ("h2", "c"): [0.3, 0.7],
        ("h2", "i"): [0.2, -0.4, 0.6],
        ("h3", "c"): [0.0, 0.25, 0.15],
        ("h3", "i"): [-0.35, 0.45],
    }

    def likelihood(space: LayerSpace, choice: Choice) -> float:
        inputs = weights.get((space.layer, "i"), [])
        return weights[space.layer, "c"][choice.candidate] + sum(inputs[position] for position in choice.inputs)

    def total(point: Point) -> float:
        return sum(likelihood(space, choice) for space, choice in zip(SPACES, point, strict=True))

    start = max(all_points(SPACES), key=total)
    proposals = Likeliest(SPACES, start, likelihood)
    proposed = []
    while (point := proposals.propose()) is not None:
        proposed.append(point)
    assert proposed[0] == start
    assert len(proposed) == len(set(proposed)) == SIZE
    assert [total(point) for point in proposed] == pytest.approx(sorted(map(total, proposed), reverse=True))


def test_given_list_is_ranked_instead_and_keeps_what_else_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = list(all_points(SPACES))[5:50:9]
    given = [to_json(zip(SPACES, point, strict=True)) | {"net/lr": 0.1 + number} for number, point in enumerate(points)]
    path = tmp_path / "given.json"
    path.write_text(json.dumps([*given, given[0]]))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
    requests = trial().requests
    entries = run(tmp_path, samples=2, top=100)
    expected = sorted(zip(map(worth, points), given, strict=True), key=lambda pair: -pair[0])
    assert [(entry["score"], entry["architecture"]) for entry in entries] == expected
    assert trial().requests == requests
    assert trial().next_to_load().architecture(SPACES) == given[0]


def test_given_architecture_that_does_not_fit_is_named_before_anything_is_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = to_json(zip(SPACES, BEST, strict=True))
    bad = json.loads(json.dumps(good).replace("identity()", "identify()"))
    path = tmp_path / "given.json"
    path.write_text(json.dumps([good, bad]))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(path))
    counted = Counted()
    with pytest.raises(ArchitectureError, match=r"given.json: entry 2: .*identify"):
        run(tmp_path, score=counted)
    assert counted.points == []


# The order


def test_best_is_first_and_top_is_how_many(tmp_path: Path) -> None:
    entries = run(tmp_path, samples=SIZE, top=7)
    assert [entry["score"] for entry in entries] == sorted(map(worth, all_points(SPACES)), reverse=True)[:7]


def test_low_scores_are_good_when_minimising(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", '{"optimize_mode": "minimize"}')
    parameters.reset()
    for space in SPACES:
        trial().register(space)
    counted = Counted()
    entries = run(tmp_path, score=counted, samples=100, top=100)
    assert [entry["score"] for entry in entries] == sorted(entry["score"] for entry in entries)
    assert sum(map(worth, counted.points[50:])) < sum(map(worth, counted.points[:50]))


def test_first_scored_is_first_of_equals(tmp_path: Path) -> None:
    counted = Counted(lambda point: 1.0)
    entries = run(tmp_path, score=counted, top=40)
    assert [point_of(entry["architecture"], SPACES) for entry in entries] == counted.points


@pytest.mark.parametrize("optimize_mode", ["maximize", "minimize"])
def test_what_is_no_finite_number_is_last_counted_and_null(
    optimize_mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NASCOMPILE_CONFIG", json.dumps({"optimize_mode": optimize_mode}))
    parameters.reset()
    for space in SPACES:
        trial().register(space)
    odd = {0: math.nan, 1: math.inf, 2: -math.inf}
    counted = Counted(lambda point: odd.get(len(counted.points), worth(point)))
    entries = run(tmp_path, score=counted, samples=SIZE, top=SIZE)
    assert [entry["score"] for entry in entries[-2:]] == [None, None]  # the first is scored as number 1
    assert all(isinstance(entry["score"], float) for entry in entries[:-2])
    assert "2 of the scores were no finite numbers" in capsys.readouterr().out


# What is told


def test_ranking_is_told_with_the_size_of_the_space_and_the_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = Counted()
    run(tmp_path, score=counted, samples=40, top=2)
    first, one, two, baseline, written = capsys.readouterr().out.splitlines()
    assert "40 architectures that were scored, of 432" in first
    assert "high scores are good" in first
    best, second = sorted(counted.points, key=worth, reverse=True)[:2]
    assert re.split(r" {2,}", one.strip())[:2] == ["1", f"{worth(best):.6g}"]
    assert re.split(r" {2,}", two.strip())[:2] == ["2", f"{worth(second):.6g}"]
    assert f"h1: {SPACES[0].candidates[best[0].candidate]} | h2: " in one
    uniform = [worth(point) for point in counted.points[:20]]
    mean, spread = sum(uniform) / 20, math.sqrt(sum((each - sum(uniform) / 20) ** 2 for each in uniform) / 19)
    assert f"20 uniformly drawn ones: mean {mean:.6g}, standard deviation {spread:.6g}, " in baseline
    assert f"best {max(uniform):.6g}" in baseline
    assert str(tmp_path / "best.json") in written


def test_baseline_is_drawn_beside_what_is_not_uniform_and_not_ranked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = Counted()
    plan = plan_proposals(lambda spaces: Likeliest(spaces, BEST, lambda space, choice: -len(choice.inputs)))
    entries = run(tmp_path, plan, score=counted, samples=50, top=100)
    assert len(entries) == 50
    assert len(counted.points) == len(set(counted.points)) > 60  # what is proposed and drawn is scored once
    assert "20 uniformly drawn ones" in capsys.readouterr().out


def test_other_numbers_are_shown_beside_the_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, score=lambda point: {"default": worth(point), "loss": 0.25}, samples=SIZE, top=1)
    assert f"  1  {worth(BEST):.6g} (loss 0.25)  h1: " in capsys.readouterr().out


def test_progress_is_a_line_for_each_tenth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, samples=100)
    lines = capsys.readouterr().err.splitlines()
    assert [re.search(r"scored (\d+) of 100 architectures, best \d", line)[1] for line in lines] == [  # type: ignore[index]
        str(number) for number in range(10, 101, 10)
    ]
    assert " left" in lines[0]
    assert " left" not in lines[-1]


def test_progress_on_a_terminal_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress = Progress(3)
    for best in (None, 0.5, 0.75):
        progress.advance(best)
    progress.end()
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert text.startswith("\r\x1b[Knascompile: scored 1 of 3 architectures")
    assert text.endswith("\r\x1b[Knascompile: scored 3 of 3 architectures, best 0.75\n")


# What is written


def test_file_is_read_as_architectures_by_both_sides(tmp_path: Path) -> None:
    from nascompile.architecture import read_architecture, split_rank

    entries = run(tmp_path)
    path = tmp_path / "best.json"
    assert read_architectures(str(path)) == [entry["architecture"] for entry in entries]
    assert read_architectures(f"{path}#3") == [entries[2]["architecture"]]
    assert read_architecture(*split_rank(f"{path}#3")) == entries[2]["architecture"]


def test_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "best.json").write_text("old")
    run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["best.json"]
    other = tmp_path / "other"
    other.write_text("")
    assert (tmp_path / "best.json").stat().st_mode == other.stat().st_mode


def test_folder_of_the_file_is_made(tmp_path: Path) -> None:
    derive(score, plan_evolution, samples=4, top=2, output=str(tmp_path / "new" / "folder" / "best.json"))
    assert len(json.loads((tmp_path / "new" / "folder" / "best.json").read_text())) == 2


def test_failing_write_is_said_and_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "best.json").mkdir()
    entries = derive(score, plan_evolution, samples=10, top=3, output=str(tmp_path / "best.json"))
    out, err = capsys.readouterr()
    assert f"cannot write {tmp_path / 'best.json'}: Is a directory" in err
    shown = out[out.index("[\n") :]
    assert json.loads(shown) == entries
    assert "the best of 10 architectures" in out
    assert [path.name for path in tmp_path.iterdir()] == ["best.json"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("the metric is gone")])
def test_what_was_scored_before_an_interruption_is_written(
    error: BaseException, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(point: Point) -> float:
        if len(counted.points) == 8:
            raise error
        return worth(point)

    counted, path = Counted(failing), tmp_path / "best.json"
    with pytest.raises(type(error)):
        derive(counted, plan_evolution, samples=40, top=10, output=str(path))
    written = json.loads(path.read_text())
    assert [entry["score"] for entry in written] == sorted(map(worth, counted.points[:7]), reverse=True)
    out, err = capsys.readouterr()
    assert "interrupted; 7 architectures were scored until then" in err
    assert "the best of 7 architectures" in out


def test_interruption_before_the_first_score_leaves_an_older_file_alone(tmp_path: Path) -> None:
    def failing(point: Point) -> dict[str, float]:
        raise KeyboardInterrupt

    path = tmp_path / "best.json"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        derive(failing, plan_evolution, samples=40, top=10, output=str(path))
    assert path.read_text() == "old"


# What is refused


@pytest.mark.parametrize("wrong", [{"samples": 0}, {"samples": 2.5}, {"top": -1}, {"top": True}, {"samples": None}])
def test_numbers_that_are_none_are_refused(wrong: dict[str, Any], tmp_path: Path) -> None:
    (name,) = wrong
    with pytest.raises(ValueError, match=f"derive: {name} is "):
        run(tmp_path, **wrong)


def test_trial_without_layers_is_refused(tmp_path: Path) -> None:
    parameters.reset()
    with pytest.raises(ValueError, match="no mutable layer"):
        run(tmp_path)


def test_huge_spaces_are_no_trouble(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = tuple(f"x{number}" for number in range(60))
    for number in range(100):
        trial().register(LayerSpace("net", f"l{number}", ("conv()", "pool()"), inputs, (0, 60)))
    run(tmp_path, score=lambda point: {"default": float(len(point[-1].inputs))}, samples=6)
    assert re.search(r"of about 10\^18\d\d there are", capsys.readouterr().out)


def test_ranking_needs_no_tensorflow() -> None:
    check = "import sys, nascompile_runtime.derive; sys.exit('tensorflow' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False, cwd=Path(__file__).parents[2]).returncode == 0
