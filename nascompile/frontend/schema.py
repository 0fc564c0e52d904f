"""Turns a parsed annotation into what it means: fields and arguments checked by name and form, all mistakes reported.

mutable_layer(layer_choice=[conv(size=1)], layer_output=h)   ->   MutableLayers((Layer((Candidate(...),), ...),))
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

import libcst as cst

from nascompile.diagnostics import Reporter, clipped, did_you_mean
from nascompile.frontend.layer import FIELDS, Default, Entry, Field, parse_layer
from nascompile.frontend.payload import Payload
from nascompile.frontend.variable import parse_function_choice, parse_variable
from nascompile.ir import Annotation, CallKind, Expression, MutableLayers, RuntimeCall

_PARAMETERS: Mapping[CallKind, tuple[str, ...]] = {
    CallKind.GET_NEXT_PARAMETER: ("session",),
    CallKind.TRAINING_UPDATE: ("tf", "session", "loss", "feed_dict", "train_feed_dict"),
    CallKind.REPORT_INTERMEDIATE_RESULT: ("metric",),
    CallKind.REPORT_FINAL_RESULT: ("metric",),
    CallKind.BEGIN_EVALUATION: ("session",),
    CallKind.END_EVALUATION: ("session",),
    CallKind.DERIVE: ("session", "metric", "feed_dict", "samples", "top", "output", "recalibrate"),
}
_REQUIRED: Mapping[CallKind, tuple[str, str]] = {
    CallKind.REPORT_INTERMEDIATE_RESULT: ("metric", "the metric to report"),
    CallKind.REPORT_FINAL_RESULT: ("metric", "the metric to report"),
    CallKind.BEGIN_EVALUATION: ("session", "the session that evaluates"),
    CallKind.END_EVALUATION: ("session", "the session that evaluates"),
    CallKind.DERIVE: ("metric", "the metric to rank by"),
}


def parse_annotation(payload: Payload, default: Default | None, reporter: Reporter) -> Annotation | None:
    """Return what an annotation means, mistakes reported; None where too little of it can be understood.

    `default` is what the statement right below a comment gives to its last layer; None for a string.
    """
    if payload.name in ("mutable_layers", "mutable_layer"):
        return _parse_layers(payload, default, reporter)
    if payload.name == "variable":
        return parse_variable(payload, reporter)
    if payload.name == "function_choice":
        return parse_function_choice(payload, reporter)
    return _parse_call(CallKind(payload.name), payload, reporter)


def _parse_layers(payload: Payload, default: Default | None, reporter: Reporter) -> MutableLayers | None:
    """Return the layers of a block; None where there is not one."""
    if not payload.arguments:
        hint = f"write `@nni.{payload.name}({{layer_choice: [conv(), pool()], layer_output: h}})`"
        reporter.error("NC205", f"`@nni.{payload.name}` has no layers", payload.span, hint)
        return None
    keywords = [argument for argument in payload.arguments if argument.keyword or argument.star == "**"]
    if len(keywords) == len(payload.arguments):
        entries = [_keyword_entry(payload, reporter)]
    else:
        entries = _dict_entries(payload, reporter)
    layers = [
        parse_layer(payload, entry, default if index == len(entries) - 1 else None, reporter)
        for index, entry in enumerate(entries)
    ]
    return MutableLayers(tuple(layers)) if layers else None


def _keyword_entry(payload: Payload, reporter: Reporter) -> Entry:
    """Return the one layer whose fields are keywords."""
    fields = []
    for argument in payload.arguments:
        if argument.keyword:
            fields.append(Field(argument.keyword.value, argument.keyword, argument.value))
        else:
            _report_unpacked(argument, payload, reporter)
    complete = len(fields) == len(payload.arguments)
    return Entry(payload.arguments[0], payload.span, fields, "=", complete)


def _dict_entries(payload: Payload, reporter: Reporter) -> list[Entry]:
    """Return the layers that are dicts; of all other arguments the first is reported."""
    others = [one for one in payload.arguments if one.keyword or one.star or not isinstance(one.value, cst.Dict)]
    mixed = 0 < len(others) < len(payload.arguments) and all(one.keyword for one in others)
    if others:
        message, hint = _not_a_dict(others[0].value, mixed)
        reporter.error("NC206", message, payload.span_of(others[0]), hint)
    entries = []
    for argument in payload.arguments:
        if argument not in others:
            layer = cst.ensure_type(argument.value, cst.Dict)
            fields = _dict_fields(payload, layer, reporter)
            complete = len(fields) == len(layer.elements) and not mixed
            entries.append(Entry(layer, payload.span_of(layer), fields, ": ", complete))
    return entries


def _not_a_dict(value: cst.BaseExpression, mixed: bool) -> tuple[str, str]:
    """Return message and hint about an argument that is no layer."""
    if mixed:
        return "the fields of a layer must stand in one dict", "move it into the braces, and write it with `:`"
    hint = "write `{layer_choice: [conv(), pool()], layer_output: h}`"
    if isinstance(value, cst.List | cst.Tuple) and any(isinstance(one.value, cst.Dict) for one in value.elements):
        hint = "write the dicts one after the other, without brackets around them"
    elif isinstance(value, cst.Set):
        hint = "write each field as `name: value`"
    return "a layer must be a dict of fields", hint


def _dict_fields(payload: Payload, entry: cst.Dict, reporter: Reporter) -> list[Field]:
    fields = []
    for element in entry.elements:
        key = element.key if isinstance(element, cst.DictElement) else None
        if isinstance(key, cst.Name):
            fields.append(Field(key.value, key, element.value))
        elif isinstance(key, cst.SimpleString):
            fields.append(Field(str(ast.literal_eval(key.value)), key, element.value))
        elif key is None:
            _report_unpacked(element, payload, reporter)
        else:
            hint = f"the fields of a layer are {', '.join(FIELDS)}"
            reporter.error("NC206", "a field must begin with its name", payload.span_of(key), hint)
    return fields


def _report_unpacked(node: cst.CSTNode, payload: Payload, reporter: Reporter) -> None:
    hint = "write them one by one, so that the compiler knows them"
    reporter.error("NC206", "the fields of a layer must be written out", payload.span_of(node), hint)


def _parse_call(kind: CallKind, payload: Payload, reporter: Reporter) -> RuntimeCall | None:
    """Return a runtime call with its arguments bound to their names."""
    parameters = _PARAMETERS[kind]
    name = f"`@nni.{kind.value}`"
    shown = ", ".join(f"{one}=…" for one in parameters) if len(parameters) > 1 else parameters[0]
    known = f"write `@nni.{kind.value}({shown})`"
    bound: dict[str, Expression] = {}
    valid = True

    def mistake(code: str, message: str, node: cst.CSTNode, hint: str) -> None:
        nonlocal valid
        valid = False
        reporter.error(code, message, payload.span_of(node), hint)

    for index, argument in enumerate(payload.arguments):
        keyword = argument.keyword
        if argument.star:
            mistake("NC206", f"{name} takes no `{argument.star}` arguments", argument, known)
        elif keyword is None and index >= len(parameters):
            plural = "" if len(parameters) == 1 else "s"
            mistake("NC207", f"{name} takes at most {len(parameters)} argument{plural}", argument, known)
        elif keyword is not None and keyword.value not in parameters:
            message = f"{name} has no argument `{clipped(keyword.value)}`"
            mistake("NC203", message, keyword, did_you_mean(keyword.value, parameters) or known)
        elif (parameter := keyword.value if keyword else parameters[index]) in bound:
            mistake("NC204", f"argument `{parameter}` is given twice", keyword or argument, "remove one of the two")
        else:
            bound[parameter] = payload.expression(argument.value)
    required, meaning = _REQUIRED.get(kind, (None, None))
    if valid and required and required not in bound:
        reporter.error("NC205", f"{name} needs {meaning}", payload.span, known)
        return None
    return RuntimeCall(kind, tuple(bound.items())) if valid else None
