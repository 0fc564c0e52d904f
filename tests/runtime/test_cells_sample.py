"""The cells sample, as a user runs it, and what makes it repeat: one annotation, executed once for each cell."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CELLS = Path(__file__).parents[2] / "samples" / "cells"
ARCHITECTURES = CELLS / "architectures"
SMALL = ("--channels", "8", "--cells", "2", "--patch_size", "24", "--learning_rate", "0.008")
NOISE = 20.17  # what the noise alone leaves, in decibels


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NASCOMPILE_")}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def final_score(output: str) -> float:
    return float(re.search(r"final test PSNR (\d+\.\d+) dB, of noise alone 20\.17 dB$", output, re.MULTILINE)[1])  # type: ignore[index]


@pytest.mark.parametrize("mode", ["classic", "enas", "oneshot", "darts", "fixed"])
def test_compiled_sample_learns_in_every_mode(mode: str, tmp_path: Path) -> None:
    plain = str(ARCHITECTURES / "plain.json")
    arch = ("--arch", plain) if mode == "fixed" else ()
    compiled = tmp_path / f"{mode}_trial.py"
    run("-m", "nascompile", str(CELLS / "trial.py"), "--mode", mode, *arch, "-o", str(compiled))
    environment = {"NASCOMPILE_ARCHITECTURE": plain} if mode == "classic" else {}
    done = run(str(compiled), "--steps", "150", *SMALL, cwd=tmp_path, **environment)
    shared = mode in ("enas", "oneshot", "darts")
    assert final_score(done.stdout) > NOISE - shared
    assert (tmp_path / "architectures.json").exists() == shared


def test_best_cell_begins_with_the_score_that_the_supernet_gave_it(tmp_path: Path) -> None:
    search = ("-m", "nascompile", "exec", str(CELLS / "trial.py"), "--mode", "enas", "--", "--steps", "100", *SMALL)
    run(*search, "--save", "supernet", cwd=tmp_path)
    ranking = tmp_path / "architectures.json"
    compile_best = ("-m", "nascompile", str(CELLS / "trial.py"), "--mode", "fixed", "--arch", f"{ranking}#1")
    run(*compile_best, "-o", str(tmp_path / "best.py"))
    done = run("best.py", "--restore", "supernet", "--steps", "0", *SMALL, cwd=tmp_path)
    begun = float(re.search(r"final validation PSNR (\d+\.\d+) dB", done.stdout)[1])  # type: ignore[index]
    assert begun == pytest.approx(json.loads(ranking.read_text())[0]["score"], abs=1e-3)


def test_sample_is_plain_python_too() -> None:
    assert final_score(run(str(CELLS / "trial.py"), "--steps", "150", *SMALL).stdout) > NOISE


def test_architectures_beside_the_sample_fit_its_search_space() -> None:
    from nascompile.api import analyse_source
    from nascompile.search_space import check_architecture

    space = analyse_source((CELLS / "trial.py").read_bytes(), module="samples.cells.trial").search_space
    assert space.size() == 2_250
    for path in sorted(ARCHITECTURES.iterdir()):
        assert check_architecture(json.loads(path.read_text()), space) == []


IN_EVERY_CELL = """
import re, sys
from pathlib import Path
import numpy as np
from nascompile.api import compile_source
from nascompile_runtime.parameters import trial

def built(mode):
    source = Path(sys.argv[1]).read_bytes()
    names = {"__name__": "trial"}
    exec(compile_source(source, module="trial", mode=mode).output, names)
    with names["tf"].Graph().as_default():
        return names["tf"], names["Net"](ch=4, cells=3, learning_rate=0.1)

rng = np.random.RandomState(0)
feed = rng.normal(size=[2, 6, 6, 3])
tf, supernet = built("enas")
assert [space.layer for space in trial().spaces] == ["first", "second", "third"]
with tf.Session(graph=supernet.loss.graph) as session, session.graph.as_default():
    weights = {each.op.name: rng.normal(size=each.shape) for each in tf.trainable_variables()}
    session.run([each.assign(weights[each.op.name]) for each in tf.trainable_variables()])
    shared = supernet.score(session, (feed, feed))
_, alone = built("classic")
with tf.Session(graph=alone.loss.graph) as session, session.graph.as_default():
    mine = [each.op.name for each in tf.trainable_variables()]
    session.run([each.assign(weights[each.op.name]) for each in tf.trainable_variables()])
    np.testing.assert_allclose(alone.score(session, (feed, feed)), shared, rtol=1e-4)
for number in range(3):
    print(sorted(name.removeprefix(f"cell{number}/") for name in mine if name.startswith(f"cell{number}/")))
"""


@pytest.mark.parametrize("name", ["smooth", "plain", "separable"])
def test_every_cell_has_the_same_choice_and_weights_of_its_own(name: str) -> None:
    path = ARCHITECTURES / f"{name}.json"
    done = run("-c", IN_EVERY_CELL, str(CELLS / "trial.py"), NASCOMPILE_ARCHITECTURE=str(path))
    cells = done.stdout.splitlines()
    chosen = {
        layer: choice["chosen_layer"]
        for layers in json.loads(path.read_text()).values()
        for layer, choice in layers.items()
    }
    learnt = {layer for layer, candidate in chosen.items() if "conv" in candidate}
    assert cells == [cells[0]] * 3
    assert {variable.partition("/")[0] for variable in eval(cells[0])} == learnt
