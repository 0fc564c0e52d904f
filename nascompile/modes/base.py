"""What a mode is: one way to write an annotation as code.

A mode lowers an annotation to statements, each in pieces that remember the user's line they come from, so that the
layout can put every piece on that line and a traceback points into the annotation:

    h = _nascompile.conditional("trial/Net.build", "h",              line of the layer
        layer_choice=[_nascompile.candidate("conv()", "h/conv", conv),       line of the first candidate
        _nascompile.candidate("pool()", "h/pool", pool)],                    line of the second
        fixed_inputs=[x])                                                    line of the inputs
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nascompile.diagnostics import Reporter
from nascompile.ir import (
    Annotated,
    CallKind,
    Candidate,
    FunctionChoice,
    Layer,
    MutableLayers,
    Option,
    RuntimeCall,
    Site,
    Variable,
)
from nascompile.passes.names import TensorFlowNames
from nascompile.passes.style import Style

RUNTIME_PACKAGE = "nascompile_runtime.graph"


@dataclass(frozen=True, slots=True)
class Piece:
    """Code that stands on one line, and the line that the user wrote it on; 0 for right below the piece before."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in pieces. Lines may end between two pieces, and before `closing`, its last bracket, if it has one.

    A compound statement (a `with`) needs a line of its own. One that stays in place does not begin before its line,
    although others of its annotation may have to.
    """

    pieces: tuple[Piece, ...]
    closing: str = ""
    compound: bool = False
    in_place: bool = False

    @property
    def line(self) -> int:
        """The user's line that the statement begins on."""
        return self.pieces[0].line


@dataclass(frozen=True, slots=True)
class Value:
    """An expression of one line. More lines fit in before `closing`, its last bracket."""

    code: str
    closing: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a mode knows of the file beside the annotation it lowers."""

    alias: str
    reporter: Reporter
    tensorflow: TensorFlowNames
    style: Style
    architecture: Mapping[str, Any] | None = None
    scopes: bool = True
    mentions_reuse: bool = False


class Mode(ABC):
    """One way to write annotations as code.

    `summary` says in a few words what a layer becomes. `runtime_module` is what the code imports, or None.
    `takes_architecture` says whether the code is that of one architecture, which then must be given.
    """

    name: str
    summary: str
    runtime_module: str | None
    takes_architecture: bool = False

    def lower(self, annotated: Annotated, context: Context) -> tuple[Statement, ...]:
        """Return the statements that stand for an annotation; none where it is removed."""
        annotation = annotated.annotation
        if isinstance(annotation, MutableLayers):
            return tuple(
                self.lower_layer(layer, annotation.key, annotated.site, context) for layer in annotation.layers
            )
        if isinstance(annotation, RuntimeCall):
            return self.lower_call(annotation, annotated.site, context)
        return removed(annotated.site)

    @abstractmethod
    def lower_layer(self, layer: Layer, block: str, site: Site, context: Context) -> Statement:
        """Return the statement that assigns a layer's output."""

    @abstractmethod
    def lower_call(self, call: RuntimeCall, site: Site, context: Context) -> tuple[Statement, ...]:
        """Return the statements of a call."""

    @abstractmethod
    def lower_value(self, sampled: Variable | FunctionChoice, alias: str, context: Context) -> Value | None:
        """Return what stands for the user's expression; None where that stays. `alias` says what the runtime is."""


