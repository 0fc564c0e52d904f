"""Finds where an architecture does not fit the layers of a file, each mistake told at what it is about."""

from __future__ import annotations

from collections.abc import Iterable

from nascompile.diagnostics import Reporter, Span
from nascompile.ir import Annotated, MutableLayers, RuntimeCall, Variable
from nascompile.search_space import Mismatch, SearchSpace, check_architecture


def check_fit(architecture: object, annotations: Iterable[Annotated], space: SearchSpace, reporter: Reporter) -> None:
    """Report where a file with layers has no architecture (None) or one that does not lie in its search space.

    Variables without an architecture keep their defaults.
    """
    if not space.keys():
        return
    places = _Places(annotations)
    if architecture is None:
        if not space.blocks:
            return
        message = "mode fixed needs an architecture, which says what each layer becomes"
        hint = "give one with --arch FILE; `nascompile space` shows what it must hold"
        reporter.error("NC403", message, places.of(Mismatch(message)), hint)
        return
    for mismatch in check_architecture(architecture, space):
        message = f"the architecture does not fit: {mismatch.message}"
        reporter.error("NC402", message, places.of(mismatch), mismatch.hint)


class _Places:
    """Where a file declares its search space."""

    def __init__(self, annotations: Iterable[Annotated]) -> None:
        chosen = [(one.annotation, one.site) for one in annotations if not isinstance(one.annotation, RuntimeCall)]
        self._annotations = sorted(chosen, key=lambda one: not isinstance(one[0], MutableLayers))

    def of(self, mismatch: Mismatch) -> Span:
        """Return the place of what a mismatch is about: a field of a layer, a layer, a block, or else the first one."""
        annotation, site = next(
            (one for one in self._annotations if one[0].key == mismatch.block), self._annotations[0]
        )
        if isinstance(annotation, Variable):
            return annotation.sampling.span
        for layer in annotation.layers if isinstance(annotation, MutableLayers) else ():
            if layer.key == mismatch.layer:
                return dict(layer.fields).get(mismatch.field or "", layer.output.span)
        return site.span
