"""Turns a parsed annotation into what it means: fields and arguments checked by name and form, all mistakes reported.

mutable_layer(layer_choice=[conv(size=1)], layer_output=h)   ->   MutableLayers((Layer((Candidate(...),), ...),))
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

import libcst as cst

from nascompile.diagnostics import Reporter, did_you_mean
from nascompile.frontend.layer import Field, parse_layer
from nascompile.frontend.payload import Payload
from nascompile.ir import Annotation, CallKind, Expression, MutableLayers, RuntimeCall

_PARAMETERS: Mapping[CallKind, tuple[str, ...]] = {
    CallKind.GET_NEXT_PARAMETER: ("session",),
    CallKind.TRAINING_UPDATE: ("tf", "session", "loss", "feed_dict"),
    CallKind.REPORT_INTERMEDIATE_RESULT: ("metric",),
    CallKind.REPORT_FINAL_RESULT: ("metric",),
}
_REQUIRED = {"metric"}


def parse_annotation(payload: Payload, below: Expression | None, reporter: Reporter) -> Annotation | None:
    """Return what an annotation means, mistakes reported; None where too little of it can be understood.

    `below` is the target of the assignment right below a comment: the output of a last layer that names none.
    """
    if payload.name in ("mutable_layers", "mutable_layer"):
        return _parse_layers(payload, below, reporter)
    return _parse_call(CallKind(payload.name), payload, reporter)


def _parse_layers(payload: Payload, below: Expression | None, reporter: Reporter) -> MutableLayers | None:
    """Return the layers of a block; None where there is not one."""
    if not payload.arguments:
        reporter.error(
            "NC205", f"`@nni.{payload.name}` has no layers", payload.span, hint="give layer_choice and layer_output"
        )
        return None
    entries = _layer_entries(payload, reporter)
    layers = [
        parse_layer(payload, node, fields, below if index == len(entries) - 1 else None, reporter)
        for index, (node, fields) in enumerate(entries)
    ]
    return MutableLayers(tuple(layers)) if layers else None


def _layer_entries(payload: Payload, reporter: Reporter) -> list[tuple[cst.CSTNode, list[Field]]]:
    """Return the fields of each layer: of each dict, or of the keywords, which are one layer together."""
    if all(argument.keyword for argument in payload.arguments):
        fields = [Field(one.keyword.value, one.keyword, one.value) for one in payload.arguments if one.keyword]
        return [(payload.arguments[0], fields)]
    entries: list[tuple[cst.CSTNode, list[Field]]] = []
    for argument in payload.arguments:
        if argument.keyword or argument.star or not isinstance(argument.value, cst.Dict):
            reporter.error(
                "NC206",
                "a layer is a dict of fields",
                payload.span_of(argument),
                hint="write `{layer_choice: […], layer_output: name}`, or fields as keywords and no dict",
            )
            continue
        entries.append((argument.value, _dict_fields(payload, argument.value, reporter)))
    return entries


def _dict_fields(payload: Payload, entry: cst.Dict, reporter: Reporter) -> list[Field]:
    fields = []
    for element in entry.elements:
        key = element.key if isinstance(element, cst.DictElement) else None
        if isinstance(key, cst.Name):
            fields.append(Field(key.value, key, element.value))
        elif isinstance(key, cst.SimpleString):
            fields.append(Field(str(ast.literal_eval(key.value)), key, element.value))
        else:
            reporter.error("NC206", "the key of a field is its name", payload.span_of(key or element))
    return fields


def _parse_call(kind: CallKind, payload: Payload, reporter: Reporter) -> RuntimeCall | None:
    """Return a runtime call with its arguments bound to their names."""
    parameters = _PARAMETERS[kind]
    bound: dict[str, Expression] = {}
    valid = True

    def mistake(code: str, message: str, node: cst.CSTNode, hint: str | None = None) -> None:
        nonlocal valid
        valid = False
        reporter.error(code, message, payload.span_of(node), hint)

    for index, argument in enumerate(payload.arguments):
        name = argument.keyword.value if argument.keyword else None
        if argument.star:
            mistake("NC206", f"`@nni.{kind.value}` takes no `{argument.star}` arguments", argument)
        elif name is None and index >= len(parameters):
            mistake(
                "NC207",
                f"`@nni.{kind.value}` takes at most {len(parameters)} argument(s): {', '.join(parameters)}",
                argument,
            )
        elif name is not None and name not in parameters:
            mistake(
                "NC203",
                f"`@nni.{kind.value}` has no argument `{name}`",
                argument.keyword or argument,
                did_you_mean(name, parameters),
            )
        elif (name := name or parameters[index]) in bound:
            mistake("NC204", f"argument `{name}` is given twice", argument)
        else:
            bound[name] = payload.expression(argument.value)
    for name in parameters:
        if name in _REQUIRED and name not in bound and valid:
            reporter.error("NC205", f"`@nni.{kind.value}` needs the {name} to report", payload.span)
            valid = False
    return RuntimeCall(kind, tuple(bound.items())) if valid else None