class RuntimeMode(Mode):
    """A mode whose code is one call of the runtime an annotation; `layer_function` names the graph that it builds."""

    def __init__(self, name: str, summary: str, layer_function: str) -> None:
        self.name = name
        self.summary = summary
        self.layer_function = layer_function
        self.runtime_module = name

    def lower_layer(self, layer: Layer, block: str, site: Site, context: Context) -> Statement:
        head = f"{assigned(layer)} = {context.alias}.{self.layer_function}({quoted(block)}, {quoted(layer.key)},"
        fields = [(name, span.line) for name, span in layer.fields if name not in ("layer_output", "name")]
        pieces = [Piece(head, layer.span.line)]
        for index, (name, line) in enumerate(fields):
            end = "" if index == len(fields) - 1 else ","
            pieces += _joined(name, list(_values(name, layer, context.alias, line)), line, end)
        return Statement(tuple(pieces), ")")

    def lower_call(self, call: RuntimeCall, site: Site, context: Context) -> tuple[Statement, ...]:
        keywords = call.kind in (CallKind.TRAINING_UPDATE, CallKind.DERIVE)  # the others have one argument at most
        head = Piece(f"{context.alias}.{call.kind.value}(", site.span.line)
        arguments = [
            Piece(
                (f"{name}=" if keywords else "") + value.code + ("," if index < len(call.arguments) - 1 else ""),
                value.span.line,
            )
            for index, (name, value) in enumerate(call.arguments)
        ]
        return (Statement((head, *arguments), ")"),)

    def lower_value(self, sampled: Variable | FunctionChoice, alias: str, context: Context) -> Value:
        if isinstance(sampled, FunctionChoice):
            arguments = [_call(candidate, alias) for candidate in sampled.candidates]
            return Value(f"{alias}.function_choice({', '.join([quoted(sampled.key), *arguments])}", ")")
        sampling = sampled.sampling
        arguments = [_option(option, alias) for option in sampling.options] or [repr(one) for one in sampling.numbers]
        return Value(f"{alias}.variable({', '.join([quoted(sampled.key), quoted(sampling.function), *arguments])}", ")")


def removed(site: Site) -> tuple[Statement, ...]:
    """Return the statements that do nothing in the place of an annotation, as few as there may be."""
    if site.alone and not site.only:
        return ()
    if site.alone or site.span.line == site.span.end_line:
        return (Statement((Piece("pass", site.span.line),)),)
    return (Statement((Piece("(", site.span.line),), ")"),)  # does nothing either, but can take several lines


def assigned(layer: Layer) -> str:
    """Return the target of a layer's assignment, with the type that the user declared for it."""
    return f"{layer.output.code}: {layer.declared_type.code}" if layer.declared_type else layer.output.code


def quoted(text: str, quote: str = '"') -> str:
    """Return a string literal, in the given quotes where that needs no escape."""
    return f"{quote}{text}{quote}" if text.isprintable() and not set(text) & {quote, "\\"} else repr(text)


def _call(candidate: Candidate, alias: str) -> str:
    if candidate.is_late:  # what it calls is called only if it is chosen
        return f"{alias}.call({quoted(candidate.name)}, lambda: {candidate.arguments})"
    if not candidate.function:
        return f"{alias}.option({quoted(candidate.name)}, {candidate.arguments})"
    arguments = [quoted(candidate.name), candidate.function, candidate.arguments]
    return f"{alias}.call({', '.join(filter(None, arguments))})"


def _option(option: Option, alias: str) -> str:
    """Return an option by its name where that is its value."""
    code = option.value.code
    return f"{alias}.option({quoted(code)}, {code})" if option.name == code else code


def _joined(name: str, values: list[Piece], line: int, end: str) -> Iterator[Piece]:
    """Yield the pieces of one keyword argument; the layer's size needs no brackets, all else is a list or a dict."""
    opening, closing = (
        ("{", "}") if name == "optional_inputs" else ("", "") if name == "optional_input_size" else ("[", "]")
    )
    if not values:
        yield Piece(f"{name}={opening}{closing}{end}", line)
    for index, value in enumerate(values):
        before = f"{name}={opening}" if index == 0 else ""
        after = f"{closing}{end}" if index == len(values) - 1 else ","
        yield Piece(before + value.text + after, value.line if index or name == "layer_choice" else line)


def _values(name: str, layer: Layer, alias: str, line: int) -> Iterator[Piece]:
    if name == "layer_choice":
        for candidate in layer.candidates:
            arguments = [quoted(candidate.name), quoted(candidate.scope), candidate.function, candidate.arguments]
            yield Piece(f"{alias}.candidate({', '.join(filter(None, arguments))})", candidate.span.line)
    elif name == "fixed_inputs":
        yield from (Piece(one.code, one.span.line) for one in layer.fixed_inputs)
    elif name == "optional_inputs":
        yield from (Piece(f"{quoted(one.code)}: {one.code}", one.span.line) for one in layer.optional_inputs)
    else:
        size = layer.optional_input_size
        yield Piece(str(size) if isinstance(size, int) else str(list(size)), line)
