"""The proof refuses every output that breaks a promise, whatever a broken emitter may write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nascompile.api import compile_source
from nascompile.diagnostics import CompilerBug
from nascompile.emit import rewrite as emitter
from nascompile.emit.rewrite import Edit

SOURCE = """\
import os
'''@nni.report_final_result(1)'''
y = 2
'''@nni.report_final_result(2)'''; z = 3
def f():
    x = 1
    '''@nni.report_final_result(3)'''
    w = 4
'''@nni.report_final_result(4)'''
def g():
    return 5
for i in x:
    '''@nni.report_final_result(5)'''
    v = 6
else:
    u = 7
# @nni.report_final_result(6)
"""
IMPORT, FIRST, INLINE, INNER, ABOVE_DEF, IN_LOOP, LAST = range(7)
Change = Callable[[list[Edit]], list[Edit]]


def _texts(texts: dict[int, str]) -> Change:
    return lambda edits: [replace(edit, text=texts.get(index, edit.text)) for index, edit in enumerate(edits)]


def _moved(index: int, start: int = 0, end: int = 0) -> Change:
    def change(edits: list[Edit]) -> list[Edit]:
        edits[index] = replace(edits[index], start=edits[index].start + start, end=edits[index].end + end)
        return edits

    return change


BROKEN: dict[str, Change] = {
    "a line too many": _texts({FIRST: "a = (1,\n2)"}),
    "the next statement in a string": _texts({FIRST: "a = '''", INLINE: "'''"}),
    "the next statement in brackets": _texts({FIRST: "a = [", INLINE: "]"}),
    "the next statement behind a continuation": _texts({FIRST: "a = \\"}),
    "the next statement in a comment": _texts({INLINE: "a = 1 #"}),
    "the next statement in a suite": _texts({INLINE: "if a: b"}),
    "the next statement of a function elsewhere": _texts({INNER: "if a: b = 1; w = [", ABOVE_DEF: "]"}),
    "a decorator for the next definition": _texts({ABOVE_DEF: "@f"}),
    "a definition around the next one": _texts({ABOVE_DEF: "class A: b = 1; c = [\\"}),
    "an annotation": _texts({INNER: '"""@nni.report_final_result(3)"""'}),
    "an annotation in a comment": _texts({IN_LOOP: "pass  # @nni.report_final_result(3)\n".rstrip()}),
    "an expansion in a comment": _texts({LAST: "# a = 1"}),
    "an import in a comment": _texts({IMPORT: "# "}),
    "no Python": _texts({LAST: "a b"}),
    "an else of its own": _texts({IN_LOOP: "if a: b\n    else:"}),
    "the annotation and the end of the line before it": _moved(FIRST, start=-1),
    "the annotation and the beginning of what follows": _moved(INLINE, end=3),
    "only a part of the annotation": _moved(FIRST, start=2),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_broken_output_is_refused(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    real = emitter.rewrite
    monkeypatch.setattr(emitter, "rewrite", lambda *arguments: change(real(*arguments)))
    with pytest.raises(CompilerBug):
        compile_source(SOURCE.encode(), mode="enas")


def test_source_of_the_broken_outputs_compiles() -> None:
    assert compile_source(SOURCE.encode(), mode="enas").ok
