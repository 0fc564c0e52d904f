"""Finds statements below a layer that give its output another value, so that the layer would be there for nothing.

    # @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x], layer_output=net)
    net = ends["c"] = conv([[x], []])          a default that no comment can describe: an error
    net = relu(net)                            this one uses the output

Below a string, which describes no assignment, it is a warning: NNI compiles that, and it may stand in old code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nascompile.diagnostics import Reporter, Span, clipped
from nascompile.frontend.scan import PREFIX, Found
from nascompile.frontend.spelling import normalised
from nascompile.ir import MutableLayers
from nascompile.lines import Lines


def check_overwritten(
    block: MutableLayers, found: Found, statement: ast.stmt | None, lines: Lines, reporter: Reporter
) -> None:
    """Report the next statement below a block where it gives the last layer's output a value, and does not use it."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return
    if PREFIX in lines.text[found.site.end : lines.offset(statement.lineno, statement.col_offset)]:
        return  # another annotation is between them, and may use it
    output = block.layers[-1].output.code
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    parts = [part for target in targets for part in _parts(target)]
    overwritten = [part for part in parts if normalised(part) == output]
    if not overwritten or _uses(output, statement.value) or any(_uses(output, part) for part in parts):
        return
    place = _span(overwritten[0], lines)
    message = f"this gives `{clipped(output)}` another value, so the output of the layer above it is lost"
    if found.is_comment:
        hint = f"give it an assignment of its own, `{clipped(output)} = …`, right below the comment"
        reporter.error("NC316", message, place, hint)
    else:
        hint = "remove it, or write the annotation as a comment, for which it is the default"
        reporter.warning("NC714", message, place, hint)


def _parts(target: ast.expr) -> Iterator[ast.expr]:
    """Yield what an assignment gives a value to."""
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _parts(element)
    else:
        yield target.value if isinstance(target, ast.Starred) else target


def _uses(output: str, code: ast.expr) -> bool:
    """Whether code looks an output up, or may: what a call does with an attribute or an element nobody sees."""
    nodes = [node for node in ast.walk(code) if isinstance(node, ast.expr)]
    if not output.isidentifier() and any(isinstance(node, ast.Call) for node in nodes):
        root = output.replace("[", ".").partition(".")[0]
        return any(isinstance(node, ast.Name) and node.id == root for node in nodes)
    return any(normalised(node) == output for node in nodes if isinstance(getattr(node, "ctx", None), ast.Load))


def _span(node: ast.expr, lines: Lines) -> Span:
    start = lines.offset(node.lineno, node.col_offset)
    return lines.span(start, lines.offset(node.end_lineno or 0, node.end_col_offset or 0))
