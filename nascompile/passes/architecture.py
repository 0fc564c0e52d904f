"""Finds where an architecture does not fit the layers of a file, each mistake told at what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nascompile.diagnostics import Reporter, Span
from nascompile.ir import Annotated, MutableLayers, RuntimeCall, Variable
from nascompile.search_space import Mismatch, SearchSpace, check_architecture, fit_architecture


def fitting(
    architecture: Mapping[str, Any] | None, annotations: Iterable[Annotated], space: SearchSpace, reporter: Reporter
) -> Mapping[str, Any] | None:
    """Return what an architecture says of a file, under the file's own keys; None where it cannot be used.

    It is reported where a file with layers has none (None), or one that does not lie in its search space. Variables
    without an architecture keep their defaults.
    """
    if not space.keys():
        return architecture
    places = _Places(annotations)
    if architecture is None:
        if not space.blocks:
            return None
        message = "mode fixed needs an architecture, which says what each layer becomes"
        hint = "give one with --arch FILE; `nascompile space` shows what it must hold"
        reporter.error("NC403", message, places.of(Mismatch(message)), hint)
        return None
    mismatches = check_architecture(architecture, space)
    for mismatch in mismatches:
        if mismatch.is_error:
            message = f"the architecture does not fit: {mismatch.message}"
            reporter.error(mismatch.code, message, places.of(mismatch), mismatch.hint)
        else:
            reporter.warning(mismatch.code, mismatch.message, places.of(mismatch), mismatch.hint)
    fits = not any(mismatch.is_error for mismatch in mismatches)
    return fit_architecture(architecture, space) if fits else None


class _Places:
    """Where a file declares its search space."""

    def __init__(self, annotations: Iterable[Annotated]) -> None:
        chosen = [(one.annotation, one.site) for one in annotations if not isinstance(one.annotation, RuntimeCall)]
        self._annotations = sorted(chosen, key=lambda one: not isinstance(one[0], MutableLayers))

    def of(self, mismatch: Mismatch) -> Span:
        """Return the place of what a mismatch is about: a field of a layer, a layer, a block, or else the first one."""
        about = [one for one in self._annotations if one[0].key == mismatch.block] or self._annotations
        for annotation, _ in about:
            if isinstance(annotation, Variable):
                return annotation.sampling.span
            for layer in annotation.layers if isinstance(annotation, MutableLayers) else ():
                if layer.key == mismatch.layer:
                    return dict(layer.fields).get(mismatch.field or "", layer.output.span)
        return about[0][1].span
