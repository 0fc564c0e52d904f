"""Every sampling function, in both carriers, for every kind of target, in every mode."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nascompile.api import analyse_source, compile_source
from nascompile.modes import MODES
from nascompile.variable_space import PARAMETERS
from nascompile_runtime import parameters

# The annotation's call, what generated code says for it, a value in an architecture, and that value as code.
FUNCTIONS: dict[str, tuple[str, str, Any, str]] = {
    "choice": ("0.5, 'a', f(x)", "0.5, 'a', _nascompile.option(\"f(x)\", f(x))", "f(x)", "f(x)"),
    "randint": ("1, upper=5", "1, 5", 3, "3"),
    "uniform": ("0, 1 / 2", "0, 0.5", 0.25, "0.25"),
    "quniform": ("0, q=2, high=10", "0, 10, 2", 4, "4.0"),
    "loguniform": ("1e-4, .1", "0.0001, 0.1", 0.01, "0.01"),
    "qloguniform": ("1, 10 ** 2, 10", "1, 100, 10", 20, "20.0"),
    "normal": ("-1, 2", "-1, 2", -3, "-3.0"),
    "qnormal": ("0, 1, 0.5", "0, 1, 0.5", 1.5, "1.5"),
    "lognormal": ("mu=0, sigma=1", "0, 1", 7.5, "7.5"),
    "qlognormal": ("0, 1, 1", "0, 1, 1", 2, "2.0"),
}
# What is named, the assignment around the value, and what reads it again.
TARGETS = {
    "name": ("lr", "lr = {}", "lr"),
    "attribute": ("net.lr", "net.lr = {}", "net.lr"),
    "subscript": ("options['lr', 0]", "options['lr', 0] = {}", "options['lr', 0]"),
    "annotated name": ("lr", "lr: float = {}", "lr"),
    "annotated attribute": ("net.lr", "net.lr: 'a rate' = {}", "net.lr"),
    "one of several targets": ("lr", "net.lr = lr = options[0] = {}", "net.lr"),
}
CARRIERS = {"string": "'''@nni.variable({})'''\n", "comment": "# @nni.variable({})\n"}
BEFORE = "f = repr; x = 1; options = {}; net = type('Net', (), {})\n"


def test_all_functions_are_tried() -> None:
    assert FUNCTIONS.keys() == PARAMETERS.keys()


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("target", TARGETS)
def test_value_goes_to_the_target(
    function: str, carrier: str, target: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    arguments, emitted, value, constant = FUNCTIONS[function]
    name, assignment, read = TARGETS[target]
    annotation = CARRIERS[carrier].format(f"nni.{function}({arguments}), name={name}")
    source = (BEFORE + annotation + assignment.format("DEFAULT  # it") + "\n").encode()
    key = f"trial/{name}/{function}"
    assert [*analyse_source(source, module="trial").search_space.variables] == [key]
    for mode in MODES:
        architecture = {key: value} if mode == "fixed" else None
        output = compile_source(source, module="trial", mode=mode, architecture=architecture).output
        assert output is not None
        before, removed, compiled, _ = output.decode().split("\n")
        quoted = json.dumps(key)
        call = constant if mode == "fixed" else f'_nascompile.variable({quoted}, "{function}", {emitted})'
        assert compiled == assignment.format(f"{call}  # it")
        header = "" if mode == "fixed" else f"from nascompile_runtime.graph import {mode} as _nascompile; "
        assert (before + "\n", removed) == (header + BEFORE, "")
    given = tmp_path / "architecture.json"
    given.write_text(json.dumps({key: value}))
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", str(given))
    for mode in ("classic", "fixed"):
        parameters.reset()
        output = compile_source(source, module="trial", mode=mode, architecture={key: value}).output
        assert output is not None
        names: dict[str, Any] = {}
        exec(output, names)
        result = eval(read, names)
        assert repr(result) == repr(eval(constant, names))
