"""Parses the text of an annotation into a LibCST call whose nodes know where in the file they were written.

@nni.mutable_layers({layer_choice: [conv(size=1)], layer_output: h})   ->   Payload("mutable_layers", <Call>, ...)
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from nascompile.diagnostics import Reporter, Span, did_you_mean
from nascompile.frontend.payload_text import PayloadText
from nascompile.frontend.scan import PREFIX, Found
from nascompile.ir import Expression
from nascompile.lines import Lines

SUPPORTED = (
    "mutable_layers",
    "mutable_layer",
    "get_next_parameter",
    "training_update",
    "report_intermediate_result",
    "report_final_result",
)
PLANNED = ("variable", "function_choice", "begin_evaluation", "end_evaluation", "derive")
_NAME = re.compile(r"\w*")


@dataclass(frozen=True, slots=True)
class Payload:
    """An annotation's name and arguments, and what finds the source and the place of each of its nodes."""

    name: str
    arguments: tuple[cst.Arg, ...]
    span: Span
    _module: cst.Module
    _positions: Mapping[cst.CSTNode, CodeRange]
    _inner: Lines
    _text: PayloadText
    _outer: Lines

    def span_of(self, node: cst.CSTNode) -> Span:
        """Return where a node was written in the file."""
        where = self._positions[node]
        start = self._inner.start(where.start.line) + where.start.column
        end = self._inner.start(where.end.line) + where.end.column
        return self._outer.span(self._text.start_offset(start + 1), self._text.end_offset(end + 1))

    def expression(self, node: cst.BaseExpression | cst.StarredElement) -> Expression:
        """Return a node's code, normalised to one line, and its place."""
        return Expression(normalised(self._module.code_for_node(node)), self.span_of(node))

    def parsed(self, node: cst.BaseExpression) -> ast.expr:
        """Return a node as Python parses it."""
        return _parse(self._module.code_for_node(node))


def parse_payload(found: Found, lines: Lines, reporter: Reporter) -> Payload | None:
    """Return the call that an annotation is; report what keeps it from being one."""
    text = found.text
    name = _NAME.match(text.text, len(PREFIX))
    if name is None or not _check_name(name[0], _span(found, lines, len(PREFIX), name.end()), reporter):
        return None
    code = text.text[1:]  # without the @: what is left is Python
    problem = _syntax_error(code)
    if problem is not None:
        message, index, end = problem
        reporter.error("NC201", f"invalid syntax in the annotation: {message}", _span(found, lines, index + 1, end + 1))
        return None
    module = MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True)
    call = _sole_call(module.module)
    if call is None:
        hint = "write one call and nothing else" if "(" in code else f"add the brackets: `@{code.strip()}()`"
        whole = _span(found, lines, 0, len(text.text.rstrip()))
        reporter.error("NC201", f"`@nni.{name[0]}` is not a call", whole, hint=hint)
        return None
    positions = module.resolve(PositionProvider)
    span = _span(found, lines, len(PREFIX), name.end())
    return Payload(name[0], tuple(call.args), span, module.module, positions, Lines(code), text, lines)


def normalised(code: str) -> str:
    """Return an expression in the one form that keys and generated code use: one line, canonical spaces and quotes."""
    if code.lstrip().startswith("*"):
        return "*" + normalised(code.lstrip()[1:])
    return ast.unparse(_parse(code))


def _parse(code: str) -> ast.expr:
    return ast.parse(f"({code}\n)", mode="eval").body


def _check_name(name: str, span: Span, reporter: Reporter) -> bool:
    if name in PLANNED:
        reporter.error("NC208", f"`@nni.{name}` is not supported yet", span)
    elif name not in SUPPORTED:
        reporter.error("NC202", f"unknown annotation `@nni.{name}`", span, hint=did_you_mean(name, SUPPORTED + PLANNED))
    return name in SUPPORTED


def _span(found: Found, lines: Lines, start: int, end: int) -> Span:
    """Return the place of a stretch of an annotation's text, at least one character wide."""
    first = found.text.start_offset(start)
    return lines.span(first, max(first + 1, found.text.end_offset(end)))


def _syntax_error(code: str) -> tuple[str, int, int] | None:
    """Return Python's message and the stretch of code it is about, or None where the code parses."""
    inner = Lines(code)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
        cst.parse_module(code)
    except SyntaxError as error:
        start = _index(inner, error.lineno, error.offset)
        end = _index(inner, error.end_lineno, error.end_offset)
        return error.msg, start, max(end, start + 1)
    except (RecursionError, MemoryError):
        return "nested too deeply", 0, 1
    except ValueError as error:  # a NUL byte
        return str(error), 0, 1
    except cst.ParserSyntaxError as error:
        start = _index(inner, error.raw_line, error.raw_column + 1)
        return "not understood", start, start + 1
    return None


def _index(inner: Lines, line: int | None, offset: int | None) -> int:
    """Return the index of a place that a SyntaxError gives, kept inside the text."""
    if not line or not offset or offset < 1:
        return 0
    return max(0, min(inner.start(line) + offset - 1, len(inner.text.rstrip()) - 1))


def _sole_call(module: cst.Module) -> cst.Call | None:
    if len(module.body) != 1 or not isinstance(line := module.body[0], cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    statement = line.body[0]
    if not isinstance(statement, cst.Expr) or not isinstance(call := statement.value, cst.Call):
        return None
    return call if isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name) else None
