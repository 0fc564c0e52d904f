"""The frontend as one step: a file's annotations, found, parsed and checked by form."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate

from nascompile.diagnostics import Reporter, Span, clipped
from nascompile.frontend.described import find_values, statement_after
from nascompile.frontend.layer import Default
from nascompile.frontend.limits import FILE_LIMIT, LENGTH_LIMIT, STATEMENT_LIMIT, find_deep_node, find_deep_token
from nascompile.frontend.overwritten import check_overwritten
from nascompile.frontend.payload import parse_payload
from nascompile.frontend.scan import Found, extend_site, scan
from nascompile.frontend.schema import parse_annotation
from nascompile.frontend.spelling import normalised
from nascompile.ir import Annotated, Expression, FunctionChoice, MutableLayers, Place, Site, Variable
from nascompile.lines import Lines


def parse_annotations(lines: Lines, tree: ast.Module, reporter: Reporter) -> list[Annotated]:
    """Return the annotations of a file in the order of the source; those with mistakes are reported and left out."""
    all_found = scan(lines, tree, reporter)
    if not _check_length([found.site for found in all_found], reporter):
        return []
    parsed = [_parse_found(found, lines, reporter) for found in all_found]
    annotations = [annotated for annotated in parsed if annotated]
    if not _check_length([annotated.site for annotated in annotations], reporter):  # now with their defaults
        return []
    _check_apart(annotations, reporter)
    return annotations


def _check_length(sites: list[Site], reporter: Reporter) -> bool:
    """Report annotations that are together more than can be compiled within seconds."""
    totals = list(accumulate(site.end - site.start for site in sites))
    beyond = bisect_right(totals, FILE_LIMIT)
    if beyond == len(sites):
        return True
    have = f"the {len(sites):,} annotations of this file have {totals[-1]:,} characters"
    hint = "build layers that are alike in a loop, or move some to another file"
    reporter.error("NC003", f"{have}, and may have {FILE_LIMIT:,}", sites[beyond].span, hint)
    return False


def _parse_found(found: Found, lines: Lines, reporter: Reporter) -> Annotated | None:
    payload = parse_payload(found, lines, reporter)
    if payload is None:
        return None
    default = _default(found.below, lines) if found.is_comment else None
    annotation = parse_annotation(payload, default, reporter)
    if annotation is None:
        return None
    site, below = found.site, None
    if isinstance(annotation, MutableLayers) and default and _describes(annotation, default.target):
        assert isinstance(found.below, ast.Assign | ast.AnnAssign)
        below = found.below
        site, annotation = extend_site(site, lines, below), _described(annotation, below, lines)
    elif isinstance(annotation, MutableLayers):
        check_overwritten(annotation, found, statement_after(found, lines), lines, reporter)
    values: tuple[Place, ...] = ()
    if isinstance(annotation, Variable | FunctionChoice):
        annotation, values = find_values(annotation, found, lines, reporter)
    if beyond := _beyond_limits(site, below, lines):
        reporter.error("NC003", *beyond, hint="take it apart into several statements")
        return None
    return Annotated(site, annotation, values)


def _beyond_limits(site: Site, below: ast.stmt | None, lines: Lines) -> tuple[str, Span] | None:
    """Return message and place where an annotated statement is more than LibCST should be given."""
    if below and site.end - site.code > LENGTH_LIMIT:
        return "the default is too long", _span(below, below, lines)
    if below and (node := find_deep_node(below, STATEMENT_LIMIT)):
        return "the default is nested too deeply", _span(node, node, lines)
    if token := find_deep_token(lines.text[site.code : site.end], STATEMENT_LIMIT):
        start = site.code + token.start
        return "the statement is nested too deeply", lines.span(start, start + len(token.text))
    return None


def _check_apart(annotations: list[Annotated], reporter: Reporter) -> None:
    """Report annotations that replace what another one replaces already."""
    places = [place for one in annotations for place in one.values]
    sites = [Place(one.site.start, one.site.end, one.site.span) for one in annotations]
    before: Place | None = None
    for place in sorted([*sites, *places], key=lambda one: (one.start, one.end)):
        if before and place.start < before.end:
            shown = place if place in places else before
            message, hint = "another annotation replaces this already", "give each a statement of its own"
            reporter.error("NC313", message, shown.span, hint)
        if before is None or place.end > before.end:
            before = place


def _default(below: ast.stmt | None, lines: Lines) -> Default:
    """Return what a comment may leave to the statement right below it."""
    if isinstance(below, ast.AugAssign):
        target = clipped(normalised(below.target))
        message = "the assignment below a layer must be a plain `=`"
        hint = f"write it as one, `{target} = …`, and what it adds to in a statement below"
        return Default(None, message, _span(below.target, below.target, lines), hint)
    if not isinstance(below, ast.Assign | ast.AnnAssign):
        return Default()
    targets = below.targets if isinstance(below, ast.Assign) else [below.target]
    place = _span(targets[0], targets[-1], lines)
    if below.value is None:
        return Default(None, "the assignment below a layer must have a value", place)
    if len(targets) > 1 or not isinstance(targets[0], ast.Name | ast.Attribute | ast.Subscript):
        message = "the target of the assignment below must be one name, attribute or subscript"
        hint = "give the layer's output an assignment of its own here, and the other targets theirs below"
        return Default(None, message, place, hint)
    return Default(_expression(targets[0], lines))


def _span(first: ast.expr | ast.stmt, last: ast.expr | ast.stmt, lines: Lines) -> Span:
    start = lines.offset(first.lineno, first.col_offset)
    return lines.span(start, lines.offset(last.end_lineno or 0, last.end_col_offset or 0))


def _describes(block: MutableLayers, target: Expression | None) -> bool:
    """Whether a comment describes the assignment below it: its last layer has that output, or names none."""
    return target is not None and block.layers[-1].output.code == target.code


def _described(block: MutableLayers, below: ast.Assign | ast.AnnAssign, lines: Lines) -> MutableLayers:
    """Return the block with what its last layer has of the assignment: its line, and how its target is spelled."""
    target = below.target if isinstance(below, ast.AnnAssign) else below.targets[0]
    declared = _expression(below.annotation, lines) if isinstance(below, ast.AnnAssign) else None
    output = replace(block.layers[-1].output, written=_expression(target, lines).written)
    last = replace(block.layers[-1], output=output, default_line=below.lineno, declared_type=declared)
    return replace(block, layers=(*block.layers[:-1], last))


def _expression(node: ast.expr, lines: Lines) -> Expression:
    span = _span(node, node, lines)
    start = lines.offset(node.lineno, node.col_offset)
    end = lines.offset(node.end_lineno or 0, node.end_col_offset or 0)
    return Expression(normalised(node), span, written=lines.text[start:end])
