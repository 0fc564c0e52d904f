"""Annotations at statement positions of real files: every promise holds, whatever stands around them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz.insertion import find_places, insert
from fuzz.positions import MODES, ODDITIES, Options, Tally, check_file, check_insertion, default_files
from fuzz.promises import BrokenPromise, check_promises

SMALL = 60_000


@pytest.mark.parametrize(
    "path", [path for path in default_files()[1:] if path.stat().st_size < SMALL], ids=lambda path: path.name
)
def test_annotations_keep_every_promise(path: Path) -> None:
    tally = Tally()
    check_file(path, Options(together=25, alone=6), tally)
    assert not tally.findings
    assert tally.annotations > tally.compiled


def test_every_position_of_the_oddities() -> None:
    tally = Tally()
    check_file(ODDITIES, Options(together=1000, alone=16), tally)
    assert not tally.findings


BROKEN = [
    ("a byte outside of annotations", b"y = 2", b"y = 3"),
    ("a byte beside an annotation", b"; z = 3", b" ; z = 3"),
    ("a line", b"y = 2\n", b"y = 2\n\n"),
    ("a second import", b"y = 2", b"from nascompile_runtime.graph import enas as _nascompile; y = 2"),
    ("an expansion over a line too many", b"report_final_result(x)", b"report_final_result(x\n)"),
    ("a use above the import", b"import os", b"import os; _nascompile"),
    ("a suite", b"    _nascompile", b"_nascompile"),
]


@pytest.mark.parametrize(("before", "after"), [pair[1:] for pair in BROKEN], ids=[pair[0] for pair in BROKEN])
def test_broken_outputs_are_recognised(before: bytes, after: bytes) -> None:
    source = b'import os\nif os:\n    """@nni.report_final_result(x)"""; z = 3\ny = 2\n'
    output = source.replace(b'"""@nni.report_final_result(x)"""', b"_nascompile.report_final_result(x)")
    output = b"from nascompile_runtime.graph import enas as _nascompile; " + output
    start = source.index(b'"""')
    annotated = [(start, source.index(b";"))]
    check_promises(source, output, annotated, "enas")
    assert before in output
    with pytest.raises((BrokenPromise, SyntaxError)):
        check_promises(source, output.replace(before, after), annotated, "enas")


def test_insertions_are_where_they_say() -> None:
    data = ODDITIES.read_bytes()
    places = find_places(data)
    assert len(places) > 100
    inserted = insert(data, places, ["report", "report_comment"], random.Random(0))
    for start, end in inserted.annotated:
        assert b"@nni.report" in inserted.data[start:end]
    assert inserted.data.count(b"@nni.") == len(inserted.annotated)
    assert check_insertion(inserted, MODES[0]) is None
