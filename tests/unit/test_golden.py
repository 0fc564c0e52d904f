"""The cases of tests/golden in every mode, and the compiler's promises on each of them."""

from __future__ import annotations

import json

import pytest
from golden_cases import CASES, MODES, Case, check_golden
from promises import check_promises

from nascompile.api import compile_source
from nascompile.diagnostics import render_text

each_case = pytest.mark.parametrize("case", CASES, ids=str)
each_mode = pytest.mark.parametrize("mode", MODES)


@each_mode
@each_case
def test_output_is_golden(case: Case, mode: str, update_golden: bool) -> None:
    compiled = case.compiled(mode)
    assert compiled.output is not None, compiled.diagnostics
    check_golden(case.folder / f"{mode}.py", compiled.output, update_golden)


@each_case
def test_warnings_are_golden(case: Case, update_golden: bool) -> None:
    """Those of enas, and behind them what only other modes have to say."""
    said = dict.fromkeys(one for mode in ("enas", *MODES) for one in case.compiled(mode).diagnostics)
    text = "".join(f"{render_text(diagnostic)}\n" for diagnostic in said)
    path = case.folder / "warnings.txt"
    if text or path.exists():
        check_golden(path, text.encode(), update_golden)


@each_case
def test_search_space_is_golden(case: Case, update_golden: bool) -> None:
    space = json.dumps(case.analysed().search_space.to_json(), indent=2, ensure_ascii=False)
    check_golden(case.folder / "search_space.json", f"{space}\n".encode(), update_golden)


@each_mode
@each_case
def test_golden_keeps_every_promise(case: Case, mode: str) -> None:
    check_promises(case.input, case.golden(mode))


@each_mode
@each_case
def test_compiling_a_golden_again_changes_nothing(case: Case, mode: str) -> None:
    golden = case.golden(mode)
    again = compile_source(golden, module="input", mode=mode)
    assert again.output == golden
    assert not again.search_space.blocks


@pytest.mark.parametrize(("mode", "newline"), [("enas", b"\r\n"), ("fixed", b"\r")])
@pytest.mark.parametrize("case", [case for case in CASES if b"\r" not in case.input], ids=str)
def test_other_newlines_change_nothing_else(case: Case, mode: str, newline: bytes) -> None:
    data, architecture = case.input.replace(b"\n", newline), case.architecture()
    compiled = compile_source(data, module="input", mode=mode, architecture=architecture)
    assert compiled.output == case.golden(mode).replace(b"\n", newline)


@each_case
def test_fixed_without_scopes_keeps_every_promise(case: Case) -> None:
    architecture = case.architecture()
    compiled = compile_source(case.input, module="input", mode="fixed", architecture=architecture, scopes=False)
    assert compiled.output is not None
    check_promises(case.input, compiled.output)
    assert compiled.output.count(b"variable_scope(") == case.input.count(b"variable_scope(")


@each_case
def test_search_space_is_the_same_in_every_mode(case: Case) -> None:
    spaces = [case.compiled(mode).search_space for mode in MODES]
    assert all(space == case.analysed().search_space for space in spaces)


def test_cases_are_complete() -> None:
    files = {"input.py", "search_space.json", *(f"{mode}.py" for mode in MODES)}
    assert len(CASES) >= 30
    for case in CASES:
        names = {path.name for path in case.folder.iterdir()}
        assert names - {"architecture.json", "warnings.txt", "__pycache__"} == files


def test_promises_are_checked_at_all() -> None:
    source = b'x = 1\n"""@nni.get_next_parameter()"""\ny = 2\n'
    for broken in (
        source,
        b"x = 1\n\n\ny = 2\n",
        b"x = 1\n\nz = 2\n",
        b"x = 1\n\ny  = 2\n",
        b"x = 1; z = 2\n\ny = 2\n",
        b"x = 1\r\n\r\ny = 2\r\n",
        b"# coding: latin-1\n\ny = 2\n",
    ):
        with pytest.raises(AssertionError):
            check_promises(source, broken)
    check_promises(source, b"x = 1\n\ny = 2\n")
    check_promises(source, b"from nascompile_runtime.graph import enas as _n; x = 1\n_n.get_next_parameter()\ny = 2\n")
