"""fixed: plain TensorFlow code of one architecture, with no trace of us.

    with tf.variable_scope(None, "h/conv_size_3"):      on one line, where the annotation had only one
        h = conv([[x], [a]], size=3)

The scope gives the weights the names they have in every other mode. All other annotations are removed.
A call that is wider than the file takes as many of the annotation's lines as it needs, if there are so many.
A sampled variable becomes its value, `lr = 0.01`, and where the architecture has none, it keeps the user's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nascompile.ir import Candidate, Expression, FunctionChoice, Layer, RuntimeCall, Site, Variable
from nascompile.modes.as_written import filled, means_the_same, on_one_line, split_call
from nascompile.modes.base import Context, Mode, Piece, Statement, Value, assigned, quoted, removed
from nascompile.passes.style import TAB
from nascompile.variable_space import in_type, is_same


class FixedMode(Mode):
    """Writes the chosen candidate's call."""

    name = "fixed"
    summary = "plain code"
    runtime_module = None
    takes_architecture = True

    def lower_layer(self, layer: Layer, block: str, site: Site, context: Context) -> Statement:
        choice: Mapping[str, Any] = (context.architecture or {})[block][layer.key]
        candidate = next(one for one in layer.candidates if one.name == choice["chosen_layer"])
        chosen = [one for one in layer.optional_inputs if one.code in choice.get("chosen_inputs", ())]
        call = _assignment(layer, candidate, chosen)
        tensorflow = context.tensorflow.variable_scope_at(site, context.reporter) if context.scopes else None
        line, in_place = layer.default_line or layer.span.line, layer.default_line > 0
        below = (site.span.end_line if in_place else layer.span.end_line) - line
        if tensorflow is None:
            first, *more = _lines(call, below, site.indent, context)
            return Statement((Piece(first, line), *(Piece(one, 0) for one in more)), ")", in_place=in_place)
        scope = f"{tensorflow[0]}({_scope_arguments(candidate.scope, tensorflow[1], context)})"
        if in_place:  # the assignment that was described stays on its line
            line, below = line - 1, below + 1
        suite = _lines(call, below - 1, site.indent + context.style.indent, context)
        pieces = (Piece(f"with {scope}:", line), *(Piece(one, 0) for one in suite))
        return Statement(pieces, ")", compound=True, in_place=in_place)

    def lower_call(self, call: RuntimeCall, site: Site, context: Context) -> tuple[Statement, ...]:
        return removed(site)

    def lower_value(self, sampled: Variable | FunctionChoice, alias: str, context: Context) -> Value | None:
        architecture = context.architecture or {}
        if sampled.key not in architecture:
            return None
        chosen = architecture[sampled.key]
        if isinstance(sampled, FunctionChoice):
            candidate = next(one for one in sampled.candidates if one.name == chosen)
            return Value(f"{candidate.function}({candidate.arguments}", ")")  # a value stands in brackets alone
        options = [one.value.code for one in sampled.sampling.options if is_same(one.name, chosen)]
        return Value(options[0] if options else repr(in_type(sampled.sampling.function, chosen)), "")


def _assignment(layer: Layer, candidate: Candidate, chosen: Sequence[Expression]) -> str:
    """Return the assignment without its last bracket, spelled as the user does where that can be."""
    fixed, optional = (", ".join(one.code for one in inputs) for inputs in (layer.fixed_inputs, chosen))
    arguments = f", {candidate.arguments}" if candidate.arguments else ""
    known = f"{assigned(layer)} = {candidate.function}([[{fixed}], [{optional}]]{arguments}"
    call = split_call(on_one_line(candidate.written))
    if call is None:
        return known
    function, arguments = call
    fixed, optional = (", ".join(on_one_line(one.written) for one in inputs) for inputs in (layer.fixed_inputs, chosen))
    target = on_one_line(layer.output.written)
    if layer.declared_type:
        target += f": {on_one_line(layer.declared_type.written)}"
    written = f"{target} = {function}([[{fixed}], [{optional}]]{f', {arguments}' if arguments else ''}"
    return written if written.isprintable() and means_the_same(f"{written})", f"{known})") else known


def _lines(call: str, below: int, indent: str, context: Context) -> list[str]:
    """Return a call on the lines that it takes: on several where it is too wide, and as many are left below it."""
    width = context.style.width - len(indent.expandtabs(TAB))
    if len(call) < width:  # its last bracket follows
        return [call]
    lines = filled(call, width - len(context.style.indent.expandtabs(TAB)))
    return lines if len(lines) <= below + 1 else [call]


def _scope_arguments(scope: str, get_variable_scope: str, context: Context) -> str:
    """Return the arguments of the scope: a default name, which gets `_1` where it is entered again.

    Under reuse the name itself must come back. A file that never says "reuse" is spared the question; a parent scope
    opened again starts the numbers anew, so that default names come back there in any case.
    """
    name = quoted(scope, context.style.quote)
    return f"{name} if {get_variable_scope}().reuse else None, {name}" if context.mentions_reuse else f"None, {name}"


MODE = FixedMode()
