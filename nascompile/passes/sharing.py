"""Looks at variables and function choices of one name: which share one value, which do not, and which should.

    def train():
        '''@nni.variable(nni.choice(16, 32), name=size, shared=True)'''
        size = 16
    def evaluate():
        '''@nni.variable(nni.choice(16, 32), name=size, shared=True)'''
        size = 16

are one choice, `trial/size/choice`; without `shared` they are two. NNI had one choice for all that is alike in name and
options, so in a file that was written for it two are told of.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import TypeAlias

from nascompile.diagnostics import Reporter, clipped
from nascompile.ir import Annotated, FunctionChoice, Variable

_imports_nni = re.compile(r"^[ \t]*(?:import|from)[ \t]+(?:[\w., \t]*,[ \t]*)?nni\b", re.MULTILINE).search

_Sampled: TypeAlias = Variable | FunctionChoice


def check_sharing(annotations: Sequence[Annotated], text: str, reporter: Reporter) -> None:
    """Report what shares a value and differs; warn of what shared one in NNI and does not here."""
    sampled = [
        (annotated, annotated.annotation)
        for annotated in annotations
        if isinstance(annotated.annotation, Variable | FunctionChoice)
    ]
    shared = {annotation.key for _, annotation in sampled if annotation.shared}
    by_key: dict[str, Hashable] = {}
    for _, annotation in sampled:
        if by_key.setdefault(annotation.key, _choices(annotation)) != _choices(annotation) and annotation.key in shared:
            name = clipped(annotation.name.code)
            message = f"`{name}` shares one value with the one above, and is not sampled in the same way"
            hint = "give both the same options, in the same order, or leave out `shared=True`"
            reporter.error("NC315", message, annotation.name.span, hint)
    if len(by_key) < 2 or not (_imports_nni(text) or any(text[one.site.start] != "#" for one, _ in sampled)):
        return
    first: dict[Hashable, str] = {}
    for _, annotation in sampled:
        alike = (type(annotation), annotation.name.code, _choices(annotation))
        if first.setdefault(alike, annotation.key) != annotation.key:
            name = clipped(annotation.name.code)
            message = f"`{name}` has a value of its own here; in NNI it was that of the `{name}` above"
            hint = "`shared=True` in both makes it one; where two are meant: `# nascompile: ignore[NC712]`"
            reporter.warning("NC712", message, annotation.name.span, hint)


def _choices(sampled: _Sampled) -> Hashable:
    """Return what is chosen among, and how."""
    if isinstance(sampled, FunctionChoice):
        return tuple(candidate.name for candidate in sampled.candidates)
    sampling = sampled.sampling
    options = tuple((type(option.name), option.name) for option in sampling.options)
    return sampling.function, options, sampling.numbers
