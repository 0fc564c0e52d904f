"""Finds layers and variables that their keys do not tell apart: by a mistake in their names, or for want of names.

# @nni.mutable_layer(layer_choice=[conv(), pool()])
h = conv([[x], []])
# @nni.mutable_layer(layer_choice=[conv(), pool()])      the second `h` of its function: their order alone tells which
h = conv([[h], []])                                      is which, until each has a `name`
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from nascompile.diagnostics import Reporter, clipped
from nascompile.ir import Annotated, FunctionChoice, Layer, MutableLayers, Variable

_Sampled: TypeAlias = Variable | FunctionChoice


def check_keys(annotations: Iterable[Annotated], reporter: Reporter) -> None:
    """Report names of layers that others have, and warn of what is told apart by its order alone.

    A mistake leaves open what things are called, so with one there is no such warning.
    """
    is_right = not reporter.has_errors
    layers: defaultdict[tuple[str, str], list[Layer]] = defaultdict(list)
    sampled: defaultdict[tuple[tuple[str, ...], str, str], list[_Sampled]] = defaultdict(list)
    for annotated in annotations:
        match annotated.annotation:
            case MutableLayers(layers=entries, key=block):
                for layer in entries:
                    layers[block, layer.own_name].append(layer)
            case Variable(shared=True) | FunctionChoice(shared=True):
                pass
            case Variable() as variable:
                sampled[annotated.site.scope, variable.name.code, variable.sampling.function].append(variable)
            case FunctionChoice() as choice:
                sampled[annotated.site.scope, choice.name.code, "call"].append(choice)
    for (block, name), alike in layers.items():
        if any(layer.name for layer in alike):
            _check_named(block, name, alike, reporter)
        elif is_right:
            _check_unnamed(block, name, alike, reporter)
    for several in sampled.values() if is_right else ():
        _check_sampled(several, reporter)


def _check_unnamed(block: str, name: str, alike: Sequence[Layer], reporter: Reporter) -> None:
    if len(alike) > 1 and any(layer.has_choice for layer in alike):
        message = (
            f"{len(alike)} layers of `{clipped(block)}` have the output `{clipped(name)}`, and only their order tells "
            "them apart: when one is added, removed or changed, older architectures are refused"
        )
        hint = 'give each a name that stays: `name="first"`, `name="second"` … (in a dict, `name: "first"`)'
        reporter.warning("NC715", message, alike[1].output.span, hint)


def _check_named(block: str, name: str, alike: Sequence[Layer], reporter: Reporter) -> None:
    """Report each layer that has the name of another one, at the name, with the place of that one."""
    for second in alike[1:]:
        named, other = (second, alike[0]) if second.name else (alike[0], second)
        place = dict(named.fields).get("name", named.span)
        what = "name" if other.name else "output"
        message = f"another layer of `{clipped(block)}` has the {what} `{clipped(name)}`, on line {other.span.line}"
        reporter.error("NC317", message, place, "architectures could not tell the two apart: take another name")


def _check_sampled(several: Sequence[_Sampled], reporter: Reporter) -> None:
    if len(several) == 1:
        return
    name = clipped(several[0].name.code)
    is_call = isinstance(several[0], FunctionChoice)
    what = f"the function `{name}` is chosen" if is_call else f"`{name}` is sampled"
    message = (
        f"{what} {len(several)} times here, and only the order tells the choices apart: when one is added, removed or "
        "changed, older architectures are refused"
    )
    hint = "put them into functions of their own" if is_call else "sample into variables of different names"
    reporter.warning("NC715", message, several[1].name.span, hint)
