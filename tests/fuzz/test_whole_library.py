"""The compiler over every file of the standard library and of TensorFlow: none is changed, and none makes it crash."""

from __future__ import annotations

import random

import pytest
from fuzz.library import Tally, check_parsed, check_untouched, library_files, mentioning

from nascompile.modes import MODES

SAMPLE = 150


def test_files_without_annotations_come_out_as_they_are() -> None:
    tally = Tally()
    files = [*library_files()]
    for path in files:
        check_untouched(path.read_bytes(), path, tally)
    assert not tally.findings
    assert len(files) > 1000


@pytest.mark.parametrize("mode", MODES)
def test_files_that_must_be_parsed_come_out_as_they_are(mode: str) -> None:
    tally = Tally()
    files = random.Random(f"parsed {mode}").sample([*library_files()], SAMPLE // 4)
    for path in files:
        check_parsed(path.read_bytes(), path, tally, mode)
    assert not tally.findings
    assert tally.identical > len(files) // 2


def test_a_mention_makes_the_compiler_parse_a_file() -> None:
    assert b"@nni" in mentioning(b"x = 1\n")
