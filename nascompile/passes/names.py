"""Hygiene of names: an alias that the file does not use, and the name that TensorFlow has at a place in it."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from nascompile.diagnostics import Reporter
from nascompile.ir import Site

ALIAS = "_nascompile"
STAR_NAME = "tf"
"""What TensorFlow is called where another file of the user's brings it: nothing else tells."""
_USES_TF = re.compile(rf"\b{STAR_NAME}\.")
_ROOTS = {"tensorflow": "compat.v1.", "tensorflow.compat": "v1.", "tensorflow.compat.v1": ""}


def is_from_another_file(text: str, tree: ast.Module) -> bool:
    """Whether a file has TensorFlow from another one: by `from ops import *`, or `tf`, it has the `tf` that it uses."""
    if "tensorflow" in text or _USES_TF.search(text) is None:
        return False
    nodes = list(ast.walk(tree))
    aliases = [alias for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    imports = [alias for alias in aliases if alias.name == "*" or (alias.name, alias.asname) == (STAR_NAME, None)]
    used = (node.value for node in nodes if isinstance(node, ast.Attribute))
    return bool(imports) and any(isinstance(value, ast.Name) and value.id == STAR_NAME for value in used)


def free_alias(text: str) -> str:
    """Return a name for the runtime that occurs nowhere in the file; not with two underscores, which classes mangle."""
    if ALIAS not in text:
        return ALIAS
    taken = set(re.findall(rf"\b{ALIAS}(?:_\d+)?\b", text))
    alias, number = ALIAS, 1
    while alias in taken:
        number += 1
        alias = f"{ALIAS}_{number}"
    return alias


@dataclass(frozen=True, slots=True)
class _Binding:
    """A name that an import binds to TensorFlow, and what leads from it to TensorFlow 1's functions."""

    name: str
    path: str


class TensorFlowNames:
    """What the file calls TensorFlow. The symbol table is only made when a scope is asked for."""

    def __init__(self, text: str, tree: ast.Module, path: str, *, tf1: bool = False) -> None:
        self._tf1 = tf1
        self._text = text
        self._tree = tree
        self._path = path
        self._bindings: dict[str, str] | None = None
        self._is_star = False
        self._table: symtable.SymbolTable | None = None

    def variable_scope_at(self, site: Site, reporter: Reporter) -> tuple[str, str] | None:
        """Return what `tf.variable_scope` and `tf.get_variable_scope` are called at a place.

        None where the file does not import TensorFlow. Where it has no name there, that is reported.
        """
        if self._bindings is None:
            bindings = _tensorflow_bindings(self._tree)
            # With tf1, what the file imports as `tensorflow` is `tensorflow.compat.v1` in the output.
            self._bindings = {name: "" if self._tf1 else path for name, path in bindings.items()}
            self._is_star = not bindings and is_from_another_file(self._text, self._tree)
            if self._is_star:  # be it TensorFlow or its `compat.v1`, it has a `compat.v1`
                self._bindings = {STAR_NAME: _ROOTS["tensorflow"]}
        for name, path in self._bindings.items():
            if self._means_import(name, site):
                return f"{name}.{path}variable_scope", f"{name}.{path}get_variable_scope"
        if not self._bindings and _imports_of_tensorflow(self._tree):
            reporter.error(
                "NC502",
                "the file imports parts of TensorFlow alone, so the scope of the weights cannot be written",
                site.span,
                hint="add `import tensorflow as tf`, or compile with --no-scopes",
            )
        if self._bindings:
            name = next(iter(self._bindings))
            reporter.error(
                "NC502",
                f"`{name}` is not TensorFlow here, so the scope of the weights cannot be written",
                site.span,
                hint=f"rename the other `{name}`, or compile with --no-scopes",
            )
        return None

    def _means_import(self, name: str, site: Site) -> bool:
        """Whether the scope that a name is looked up in binds it by import alone, or none does, but a star import."""
        symbol = self._binding_at(name, site)
        if symbol is None:
            return self._is_star
        return symbol.is_imported() and not symbol.is_assigned() and not symbol.is_parameter()

    def _binding_at(self, name: str, site: Site) -> symtable.Symbol | None:
        """Return a name as the scope has it that binds it and that a place looks it up in; None where none does."""
        if self._table is None:
            self._table = symtable.symtable(self._text, self._path, "exec")
        for index, table in enumerate(_tables_at(self._table, site)):
            is_class = table.get_type() == "class"
            if (is_class and index > 0) or name not in table.get_identifiers():
                continue
            symbol = table.lookup(name)
            if symbol.is_imported() or symbol.is_assigned() or symbol.is_parameter():
                return symbol
        return None


def _tables_at(module: symtable.SymbolTable, site: Site) -> Iterator[symtable.SymbolTable]:
    """Yield the symbol tables around a place, innermost first."""
    tables = [module]
    for name in site.scope:
        inner = [
            one for one in tables[-1].get_children() if one.get_name() == name and one.get_lineno() <= site.span.line
        ]
        if inner:
            tables.append(max(inner, key=lambda one: one.get_lineno()))
    yield from reversed(tables)


def _tensorflow_bindings(tree: ast.Module) -> dict[str, str]:
    """Return the names that imports bind to TensorFlow, each with what leads on to TensorFlow 1's functions."""
    bindings: dict[str, str] = {}
    for node in ast.walk(tree):
        for binding in _bound_by(node):
            known = bindings.get(binding.name)
            bindings[binding.name] = binding.path if known is None else max(known, binding.path, key=len)
    return bindings


def _imports_of_tensorflow(tree: ast.Module) -> bool:
    """Whether anything is imported from TensorFlow."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = [
        [alias.name for alias in node.names]
        if isinstance(node, ast.Import)
        else ["." * node.level + (node.module or "")]
        for node in imports
    ]
    return any(name.split(".")[0] == "tensorflow" for names in modules for name in names)


def _bound_by(node: ast.AST) -> Iterator[_Binding]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.asname and alias.name in _ROOTS:
                yield _Binding(alias.asname, _ROOTS[alias.name])
            elif not alias.asname and alias.name.split(".")[0] == "tensorflow":
                yield _Binding("tensorflow", _ROOTS["tensorflow"])
    elif isinstance(node, ast.ImportFrom) and node.module in _ROOTS and not node.level:
        for alias in node.names:
            if f"{node.module}.{alias.name}" in _ROOTS:
                yield _Binding(alias.asname or alias.name, _ROOTS[f"{node.module}.{alias.name}"])
