"""A real NNI experiment of trials without TensorFlow, run by the sample's script: its results, and what it leaves."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from real_nni import needs_nni

from nascompile_runtime.lookup import MADE_FOR

SCRIPT = Path(__file__).parents[2] / "samples" / "digits" / "nni_experiment.py"
TRIAL = """\
import math
import os
import time

if SECONDS == 0:  # NNI hands parameters out in the order of asking: the second of two trials that start together
    time.sleep(3 if os.environ.get("NNI_TRIAL_SEQ_ID") == "0" else 0)  # asks before the first

def add(inputs, n, note=""):
    return sum(inputs[0]) + sum(inputs[1]) + n

def broken(inputs):
    raise ValueError("no such kernel")

# @nni.mutable_layer(layer_choice=[add(n=3//3, note='#1'), add(n=2), broken()], fixed_inputs=[10])
h = add([[10], []], n=1)
x = [100]
# @nni.mutable_layer(layer_choice=[add(n=0, note='"')], fixed_inputs=[h], optional_inputs=[x[0//1]],
#                    optional_input_size=1, name="sum")
h = add([[h], [x[0]]], n=0)
# @nni.variable(nni.choice(7), name=width)
width = 0
# @nni.function_choice(math.floor(2.5), name=math.ceil)
rounded = math.ceil(2.5)
print("built", h, width, rounded, flush=True)
time.sleep(SECONDS)
\"\"\"@nni.report_intermediate_result(h / 2)\"\"\"
\"\"\"@nni.report_final_result(h)\"\"\"
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "trial.py").write_text(TRIAL.replace("SECONDS", "0"))
    (tmp_path / "home").mkdir()
    return folder


@pytest.fixture
def run(code: Path) -> Iterator[Callable[..., Run]]:
    """Starts the script, and sees to it that nothing outlives the test."""
    runs: list[Run] = []

    def start(*arguments: str) -> Run:
        runs.append(Run(code, *arguments))
        return runs[-1]

    yield start
    for each in runs:
        each.kill()


class Run:
    """The sample's script in a process of its own. Whatever it starts inherits a home folder that tells it apart."""

    def __init__(self, code: Path, *arguments: str) -> None:
        self.folder = code.parent
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        folders = ["--code", str(code), "--experiments", str(self.folder / "nni"), "--compiled"]
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(SCRIPT),
                *folders,
                str(self.folder / "compiled"),
                "--port",
                str(self.port),
                *arguments,
            ],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder / "home")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def kill(self) -> None:
        """End whatever a failed test has left."""
        self.process.kill()
        self.process.communicate()
        for process in self._processes():
            os.kill(int(process.name), signal.SIGKILL)

    def end(self) -> tuple[int, str]:
        """Wait for the end: the exit status and what was printed."""
        output, _ = self.process.communicate(timeout=240)
        return self.process.returncode, output

    def left(self) -> list[str]:
        """Return what is left: command lines of processes, and the port if anyone listens there."""
        left = []
        for process in self._processes():
            with contextlib.suppress(OSError):  # it ended just now
                left.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                left.append(f"port {self.port}")
        return left

    def _processes(self) -> list[Path]:
        home = f"HOME={self.folder / 'home'}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if home in (process / "environ").read_bytes().split(b"\0"):
                    found.append(process)
        return found

    def metrics(self) -> dict[str, list[tuple[str, float]]]:
        """Return what NNI stored of each trial, in order."""
        (database,) = (self.folder / "nni").glob("[!_]*/db/nni.sqlite")  # not _latest, a link
        stored: dict[str, list[tuple[str, float]]] = {}
        with sqlite3.connect(database) as connection:
            for trial, kind, data in connection.execute("select trialJobId, type, data from MetricData order by rowid"):
                stored.setdefault(trial, []).append((kind, json.loads(json.loads(data))))
        connection.close()
        return stored

    def log(self, name: str) -> list[str]:
        """Return the lines that trials wrote into their logs of a name."""
        logs = sorted((self.folder / "nni").glob(f"[!_]*/environments/local-env/trials/*/{name}"))
        return [line for log in logs for line in log.read_text().splitlines()]


