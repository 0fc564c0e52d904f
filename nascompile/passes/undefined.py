"""Finds names in annotations that nothing defines, and outputs that are used before they exist.

    # @nni.mutable_layer(layer_choice=[conv(), pol()], fixed_inputs=[x], layer_output=h)
                                               ^^^     nothing defines `pol`

A name that is bound anywhere in a scope around the annotation is defined, whenever that happens; and so is every name
in a file whose names its text does not tell (`from x import *`, `exec`).
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Iterator, Sequence

from nascompile.diagnostics import Reporter, clipped, did_you_mean
from nascompile.frontend.statements import Suites
from nascompile.ir import Annotated, FunctionChoice, MutableLayers, Name, RuntimeCall, Site, Variable
from nascompile.lines import Lines
from nascompile.passes.bindings import DEFINITIONS, Scope, bound_in

_ALWAYS = {*dir(builtins), "BaseExceptionGroup", "ExceptionGroup", "PythonFinalizationError", "WindowsError"}
_ALWAYS |= {"__annotations__", "__builtins__", "__cached__", "__class__", "__dict__", "__file__", "__module__"}
_ALWAYS |= {"__path__", "__qualname__", "_", "copyright", "credits", "exit", "get_ipython", "nni", "quit"}
_GUESSES = 50  # of a file; to guess what thousands of names may mean takes minutes
_UNTOLD = re.compile(
    r"\bimport\s*(?:\(\s*)?\*|\b(?:exec|eval|execfile|globals|locals|vars|setattr|__dict__|builtins|__builtins__)\b"
)
_WALRUS = re.compile(r"\b(\w+)\s*:=")
_GLOBAL = re.compile(r"\bglobal\s+([\w, \t]+)")


def check_names(annotations: Sequence[Annotated], lines: Lines, tree: ast.Module, reporter: Reporter) -> None:
    """Report names that nothing defines, each once a scope, and layers that use their own or a later one's output."""
    if all(name.id in _ALWAYS for one in annotations for _, name in _lookups(one)) or _UNTOLD.search(lines.text):
        return
    scopes = _Scopes(annotations, lines, tree)
    reported: set[tuple[tuple[str, ...], str]] = set()
    for one in annotations:
        visible = scopes.visible_at(one.site)
        makers = _makers(one)
        for layer, name in _lookups(one):
            if name.id in _ALWAYS or (one.site.scope, name.id) in reported:
                continue
            if not any(name.id in names for names in visible):
                near = did_you_mean(name.id, set().union(*visible) - _ALWAYS) if len(reported) < _GUESSES else None
                hint = near or "import it, or define it in this file"
                reporter.error("NC308", f"nothing defines `{clipped(name.id)}`", name.span, hint)
            elif makers.get(name.id, layer) >= layer and scopes.is_made_later(one, name.id):
                what = "this layer makes it" if makers.get(name.id) == layer else "a later layer makes it"
                message = f"`{clipped(name.id)}` is used before it exists: {what}"
                reporter.error("NC307", message, name.span, "a layer can use what is there before it")
            else:
                continue
            reported.add((one.site.scope, name.id))


class _Scopes:
    """What the scopes of a file bind; each is looked into when it is asked for, and once."""

    def __init__(self, annotations: Sequence[Annotated], lines: Lines, tree: ast.Module) -> None:
        self._lines = lines
        self._tree = tree
        self._suites = Suites(tree, lines)
        self._defaults = {one.site.code for one in annotations}
        self._outputs: dict[tuple[str, ...], dict[str, list[int]]] = {}  # with the places of what makes them
        for one in annotations:
            outputs = self._outputs.setdefault(one.site.scope, {})
            for name in _makers(one):
                outputs.setdefault(name, []).append(one.site.start)
        self._always = _ALWAYS.union(_WALRUS.findall(lines.text))
        self._always.update(name for names in _GLOBAL.findall(lines.text) for name in re.split(r"[\s,]+", names))
        self._bound: dict[Scope, set[str]] = {}

    def visible_at(self, site: Site) -> list[Collection[str]]:
        """Return the names that are defined for code at a place, scope by scope."""
        scopes = (site.scope[:depth] for depth in range(len(site.scope) + 1))
        return [*self._visible_before(self._around(site)), *(self._outputs.get(scope, ()) for scope in scopes)]

    def is_made_later(self, annotated: Annotated, name: str) -> bool:
        """Whether a name has no value before an annotation: layers of its scope make it, there or below, and no more.

        In a loop, what stands below may have come before.
        """
        site = annotated.site
        places = self._outputs[site.scope].get(name, [])
        if not places or min(places) < site.start or (site.in_loop and max(places) > site.start):
            return False
        scopes = self._around(site)
        is_function = not isinstance(scopes[-1], ast.Module | ast.ClassDef)
        return not any(name in names for names in self._visible_before(scopes[-1:] if is_function else scopes))

    def _visible_before(self, scopes: list[Scope]) -> list[Collection[str]]:
        """Return the names that code in the last of some scopes can see and that no layer has made."""
        seen = [scope for scope in scopes if scope is scopes[-1] or not isinstance(scope, ast.ClassDef)]
        return [self._always, *map(self._bound_by, seen)]

    def _bound_by(self, scope: Scope) -> set[str]:
        if scope not in self._bound:
            self._bound[scope] = bound_in(scope, self._is_default)
        return self._bound[scope]

    def _is_default(self, statement: ast.stmt) -> bool:
        """Whether a statement is the default of a layer, which a compiled file does not run."""
        return self._lines.offset(statement.lineno, statement.col_offset) in self._defaults

    def _around(self, site: Site) -> list[Scope]:
        """Return the scopes around a place, the module first."""
        path = self._suites.path_to(*self._lines.utf8_position(site.start))
        return [self._tree, *[one for one in path if isinstance(one, DEFINITIONS)][: len(site.scope)]]


def _lookups(annotated: Annotated) -> Iterator[tuple[int, Name]]:
    """Yield the names that an annotation looks up, in the order of its layers, each with the number of its layer."""
    annotation = annotated.annotation
    match annotation:
        case RuntimeCall(arguments=arguments):
            yield from ((0, name) for _, argument in arguments for name in argument.names)
            return
        case Variable(sampling=sampling):
            yield from ((0, name) for option in sampling.options for name in option.value.names)
            return
        case FunctionChoice(candidates=candidates, inner=inner):
            names = (name for one in candidates for name in one.names)
            yield from ((0, name) for name in names if name.id not in inner)
            return
    for number, layer in enumerate(annotation.layers):
        yield from ((number, name) for one in layer.candidates for name in one.names)
        yield from ((number, name) for one in (*layer.fixed_inputs, *layer.optional_inputs) for name in one.names)
        if not layer.output.code.isidentifier():
            yield from ((number, name) for name in layer.output.names)


def _makers(annotated: Annotated) -> dict[str, int]:
    """Return the names that the layers of an annotation bind, each with the number of the first layer that does."""
    layers = annotated.annotation.layers if isinstance(annotated.annotation, MutableLayers) else ()
    outputs = [(layer.output.code, number) for number, layer in enumerate(layers)]
    return {code: number for code, number in reversed(outputs) if code.isidentifier()}
