"""From the IR to the search space."""

from __future__ import annotations

from collections.abc import Iterable

from nascompile.ir import Annotated, FunctionChoice, MutableLayers, Variable
from nascompile.search_space import LayerSpace, SearchSpace
from nascompile.variable_space import VariableSpace


def build_search_space(annotations: Iterable[Annotated]) -> SearchSpace:
    """Return the search space that the layers and variables of a file span, in the order of the source."""
    blocks: dict[str, dict[str, LayerSpace]] = {}
    variables: dict[str, VariableSpace] = {}
    for annotated in annotations:
        match annotated.annotation:
            case MutableLayers() as block:
                blocks.setdefault(block.key, {}).update(_layers(block))
            case Variable() as variable:
                sampling = variable.sampling
                arguments = tuple(one.name for one in sampling.options) or sampling.numbers
                variables[variable.key] = VariableSpace(sampling.function, arguments)
            case FunctionChoice() as choice:
                names = tuple(one.name for one in choice.candidates)
                variables[choice.key] = VariableSpace("choice", names)
    return SearchSpace(blocks, variables)


def _layers(block: MutableLayers) -> dict[str, LayerSpace]:
    return {
        layer.key: LayerSpace(
            candidates=tuple(one.name for one in layer.candidates),
            optional_inputs=tuple(one.code for one in layer.optional_inputs),
            optional_input_size=layer.optional_input_size,
        )
        for layer in block.layers
    }