@needs_nni
@pytest.mark.slow
def test_experiment_tries_all_three_architectures_and_shows_the_one_that_fails(
    code: Path, run: Callable[..., Run]
) -> None:
    started = run("--tuner", "TPE", "--trials", "3", "--output", "best.json")
    status, output = started.end()
    assert started.left() == []
    assert status == 1, output
    assert "3 architectures, compiled for mode classic" in output
    rows = sorted(re.findall(r"^ +\d  (SUCCEEDED|FAILED) +(\S+) +\S+  (.*)$", output, re.MULTILINE))
    assert rows == [
        ("FAILED", "none", "nascompile: NNI gets no final result: the trial ended with ValueError: no such kernel"),
        ("SUCCEEDED", "111.0000", "0 0+x[0 // 1] width=7 math.ceil=math.floor(2.5)"),
        ("SUCCEEDED", "112.0000", "1 0+x[0 // 1] width=7 math.ceil=math.floor(2.5)"),
    ], output
    assert sorted(started.metrics().values()) == [
        [("PERIODICAL", 55.5), ("FINAL", 111)],
        [("PERIODICAL", 56.0), ("FINAL", 112)],
    ]
    assert "ValueError: no such kernel" in started.log("trial.stderr")
    assert any(line.endswith("PRINT built 112 7 2") for line in started.log("trial.log"))
    assert sum("NNI has parameters" in line for line in started.log("trial.log")) >= 2

    best = started.folder / "best.json"
    written = json.loads(best.read_text())
    assert written.pop(MADE_FOR).keys() == {"trial"}
    assert written == {
        "trial": {
            "h": {"chosen_layer": "add(n=2)", "chosen_inputs": []},
            "sum": {"chosen_layer": "add(n=0, note='\"')", "chosen_inputs": ["x[0 // 1]"]},
        },
        "trial/width/choice": 7,
        "trial/math.ceil/function_choice": "math.floor(2.5)",
    }
    compile_it = [sys.executable, "-m", "nascompile", str(code), "--mode", "fixed", "--arch", str(best)]
    subprocess.run([*compile_it, "-o", str(started.folder / "fixed")], check=True)
    fixed = subprocess.run(
        [sys.executable, "trial.py"], cwd=started.folder / "fixed", capture_output=True, text=True, check=True
    )
    assert fixed.stdout == "built 112 7 2\n"


@needs_nni
@pytest.mark.slow
def test_experiment_stopped_in_the_middle_leaves_nothing_but_a_compiled_folder_that_runs(
    code: Path, run: Callable[..., Run]
) -> None:
    (code / "trial.py").write_text(TRIAL.replace("SECONDS", "600").replace(", broken()", ""))
    started = run("--tuner", "Random", "--trials", "2")
    deadline = time.monotonic() + 120
    while sum("built" in line for line in started.log("trial.log")) < 2:
        assert time.monotonic() < deadline, started.left()
        assert started.process.poll() is None
        time.sleep(0.2)
    assert any("trial.py" in command for command in started.left())
    started.process.send_signal(signal.SIGTERM)
    status, output = started.end()
    assert started.left() == []
    assert status != 0, output
    assert started.metrics() == {}
    assert "nascompile: NNI gets no final result: the trial ended with KeyboardInterrupt" in started.log("trial.stderr")

    trial = started.folder / "compiled" / "trial.py"
    trial.write_text(trial.read_text().replace("600", "0"))
    alone = subprocess.run([sys.executable, "trial.py"], cwd=trial.parent, capture_output=True, text=True, check=True)
    assert alone.stderr == ""
    assert re.fullmatch(
        r"built (111|112) 7 2\nnascompile: intermediate result 1: \S+\nnascompile: final result: \1\n", alone.stdout
    )


def test_mistake_stops_before_there_is_a_manager(code: Path, run: Callable[..., Run]) -> None:
    (code / "trial.py").write_text(TRIAL.replace("fixed_inputs", "fixd_inputs"))
    started = run()
    status, output = started.end()
    assert (status, started.left()) == (1, [])
    assert re.search(rf"^{code}/trial\.py:\d+:\d+: error", output, re.MULTILINE)
    assert "did you mean `fixed_inputs`?" in output
    assert sorted(path.name for path in started.folder.iterdir()) == ["code", "home"]
