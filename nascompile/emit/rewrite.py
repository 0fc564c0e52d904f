"""Rewrites the annotated statements of a file: a mode's statements, laid out on the annotation's own lines.

Everything else of the file is left alone, byte for byte. LibCST parses just the annotated statement, a transformer puts
the generated ones in its place, and an `Edit` says which stretch of the file the result replaces. A sampled value takes
the place of an expression, in a statement that is the user's otherwise.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from nascompile.diagnostics import CompilerBug
from nascompile.emit.header import Insertion, import_expression, import_statement, place_import
from nascompile.emit.layout import INNER_INDENT, lay_out
from nascompile.ir import Annotated, FunctionChoice, ScopeKind, Site, Variable
from nascompile.lines import Lines, count_newlines
from nascompile.modes.base import Context, Mode, Piece, Statement


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the file, by offsets, and the text in its place. `site` is the annotation's, None for the import.

    `is_value` says that one expression takes the place of another, and no statements that of statements.
    """

    start: int
    end: int
    text: str
    site: Site | None = None
    is_value: bool = False


def rewrite(lines: Lines, tree: ast.Module, annotations: list[Annotated], mode: Mode, context: Context) -> list[Edit]:
    """Return the edits that turn a file into a mode's code, in order; what cannot be written is reported."""
    lowered = [(one.site, mode.lower(one, context)) for one in annotations]
    newline = _newline_of(lines.text)
    edits: list[Edit] = []
    insertion: Insertion | None = None
    if mode.runtime_module and annotations:
        statement = import_statement(mode.runtime_module, context.alias)
        insertion = place_import(statement, tree, lines, annotations[0].site.start)
        if insertion:
            edits.append(Edit(insertion.offset, insertion.offset, insertion.text))
            lowered = [(site, _joining(insertion, site, code)) for site, code in lowered]
        else:
            lowered = [
                (one.site, _importing(statement, context.alias, one, code))
                for one, (_, code) in zip(annotations, lowered, strict=True)
            ]
    for one in annotations:
        edits += _value_edits(one, mode, context, lines, newline, is_imported=insertion is not None)
    for site, statements in lowered:
        code = lay_out(statements, site)
        if code is None:
            _report_no_room(site, context)
            continue
        start = site.start - len(site.indent) if code.startswith("\n") or not statements else site.start
        rewritten = _rewritten(lines.text[site.code : site.end], code)
        text = _indented(rewritten, _indent_at(site, lines), context.style.indent)
        text = _with_newlines(text, newline, lines.text[max(0, start - 1) : start], lines.text[site.end : site.end + 1])
        edits.append(Edit(start, site.end, text, site))
    return sorted(edits, key=lambda edit: (edit.start, edit.site is not None))


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with the edits, which do not overlap, applied."""
    parts, at = [], 0
    for edit in edits:
        if edit.start < at:
            raise CompilerBug(f"edits overlap at offset {edit.start}")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join((*parts, text[at:]))


class _AnnotationRewriter(cst.CSTTransformer):
    """Puts generated statements in the place of an annotated one, or where a comment says that they belong."""

    def __init__(self, generated: cst.Module) -> None:
        super().__init__()
        self._generated = generated

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:  # noqa: N802
        if len(original_node.body) > 1:
            raise CompilerBug("an annotation is more than one statement")
        generated = self._generated
        return updated_node.with_changes(body=generated.body, header=generated.header, footer=generated.footer)


def _rewritten(annotated: str, code: str) -> str:
    """Return the annotated statement's text with the code in its place."""
    try:
        generated, original = cst.parse_module(code), cst.parse_module(annotated)
    except cst.ParserSyntaxError:  # LibCST knows less than Python (a target in brackets, say); the safety check decides
        return code
    result = original.visit(_AnnotationRewriter(generated))
    return result.with_changes(
        has_trailing_newline=generated.has_trailing_newline, default_newline=generated.default_newline
    ).code


def _value_edits(
    annotated: Annotated, mode: Mode, context: Context, lines: Lines, newline: str, *, is_imported: bool
) -> Iterator[Edit]:
    """Yield the edits of what an annotation replaces in the statement below it, of as many lines as that has."""
    if not isinstance(annotated.annotation, Variable | FunctionChoice):
        return
    alias = context.alias
    if mode.runtime_module and not is_imported and annotated.site.scope_kind is ScopeKind.CLASS:
        alias = import_expression(mode.runtime_module)  # a name would stay in the class
    value = mode.lower_value(annotated.annotation, alias, context)
    if value is None:
        return
    for place in annotated.values:
        padding = newline * count_newlines(lines.text[place.start : place.end])
        text = f"({value.code}{padding})" if padding and not value.closing else f"{value.code}{padding}{value.closing}"
        yield Edit(place.start, place.end, text, annotated.site, is_value=True)


def _joining(insertion: Insertion, site: Site, code: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return an expansion that the import may stand before, with a `;`, if it does."""
    return code or (Statement((Piece("pass", site.span.line),)),) if insertion.offset == site.start else code


def _importing(statement: str, alias: str, annotated: Annotated, code: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return an expansion that imports the runtime itself, and leaves no name behind in a class."""
    line, in_class = annotated.site.span.line, annotated.site.scope_kind is ScopeKind.CLASS
    if annotated.values and in_class:
        return code
    head = Statement((Piece(statement, line),))
    if annotated.values:
        return (head, *code[:1]) if code and code[0].closing else (head,)
    tail = (Statement((Piece(f"del {alias}", line),)),) if in_class else ()
    first = replace(code[0], pieces=(replace(code[0].pieces[0], line=line), *code[0].pieces[1:]))
    return (head, first, *code[1:], *tail)


def _report_no_room(site: Site, context: Context) -> None:
    if site.alone:
        message, hint = "each `with` needs a line of its own", "write the annotation on as many lines as it has layers"
    else:
        message, hint = "a `with` cannot stand on a line with other statements", "give the annotation lines of its own"
    context.reporter.error("NC501", message, site.span, hint=f"{hint}, or compile with --no-scopes")


def _indent_at(site: Site, lines: Lines) -> str:
    line = lines.line(site.span.line)
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _indented(code: str, indent: str, unit: str) -> str:
    """Return code with the file's indentation; its first line already stands where it should."""
    first, *rest = code.split("\n")
    inner = unit if unit.isspace() and indent[:1] in ("", unit[:1]) else "\t" if indent.startswith("\t") else "    "
    return "\n".join((first, *(f"{indent}{_with_inner(line, inner)}" if line.strip() else "" for line in rest)))


def _with_newlines(code: str, newline: str, before: str, after: str) -> str:
    """Return code with the file's newlines, that stands between two characters of the file.

    Where a file has newlines of several kinds, a `\\r` and a `\\n` that meet would be one.
    """
    if not code:
        return " " if before == "\r" and after == "\n" else ""
    begins = before == "\r" and newline == "\n" and code.startswith("\n")
    ends = after == "\n" and newline == "\r" and code.endswith("\n")
    return code.replace("\n", "\r\n" if begins or ends else newline)


def _with_inner(line: str, inner: str) -> str:
    code = line.lstrip(" ")
    return inner * ((len(line) - len(code)) // len(INNER_INDENT)) + code


def _newline_of(text: str) -> str:
    """Return the newline that the file uses first."""
    at = min((index for index in (text.find("\n"), text.find("\r")) if index >= 0), default=-1)
    return "\n" if at < 0 or text[at] == "\n" else "\r\n" if text[at : at + 2] == "\r\n" else "\r"
