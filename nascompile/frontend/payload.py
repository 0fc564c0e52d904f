"""Parses the text of an annotation into a LibCST call whose nodes know where in the file they were written.

@nni.mutable_layers({layer_choice: [conv(size=1)], layer_output: h})   ->   Payload("mutable_layers", <Call>, ...)
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from nascompile.diagnostics import Reporter, Span, clipped, did_you_mean
from nascompile.frontend.call import parse_call
from nascompile.frontend.lookups import free_names
from nascompile.frontend.mistake import Mistake
from nascompile.frontend.payload_text import PayloadText
from nascompile.frontend.scan import PREFIX, Found
from nascompile.frontend.spelling import normalised
from nascompile.frontend.surroundings import find_refused
from nascompile.ir import Expression, Name
from nascompile.lines import Lines

SUPPORTED = (
    "mutable_layers",
    "mutable_layer",
    "variable",
    "function_choice",
    "get_next_parameter",
    "training_update",
    "report_intermediate_result",
    "report_final_result",
    "begin_evaluation",
    "end_evaluation",
    "derive",
)
_NAME = re.compile(r"\w*")
_COMMENT_ENDS = "a comment annotation goes on only over the comment lines right below it"


@dataclass(frozen=True, slots=True)
class Payload:
    """An annotation's name and arguments, and what finds the source and the place of each of its nodes."""

    name: str
    arguments: tuple[cst.Arg, ...]
    span: Span
    _positions: Mapping[cst.CSTNode, CodeRange]
    _inner: Lines
    _text: PayloadText
    _outer: Lines

    def span_of(self, node: cst.CSTNode) -> Span:
        """Return where a node was written in the file."""
        return self._outer_span(*self._range(node))

    def expression(self, node: cst.BaseExpression) -> Expression:
        """Return a node's code, normalised to one line, its place, and the names in it."""
        parsed = self.parsed(node)
        return Expression(normalised(parsed), self.span_of(node), self.names_in(node, parsed), self.written(node))

    def names_in(self, node: cst.BaseExpression, parsed: ast.expr) -> tuple[Name, ...]:
        """Return the names that a node, parsed by Python, looks up in the scopes around it."""
        begin, end = self._range(node)
        code = Lines(f"({self._inner.text[begin:end]}")  # `parsed` has a bracket before it
        found = []
        for one in free_names(parsed):
            first = code.offset(one.lineno, one.col_offset)
            last = code.offset(one.end_lineno or 0, one.end_col_offset or 0)
            written = unicodedata.normalize("NFKC", code.text[first:last])
            known = written == one.id  # in an f-string it has no place before Python 3.12
            place = (begin + first - 1, begin + last - 1) if known else (begin, end)
            found.append(Name(one.id, self._outer_span(*place)))
        return tuple(found)

    def _range(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return where a node begins and ends in the text that Python parses."""
        brackets = getattr(node, "lpar", ()), getattr(node, "rpar", ())  # LibCST does not count them to the node
        first, last = (
            self._positions[brackets[0][0] if brackets[0] else node],
            self._positions[brackets[1][-1] if brackets[1] else node],
        )
        return (
            self._inner.start(first.start.line) + first.start.column,
            self._inner.start(last.end.line) + last.end.column,
        )

    def _outer_span(self, start: int, end: int) -> Span:
        return self._outer.span(self._text.start_offset(start + 1), self._text.end_offset(end + 1))

    def parsed(self, node: cst.BaseExpression) -> ast.expr:
        """Return a node as Python parses it."""
        return _parse(self.written(node))

    def written(self, node: cst.CSTNode) -> str:
        """Return a node's code as it is."""
        begin, end = self._range(node)
        return self._inner.text[begin:end]


def parse_payload(found: Found, lines: Lines, reporter: Reporter) -> Payload | None:
    """Return the call that an annotation is; report what keeps it from being one."""
    text = found.text
    name = text.text[len(PREFIX) : _NAME.match(text.text, len(PREFIX)).end()]  # type: ignore[union-attr]
    span = _span(found, lines, len(PREFIX) if name else 0, len(PREFIX) + len(name))
    if not _check_name(name, span, reporter):
        return None
    code = text.text[1:]  # without the @: what is left is Python
    parsed = parse_call(code)
    mistakes = [parsed] if isinstance(parsed, Mistake) else find_refused(parsed, found.site.scope_kind, code)
    for mistake in mistakes:
        hint = f"{mistake.hint}; {_COMMENT_ENDS}" if mistake.unfinished and found.is_comment else mistake.hint
        where = _span(found, lines, mistake.start + 1, mistake.end + 1)
        reporter.error(mistake.code, mistake.message, where, hint)
    if isinstance(parsed, Mistake):
        return None
    try:
        module = _Positioned(cst.parse_module(code), unsafe_skip_copy=True)
    except cst.ParserSyntaxError:  # of syntax younger than the library
        reporter.error("NC201", "the compiler does not know this syntax", span, "put such code above the annotation")
        return None
    positions = module.resolve(PositionProvider)
    call = cst.ensure_type(cst.ensure_type(module.module.body[0], cst.SimpleStatementLine).body[0], cst.Expr).value
    arguments = tuple(cst.ensure_type(call, cst.Call).args)
    return Payload(name, arguments, span, positions, Lines(code), text, lines)


class _Positioned(MetadataWrapper):
    """A module whose positions are asked for, and nothing else: LibCST would visit all nodes once more, for nothing."""

    def visit_batched(self, *_: object) -> cst.Module:
        return self.module


def _parse(code: str) -> ast.expr:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the user's code: an invalid escape, say
        return ast.parse(f"({code}\n)", mode="eval").body


def _check_name(name: str, span: Span, reporter: Reporter) -> bool:
    known = f"the annotations are {', '.join(SUPPORTED)}"
    if not name:
        reporter.error("NC202", "the name of the annotation is missing", span, hint=known)
    elif name not in SUPPORTED:
        near = did_you_mean(name.lower(), SUPPORTED)
        reporter.error("NC202", f"unknown annotation `@nni.{clipped(name)}`", span, hint=near or known)
    return name in SUPPORTED


def _span(found: Found, lines: Lines, start: int, end: int) -> Span:
    """Return the place of a stretch of an annotation's text, at least one character wide."""
    first = found.text.start_offset(start)
    return lines.span(first, max(first + 1, found.text.end_offset(end)))
