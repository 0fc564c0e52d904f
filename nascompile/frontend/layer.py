"""Turns the fields of one layer into a `Layer`.

layer_choice: [conv(size=1), pool()], fixed_inputs: [x], optional_inputs: [a, b], optional_input_size: [0, 1],
layer_output: h
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import get_close_matches

import libcst as cst

from nascompile.diagnostics import Reporter, did_you_mean
from nascompile.frontend.payload import Payload
from nascompile.ir import Candidate, Expression, Layer

FIELDS = ("layer_choice", "fixed_inputs", "optional_inputs", "optional_input_size", "layer_output")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as written: its name, the node of the name, and its value."""

    name: str
    key: cst.CSTNode
    value: cst.BaseExpression


def parse_layer(
    payload: Payload, entry: cst.CSTNode, fields: list[Field], below: Expression | None, reporter: Reporter
) -> Layer:
    """Return the layer that the fields describe; mistakes are reported, and what they leave open is left empty."""
    return _LayerParser(payload, entry, below, reporter).parse(fields)


class _LayerParser:
    """Parses one layer, going on after a mistake so that all of them are found."""

    def __init__(self, payload: Payload, entry: cst.CSTNode, below: Expression | None, reporter: Reporter) -> None:
        self._payload = payload
        self._entry = entry
        self._below = below
        self._reporter = reporter

    def parse(self, fields: list[Field]) -> Layer:
        known, meant = self._known_fields(fields)
        self._check_missing(known, meant)
        span = self._payload.span_of(self._entry)
        output = self._output(known["layer_output"].value) if "layer_output" in known else self._below
        return Layer(
            candidates=self._candidates(known["layer_choice"].value) if "layer_choice" in known else (),
            output=output or Expression("_", span),
            span=span,
            fields=tuple((name, self._payload.span_of(one.key)) for name, one in known.items()),
            fixed_inputs=self._inputs(known["fixed_inputs"]) if "fixed_inputs" in known else (),
            optional_inputs=self._inputs(known["optional_inputs"]) if "optional_inputs" in known else (),
            optional_input_size=self._size(known["optional_input_size"].value) if "optional_input_size" in known else 0,
        )

    def _mistake(self, code: str, message: str, node: cst.CSTNode, hint: str | None = None) -> None:
        self._reporter.error(code, message, self._payload.span_of(node), hint)

    def _known_fields(self, fields: list[Field]) -> tuple[dict[str, Field], set[str]]:
        """Return the known fields by name, and the names that unknown ones seem to mean."""
        known: dict[str, Field] = {}
        meant: set[str] = set()
        for one in fields:
            if one.name not in FIELDS:
                meant.update(get_close_matches(one.name, FIELDS, n=1))
                hint = did_you_mean(one.name, FIELDS) or f"a layer has {', '.join(FIELDS)}"
                self._mistake("NC203", f"unknown field `{one.name}`", one.key, hint)
            elif one.name in known:
                self._mistake("NC204", f"field `{one.name}` is given twice", one.key)
            else:
                known[one.name] = one
        return known, meant

    def _check_missing(self, known: dict[str, Field], meant: set[str]) -> None:
        given = known.keys() | meant
        if "layer_choice" not in given:
            self._mistake(
                "NC205", "a layer needs `layer_choice`", self._entry, "list the candidates: `[conv(), pool()]`"
            )
        if "layer_output" not in given and self._below is None:
            hint = "name the variable that takes the output, or put the comment right above its assignment"
            self._mistake("NC205", "a layer needs `layer_output`", self._entry, hint)
        if "optional_inputs" in known and "optional_input_size" not in given:
            hint = "an int, or `[low, high]`"
            self._mistake("NC205", "`optional_inputs` needs `optional_input_size`", known["optional_inputs"].key, hint)

    def _elements(self, name: str, value: cst.BaseExpression) -> list[cst.BaseElement]:
        if isinstance(value, cst.List | cst.Tuple):
            return list(value.elements)
        self._mistake("NC206", f"`{name}` is a list", value, hint="write it in brackets: `[…]`")
        return []

    def _candidates(self, value: cst.BaseExpression) -> tuple[Candidate, ...]:
        candidates = []
        for element in self._elements("layer_choice", value):
            if isinstance(element, cst.Element) and isinstance(element.value, cst.Call):
                candidates.append(self._candidate(element.value))
            else:
                hint = "a candidate is called with its inputs first: write `conv(size=3)`, or `conv()`"
                self._mistake("NC206", "a candidate is a call", element, hint)
        if isinstance(value, cst.List | cst.Tuple) and not value.elements:
            self._mistake("NC304", "`layer_choice` has no candidate", value)
        return tuple(candidates)

    def _candidate(self, node: cst.Call) -> Candidate:
        call = self._payload.parsed(node)
        assert isinstance(call, ast.Call)
        function = ast.unparse(call.func)
        if not isinstance(call.func, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            function = f"({function})"
        arguments = [ast.unparse(one) for one in call.args]
        arguments += [
            f"{one.arg}={ast.unparse(one.value)}" if one.arg else f"**{ast.unparse(one.value)}" for one in call.keywords
        ]
        return Candidate(ast.unparse(call), function, ", ".join(arguments), self._payload.span_of(node))

    def _inputs(self, field: Field) -> tuple[Expression, ...]:
        inputs = []
        for element in self._elements(field.name, field.value):
            if isinstance(element, cst.Element):
                inputs.append(self._payload.expression(element.value))
            elif isinstance(element, cst.StarredElement) and field.name == "fixed_inputs":
                inner = self._payload.expression(element.value)
                inputs.append(Expression(f"*{inner.code}", self._payload.span_of(element)))
            else:
                self._mistake("NC206", "optional inputs are named one by one", element)
        return tuple(inputs)

    def _size(self, value: cst.BaseExpression) -> int | tuple[int, int]:
        match self._constant(value):
            case int(size):
                return size
            case [int(low), int(high)]:
                return low, high
        self._mistake("NC206", "`optional_input_size` is an int or `[low, high]`", value)
        return 0

    def _constant(self, value: cst.BaseExpression) -> object:
        try:
            constant = ast.literal_eval(self._payload.parsed(value))
        except ValueError:
            return None
        numbers = constant if isinstance(constant, list | tuple) else [constant]
        return None if any(isinstance(one, bool) for one in numbers) else constant

    def _output(self, value: cst.BaseExpression) -> Expression | None:
        if isinstance(value, cst.Name | cst.Attribute | cst.Subscript):
            return self._payload.expression(value)
        self._mistake("NC305", "`layer_output` is a name, an attribute or a subscript", value)
        return None
