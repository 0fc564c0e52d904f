"""Every call that a golden file makes fits the function of the runtime that it calls."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache

import pytest
from golden_cases import CASES, Case

RUNTIME_MODES = ("classic", "enas", "oneshot", "darts")


@pytest.mark.parametrize("mode", RUNTIME_MODES)
def test_every_call_binds_to_the_runtime(mode: str) -> None:
    called = set()
    for case in CASES:
        tree = ast.parse(case.golden(mode))
        aliases = _aliases(tree, mode, case)
        for call in _calls(tree, aliases):
            function = call.func.attr  # type: ignore[attr-defined]
            _bind(_signature(mode, function), call, f"{case}, line {call.lineno}")
            called.add(function)
        assert bool(aliases) == (case.golden(mode) != case.input)
    assert called >= {
        "candidate",
        "derive",
        "get_next_parameter",
        "report_final_result",
        "report_intermediate_result",
        "training_update",
        "begin_evaluation",
        "end_evaluation",
        "variable",
        "option",
        "function_choice",
        "call",
    }
    assert len(called) == 13, "and the function that builds a layer"


@pytest.mark.parametrize("mode", RUNTIME_MODES)
def test_layers_are_described_by_literals(mode: str) -> None:
    for case in CASES:
        tree = ast.parse(case.golden(mode))
        for call in _calls(tree, _aliases(tree, mode, case)):
            if any(keyword.arg == "layer_choice" for keyword in call.keywords):
                _check_layer(call)


def test_mode_fixed_calls_nothing_of_ours() -> None:
    for case in CASES:
        own = {node.id for node in ast.walk(ast.parse(case.input)) if isinstance(node, ast.Name)}
        now = {node.id for node in ast.walk(ast.parse(case.golden("fixed"))) if isinstance(node, ast.Name)}
        assert not {name for name in now - own if "nascompile" in name}
        assert b"nascompile_runtime" not in case.golden("fixed")


@cache
def _signature(mode: str, function: str) -> inspect.Signature:
    return inspect.signature(getattr(importlib.import_module(f"nascompile_runtime.graph.{mode}"), function))


def _aliases(tree: ast.Module, mode: str, case: Case) -> set[str]:
    """Return what a file calls the runtime: one name, however often it imports it."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node.names[0] for node in imports if node.module == "nascompile_runtime.graph"]
    assert all(one.name == mode for one in ours)
    aliases = {one.asname for one in ours if one.asname}
    assert len(aliases) <= 1, case
    return aliases


def _calls(tree: ast.Module, aliases: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in aliases:
                yield node
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="__import__")))):
                yield node


def _bind(signature: inspect.Signature, call: ast.Call, where: str) -> None:
    positional = [one for one in call.args if not isinstance(one, ast.Starred)]
    named = {one.arg: one.value for one in call.keywords if one.arg}
    try:
        signature.bind(*positional, **named)
    except TypeError as error:
        pytest.fail(f"{where}: {ast.unparse(call)[:200]}: {error}")


def _check_layer(call: ast.Call) -> None:
    """Fail unless block and layer are strings, and the fields have the types that the runtime documents."""
    assert [type(ast.literal_eval(one)) for one in call.args] == [str, str]
    for field in call.keywords:
        match field.arg, field.value:
            case "layer_choice", ast.List(elts=candidates):
                for one in candidates:
                    assert isinstance(one, ast.Call)
                    assert [type(ast.literal_eval(text)) for text in one.args[:2]] == [str, str]
            case "fixed_inputs", ast.List():
                pass
            case "optional_inputs", ast.Dict(keys=keys):
                assert all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys)
            case "optional_input_size", size:
                assert isinstance(ast.literal_eval(size), int | list)
            case _:
                pytest.fail(f"not a field of a layer: {ast.unparse(field)}")
