"""Turns the fields of one layer into a `Layer`.

layer_choice: [conv(size=1), pool()], fixed_inputs: [x], optional_inputs: [a, b], optional_input_size: [0, 1],
layer_output: h
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from difflib import get_close_matches

import libcst as cst

from nascompile.diagnostics import Reporter, Span, clipped, did_you_mean
from nascompile.frontend.payload import Payload
from nascompile.frontend.spelling import normalised
from nascompile.ir import Candidate, Expression, Layer

FIELDS = ("layer_choice", "fixed_inputs", "optional_inputs", "optional_input_size", "layer_output", "name")
_REQUIRED = ("layer_choice", "layer_output")
_LONG = FIELDS[:-1]  # whatever is not one of these is near to `name`, which is short
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as written: its name, the node of the name, and its value."""

    name: str
    key: cst.CSTNode
    value: cst.BaseExpression


@dataclass(frozen=True, slots=True)
class Entry:
    """A layer as written: its fields, what joins their names and values, and where to say that one is missing.

    `complete` says that all its fields could be read, so that one which is not among them is missing.
    """

    node: cst.CSTNode
    place: Span
    fields: list[Field]
    joint: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Default:
    """What the last layer of a comment annotation may leave to the assignment right below it: its output.

    Without a target, `refusal` says why the assignment cannot stand for a layer, at `place`, and `hint` how it can.
    """

    target: Expression | None = None
    refusal: str | None = None
    place: Span | None = None
    hint: str | None = None


def parse_layer(payload: Payload, entry: Entry, default: Default | None, reporter: Reporter) -> Layer:
    """Return the layer that an entry describes; mistakes are reported, and what they leave open is left empty."""
    return _LayerParser(payload, entry, default, reporter).parse()


