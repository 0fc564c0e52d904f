"""fixed: plain TensorFlow code of one architecture, with no trace of us.

    with tf.variable_scope(None, "h/conv_size_3"): h = conv([[x], [a]], size=3)

The scope gives the weights the names they have in every other mode. All other annotations are removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nascompile.ir import Layer, RuntimeCall, Site
from nascompile.modes.base import Context, Mode, Piece, Statement, assigned, quoted


class FixedMode(Mode):
    """Writes the chosen candidate's call."""

    name = "fixed"
    summary = "plain code"
    runtime_module = None
    takes_architecture = True

    def lower_layer(self, layer: Layer, block: str, site: Site, context: Context) -> Statement:
        choice: Mapping[str, Any] = (context.architecture or {})[block][layer.key]
        candidate = next(one for one in layer.candidates if one.name == choice["chosen_layer"])
        chosen = choice.get("chosen_inputs", ())
        fixed = ", ".join(one.code for one in layer.fixed_inputs)
        optional = ", ".join(one.code for one in layer.optional_inputs if one.code in chosen)
        arguments = f", {candidate.arguments}" if candidate.arguments else ""
        call = f"{assigned(layer)} = {candidate.function}([[{fixed}], [{optional}]]{arguments}"
        tensorflow = context.tensorflow.variable_scope_at(site, context.reporter) if context.scopes else None
        if tensorflow is None:
            return Statement((Piece(call, layer.span.line),), ")")
        scope = f"{tensorflow[0]}({_scope_arguments(candidate.scope, tensorflow[1], context)})"
        return Statement((Piece(f"with {scope}: {call}", layer.span.line),), ")", compound=True)

    def lower_call(self, call: RuntimeCall, site: Site, context: Context) -> tuple[Statement, ...]:
        if site.alone and not site.only:
            return ()
        if site.alone or site.span.line == site.span.end_line:
            return (Statement((Piece("pass", site.span.line),)),)
        return (Statement((Piece("(", site.span.line),), ")"),)  # does nothing either, but can take several lines


def _scope_arguments(scope: str, get_variable_scope: str, context: Context) -> str:
    """Return the arguments of the scope: a default name, which gets `_1` where it is entered again.

    Under reuse the name itself must come back. A file that never says "reuse" is spared the question; a parent scope
    opened again starts the numbers anew, so that default names come back there in any case.
    """
    name = quoted(scope)
    return f"{name} if {get_variable_scope}().reuse else None, {name}" if context.mentions_reuse else f"None, {name}"


MODE = FixedMode()
