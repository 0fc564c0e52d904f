"""Finds what an architecture says of blocks and variables that no file has: it would be ignored, typing errors too.

    {"trial/build": {...}, "trial/build/l_r/choice": 0.01}       the file has `trial/build/lr/choice`

A file that is compiled alone is asked about its own module: the others' blocks stand beside its own. A key of another
time or place, as `lookup` reads it, is no typing error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nascompile.diagnostics import Diagnostic, Severity, clipped, did_you_mean
from nascompile.lookup import Lookup
from nascompile.search_space import SearchSpace


def check_unknown(
    architecture: Mapping[str, object], space: SearchSpace, modules: Mapping[str, str], *, is_all: bool
) -> Iterator[Diagnostic]:
    """Yield a warning for each key of an architecture that nothing has.

    `modules` are those of the files, with their paths. `is_all` says that there are no others.
    """
    lookup = Lookup(architecture)
    lookup.settle(space.blocks, space.variables)
    for block in space.blocks:
        lookup.blocks(block)
    for variable in space.variables:
        lookup.variable(variable)
    missing = [key for key in (*space.blocks, *space.variables) if not lookup.known_as(key)]
    for key in lookup.left_over():
        module = key.partition("/")[0]
        if not (is_all or module in modules):
            continue
        what = "block" if isinstance(architecture[key], Mapping) else "variable"
        path = modules.get(module) or next(iter(modules.values()))
        message = f"the architecture holds the {what} `{clipped(key)}`, which no file has: it changes nothing"
        hint = did_you_mean(key, missing) or "remove it, or choose the architecture anew"
        yield Diagnostic("NC710", message, path, hint=hint, severity=Severity.WARNING)