def parse_candidate(payload: Payload, node: cst.Call) -> Candidate:
    """Return the operation that a call in an annotation is."""
    call = payload.parsed(node)
    assert isinstance(call, ast.Call)
    function = normalised(call.func)
    if not isinstance(call.func, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        function = f"({function})"
    arguments = [normalised(one) for one in call.args]
    arguments += [
        f"{one.arg}={normalised(one.value)}" if one.arg else f"**{normalised(one.value)}" for one in call.keywords
    ]
    span, names = payload.span_of(node), payload.names_in(node, call)
    return Candidate(normalised(call), function, ", ".join(arguments), span, names, written=payload.written(node))


class _LayerParser:
    """Parses one layer, going on after a mistake so that all of them are found."""

    def __init__(self, payload: Payload, entry: Entry, default: Default | None, reporter: Reporter) -> None:
        self._payload = payload
        self._entry = entry
        self._default = default
        self._reporter = reporter
        self._all_known = entry.complete and all(one.name in FIELDS for one in entry.fields)

    def parse(self) -> Layer:
        known = self._known_fields()
        span = self._payload.span_of(self._entry.node)
        if "layer_output" in known:
            output = self._output(known["layer_output"].value)
        else:
            output = self._default.target if self._default else None
        optional_inputs = self._inputs(known["optional_inputs"]) if "optional_inputs" in known else ()
        size = self._size(known["optional_input_size"].value) if "optional_input_size" in known else None
        size_span = None
        if size is not None and optional_inputs is not None and (self._all_known or "optional_inputs" in known):
            size_span = self._payload.span_of(known["optional_input_size"].value)
        if size is not None and not optional_inputs and size_span is not None:
            if "optional_inputs" not in known and size != 0:
                self._warn_of_size(size_span)
            size = 0  # NNI's own trials write `optional_inputs: [], optional_input_size: 1`
        return Layer(
            candidates=self._candidates(known["layer_choice"].value) if "layer_choice" in known else (),
            output=output or Expression("_", span),
            span=span,
            fields=tuple((name, self._payload.span_of(one.key)) for name, one in known.items()),
            fixed_inputs=(self._inputs(known["fixed_inputs"]) or ()) if "fixed_inputs" in known else (),
            optional_inputs=optional_inputs or (),
            optional_input_size=size or 0,
            size_span=size_span,
            name=self._name(known["name"].value) if "name" in known else "",
        )

    def _warn_of_size(self, place: Span) -> None:
        message = "`optional_input_size` says how many are chosen, and there are no optional inputs"
        hint = f"give `optional_inputs`, or say that there are none: `optional_inputs{self._entry.joint}[]`"
        self._reporter.warning("NC711", message, place, hint)

    def _mistake(self, code: str, message: str, node: cst.CSTNode, hint: str | None = None) -> None:
        self._reporter.error(code, message, self._payload.span_of(node), hint)

    def _known_fields(self) -> dict[str, Field]:
        """Return the known fields by name. Unknown ones are reported, and so is what is missing beside them."""
        known: dict[str, Field] = {}
        unknown = []
        for one in self._entry.fields:
            if one.name not in FIELDS:
                unknown.append(one)
            elif one.name in known:
                self._mistake("NC204", f"field `{one.name}` is given twice", one.key, "remove one of the two")
            else:
                known[one.name] = one
        meant = {near for one in unknown for near in get_close_matches(one.name, _LONG, n=1)}
        missing = [name for name in _REQUIRED if name not in known.keys() | meant and not self._by_default(name)]
        if "optional_inputs" in known and "optional_input_size" not in known.keys() | meant:
            missing.append("optional_input_size")
        for one in unknown:
            hint = did_you_mean(one.name, _LONG)
            if hint is None and missing:  # one mistake: what is missing goes by that name here
                hint = f"`{missing.pop(0)}` is missing: is this it?"
            self._unknown(one, hint or f"the fields of a layer are {', '.join(FIELDS)}")
        if self._entry.complete:
            self._report_missing(missing, known)
        return known

    def _unknown(self, one: Field, hint: str) -> None:
        self._mistake("NC203", f"unknown field `{clipped(one.name)}`", one.key, hint)

    def _by_default(self, name: str) -> bool:
        return name == "layer_output" and self._default is not None and self._default.target is not None

    def _report_missing(self, missing: list[str], known: dict[str, Field]) -> None:
        joint = self._entry.joint
        if "layer_choice" in missing:
            hint = f"list its candidates: `layer_choice{joint}[conv(), pool()]`"
            self._reporter.error("NC205", "a layer needs `layer_choice`", self._entry.place, hint)
        if "layer_output" in missing:
            name = f"name the variable that takes its output: `layer_output{joint}h`"
            if self._default is None:
                self._reporter.error("NC205", "a layer needs `layer_output`", self._entry.place, name)
            elif self._default.refusal and self._default.place:
                hint = self._default.hint or name
                self._reporter.error("NC306", self._default.refusal, self._default.place, hint)
            else:
                hint = f"{name}; or put the comment right above the assignment of its default"
                self._reporter.error("NC205", "a layer needs `layer_output`", self._entry.place, hint)
        if "optional_input_size" in missing:
            hint = f"say how many are chosen: `optional_input_size{joint}1`, or `[0, 1]` for none or one"
            self._mistake("NC205", "`optional_inputs` needs `optional_input_size`", known["optional_inputs"].key, hint)

    def _elements(self, name: str, value: cst.BaseExpression) -> list[cst.BaseElement] | None:
        if isinstance(value, cst.List | cst.Tuple):
            return list(value.elements)
        hint = "write it in square brackets: `[…]`"
        if isinstance(value, cst.Name | cst.Attribute | cst.Call):
            hint = f"write `[{clipped(self._payload.expression(value).code)}]`"
        if name == "layer_choice" and not isinstance(value, cst.Call | cst.Set):
            hint = "write the candidates out, so that the compiler knows them"
        self._mistake("NC206", f"`{name}` must be a list", value, hint)
        return None

    def _candidates(self, value: cst.BaseExpression) -> tuple[Candidate, ...]:
        elements = self._elements("layer_choice", value)
        if elements is not None and not elements:
            self._mistake("NC304", "`layer_choice` is empty", value, "a layer needs at least one candidate: `[conv()]`")
        candidates = []
        for element in elements or ():
            if isinstance(element, cst.Element) and isinstance(element.value, cst.Call):
                candidates.append(parse_candidate(self._payload, element.value))
            elif isinstance(element, cst.StarredElement):
                self._mistake("NC206", "candidates must be listed one by one", element, "an unpacked list hides them")
            else:
                self._mistake("NC206", "a candidate must be a call", element.value, self._as_call(element.value))
        return tuple(candidates)

    def _as_call(self, value: cst.BaseExpression) -> str:
        """Return how a candidate that is no call is turned into one."""
        if isinstance(value, cst.SimpleString | cst.ConcatenatedString):
            return "remove the quotes"
        if isinstance(value, cst.Lambda):
            return "define a function and call it: `name()`; its inputs are put first"
        if isinstance(value, cst.Name | cst.Attribute):
            return f"write `{clipped(self._payload.expression(value).code)}()`; its inputs are put first"
        return "write `conv(size=3)`; its inputs are put first"

    def _inputs(self, field: Field) -> tuple[Expression, ...] | None:
        """Return the inputs; None where not all of them could be read."""
        elements = self._elements(field.name, field.value)
        inputs = []
        for element in elements or ():
            if isinstance(element, cst.Element):
                inputs.append(self._payload.expression(element.value))
            elif field.name == "fixed_inputs":
                one = self._payload.expression(element.value)
                starred = ast.Starred(self._payload.parsed(element.value), ast.Load())
                written = f"*{one.written}"
                inputs.append(Expression(normalised(starred), self._payload.span_of(element), one.names, written))
            else:
                hint = "an architecture names those that are chosen"
                self._mistake("NC206", "optional inputs must be listed one by one", element, hint)
        return tuple(inputs) if elements is not None and len(inputs) == len(elements) else None

    def _size(self, value: cst.BaseExpression) -> int | tuple[int, int] | None:
        node = self._payload.parsed(value)
        try:
            size = ast.literal_eval(node)
        except (ValueError, TypeError):
            size = None
        match size:
            case int() if not isinstance(size, bool):
                return size
            case [int(low), int(high)] if not isinstance(low, bool) and not isinstance(high, bool):
                return low, high
        hint = "the smallest and the largest number of inputs, or one number for both"
        if isinstance(size, str):
            hint = "remove the quotes"
        elif isinstance(node, ast.Name | ast.Attribute | ast.Call):
            hint = "write the number itself, so that the compiler knows it"
        self._mistake("NC206", "`optional_input_size` must be an int or `[low, high]`", value, hint)
        return None

    def _name(self, value: cst.BaseExpression) -> str:
        node = self._payload.parsed(value)
        written = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        if written is not None and _NAME.fullmatch(written):
            return written
        if written is not None:
            hint = "use letters, digits, `_`, `.` and `-`, a letter or digit first"
            self._mistake("NC206", f"{clipped(repr(written))} cannot be the name of a layer", value, hint)
            return ""
        hint = f'write `"{node.id}"`' if isinstance(node, ast.Name) else 'write `"stem"`'
        self._mistake("NC206", "`name` must be a text, which stands for the layer in architectures", value, hint)
        return ""

    def _output(self, value: cst.BaseExpression) -> Expression | None:
        node = self._payload.parsed(value)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return self._payload.expression(value)
        hint = None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            hint = "remove the quotes"
        elif isinstance(node, ast.List | ast.Tuple):
            hint = "a layer has one output; take it apart in the next statement"
        self._mistake("NC305", "`layer_output` must be a name, an attribute or a subscript", value, hint)
        return None
