"""Trials that call NNI in code run compiled, with NNI installed or without, on the same state as annotations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from real_nni import needs_nni

from nascompile.api import compile_source
from nascompile_runtime import nni_finder, parameters
from nascompile_runtime import nni_stand_in as nni
from nascompile_runtime.backends.nni import open_backend
from nascompile_runtime.backends.nni_channel import RecordedChannel
from nascompile_runtime.graph import classic

TRIAL = b"""import nni
from nni import report_final_result

# @nni.variable(nni.choice(1, 2), name=x)
x = 0
params = nni.get_next_parameter()
nni.report_intermediate_result(x)
report_final_result({"default": len(params)})
print(nni.get_trial_id(), nni.get_sequence_id(), nni.__name__, hasattr(nni, "Experiment"))
"""
WITHOUT_NNI = """
import importlib.machinery, sys
find = importlib.machinery.PathFinder.find_spec
importlib.machinery.PathFinder.find_spec = lambda name, *rest: None if name == "nni" else find(name, *rest)
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), {"__name__": "__main__"})
"""


def run(tmp_path: Path, source: bytes, mode: str, *, installed: bool, **environment: str) -> str:
    output = compile_source(source, module="trial", mode=mode).output
    assert output is not None
    path = tmp_path / "trial.py"
    path.write_bytes(output)
    command = [str(path)] if installed else ["-c", WITHOUT_NNI, str(path)]
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, env=variables, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("mode", ["classic", "enas"])
def test_trial_runs_without_nni(tmp_path: Path, mode: str) -> None:
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"trial/x/choice": 2, "lr": 0.1, "b": 1}), encoding="utf-8")
    out = run(tmp_path, TRIAL, mode, installed=False, NASCOMPILE_ARCHITECTURE=str(given))
    assert "intermediate result 1: 2\n" in out
    assert "final result" in out
    assert out.splitlines()[-2].endswith(": 3"), "the given architecture is what get_next_parameter returns"
    assert out.endswith("STANDALONE 0 nni False\n")


@needs_nni
def test_real_nni_wins_where_it_is_installed(tmp_path: Path) -> None:
    assert run(tmp_path, TRIAL, "classic", installed=True).endswith("STANDALONE 0 nni True\n")


UNANNOTATED = [
    b"import nni\nprint(nni.choice(3), nni.get_next_parameter())\n",
    b"def main():\n    import nni\n    print(nni.choice(3), nni.get_next_parameter())\nmain()\n",
    b"class A:\n    def main():\n        if 1: from nni import choice; import nni\n"
    b"        print(choice(3), nni.get_next_parameter())\nA.main()\nassert not hasattr(A, '_nascompile')\n",
    b"'''Doc.'''\nimport os, nni as n\nprint(n.choice(3), n.get_next_parameter())\n",
]


@pytest.mark.parametrize("source", UNANNOTATED)
def test_file_without_annotations_runs_without_nni(tmp_path: Path, source: bytes) -> None:
    assert run(tmp_path, source, "classic", installed=False) == "3 {}\n"


@pytest.mark.parametrize("source", UNANNOTATED)
def test_compiling_again_changes_nothing(source: bytes) -> None:
    once = compile_source(source, mode="oneshot").output
    assert once is not None
    assert once != source
    assert once.count(b"\n") == source.count(b"\n")
    assert compile_source(once, mode="oneshot").output == once


@pytest.mark.parametrize(
    "source",
    [
        b"import nnita, minni\n",
        b"# import nni\nx = 'import nni'\n",
        b"from .nni import choice\nfrom . import nni\n",
        b"import nni as (\n",
        b"\xff import nni\n",
        b"from nascompile_runtime.graph import classic; import nni\n",
    ],
)
def test_files_that_do_not_import_nni_stay_as_they_are(source: bytes) -> None:
    for mode in ("classic", "darts"):
        assert compile_source(source, mode=mode).output == source


def test_fixed_code_has_no_trace_of_us() -> None:
    assert compile_source(UNANNOTATED[0], mode="fixed").output == UNANNOTATED[0]


def test_direct_and_annotated_requests_are_of_one_sequence(monkeypatch: Any, tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text(json.dumps([{"m/x/choice": number} for number in (1, 2, 3)]), encoding="utf-8")
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(given))
    for supernet in ("enas", "oneshot", "darts"):  # other tests of this process may have loaded them
        monkeypatch.delitem(sys.modules, f"nascompile_runtime.graph.{supernet}", raising=False)
    parameters.reset()
    values: list[Any] = [nni.get_current_parameter(), nni.get_next_parameter()["m/x/choice"]]
    values.append(classic.variable("m/x/choice", "choice", 1, 2, 3))
    classic.get_next_parameter()
    values.append(nni.get_current_parameter("m/x/choice"))
    values.append(nni.get_next_parameter()["m/x/choice"])
    assert values == [None, 1, 1, 2, 3]


def test_sampled_values_keep_to_their_functions() -> None:
    options = ["a", 1, True, None, [1]]
    assert nni.choice(*options, name="x") in options
    assert nni.choice(*options, name="x") == nni.choice(*options, name="x")
    assert nni.function_choice(lambda: "f", lambda: "g", name="y") in ("f", "g")
    assert nni.randint(1, 3) in (1, 2)
    assert nni.quniform(0, 1, 0.5) in (0, 0.5, 1)
    numbers = [nni.uniform(0, 1), nni.loguniform(1, 2), nni.normal(0, 1), nni.lognormal(0, 1)]
    numbers += [nni.qloguniform(1, 9, 2), nni.qnormal(0, 9, 2), nni.qlognormal(0, 1, 2)]
    assert all(isinstance(number, float) for number in numbers)
    assert len({nni.uniform(0, 1) for _ in range(5)}) == 5, "calls without a name are told apart"


def test_what_the_stand_in_lacks_is_said() -> None:
    with pytest.raises(AttributeError, match=r"knows no 'Experiment'; it is part of NNI: pip install"):
        _ = nni.Experiment


def test_the_stand_in_is_no_experiment(monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("NNI_PLATFORM", "local")
    monkeypatch.setitem(sys.modules, "nni", nni)
    assert nni_finder.is_stand_in(nni)
    assert open_backend() is None
    assert "nni cannot be imported (it is not installed)" in capsys.readouterr().err


class FakeChannel:
    def __init__(self) -> None:
        self.asked = 0
        self.sent: list[Any] = []

    def receive_parameter(self) -> Any:
        self.asked += 1
        return {"parameter_id": 1, "parameters": {"lr": 0.1}} if self.asked == 1 else None

    def send_metric(self, **metric: Any) -> None:
        self.sent.append(metric)


def test_all_who_ask_in_an_experiment_get_the_same_parameters(monkeypatch: Any) -> None:
    fake = FakeChannel()
    channel = RecordedChannel(nni, fake, "http://nowhere/env/x", "trial")
    monkeypatch.setattr(channel, "_recorded", lambda: None)
    assert channel.receive_parameter() == channel.receive_parameter() == {"parameter_id": 1, "parameters": {"lr": 0.1}}
    assert fake.asked == 1
    channel.send_metric(type="PERIODICAL", value=1)
    assert not channel.heard_final
    channel.send_metric(type="FINAL", value=1)
    assert channel.heard_final
    assert len(fake.sent) == 2
