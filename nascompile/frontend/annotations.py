"""The frontend as one step: a file's annotations, found, parsed and checked by form."""

from __future__ import annotations

import ast
from dataclasses import replace

from nascompile.diagnostics import Reporter
from nascompile.frontend.payload import parse_payload
from nascompile.frontend.scan import Found, extend_site, scan
from nascompile.frontend.schema import parse_annotation
from nascompile.ir import Annotated, Annotation, Expression, MutableLayers
from nascompile.lines import Lines


def parse_annotations(lines: Lines, tree: ast.Module, reporter: Reporter) -> list[Annotated]:
    """Return the annotations of a file in the order of the source; those with mistakes are reported and left out."""
    parsed = [_parse_found(found, lines, reporter) for found in scan(lines, tree, reporter)]
    return [annotated for annotated in parsed if annotated]


def _parse_found(found: Found, lines: Lines, reporter: Reporter) -> Annotated | None:
    payload = parse_payload(found, lines, reporter)
    if payload is None:
        return None
    target = _sole_target(found.below, lines)
    annotation = parse_annotation(payload, target, reporter)
    if annotation is None:
        return None
    if found.below is not None and _describes(annotation, target):
        return Annotated(extend_site(found.site, lines, found.below), _declared(annotation, found.below))
    return Annotated(found.site, annotation)


def _sole_target(below: ast.Assign | ast.AnnAssign | None, lines: Lines) -> Expression | None:
    """Return the target of an assignment that a layer's output can stand for."""
    if below is None:
        return None
    targets = [below.target] if isinstance(below, ast.AnnAssign) else below.targets
    if len(targets) != 1 or not isinstance(target := targets[0], ast.Name | ast.Attribute | ast.Subscript):
        return None
    start = lines.offset(target.lineno, target.col_offset)
    end = lines.offset(target.end_lineno or 0, target.end_col_offset or 0)
    return Expression(ast.unparse(target), lines.span(start, end))


def _describes(annotation: Annotation, target: Expression | None) -> bool:
    """Whether a comment describes the assignment below it: its last layer has that output, or names none."""
    return (
        isinstance(annotation, MutableLayers)
        and target is not None
        and annotation.layers[-1].output.code == target.code
    )


def _declared(annotation: Annotation, below: ast.Assign | ast.AnnAssign) -> Annotation:
    """Return the block with the type that the assignment declares for its target."""
    if not isinstance(annotation, MutableLayers) or not isinstance(below, ast.AnnAssign):
        return annotation
    last = replace(annotation.layers[-1], declared_type=ast.unparse(below.annotation))
    return replace(annotation, layers=(*annotation.layers[:-1], last))
