"""From the IR to the search space."""

from __future__ import annotations

from collections.abc import Iterable

from nascompile.ir import Annotated, MutableLayers
from nascompile.search_space import LayerSpace, SearchSpace


def build_search_space(annotations: Iterable[Annotated]) -> SearchSpace:
    """Return the search space that the layers of a file span, in the order of the source."""
    blocks = [one.annotation for one in annotations if isinstance(one.annotation, MutableLayers)]
    return SearchSpace(
        {
            block.key: {
                layer.key: LayerSpace(
                    candidates=tuple(one.name for one in layer.candidates),
                    optional_inputs=tuple(one.code for one in layer.optional_inputs),
                    optional_input_size=layer.optional_input_size,
                )
                for layer in block.layers
            }
            for block in blocks
        }
    )
