"""What becomes of imports: of NNI in files that call it and have no annotations, and of TensorFlow with --tf1.

    from nascompile_runtime.graph import classic as _nascompile; import nni
    import tensorflow.compat.v1 as tf; hasattr(tf, "is_v1") or setattr(tf, "is_v1", not (tf.disable_v2_behavior() or …))

The runtime stands in for a missing NNI. Its import goes where it goes in annotated files, and in a file that has no
place for it, before each `import nni`. TensorFlow 1 is that of `tensorflow.compat.v1` with its behaviour of old, but
with resource variables, which supernets need. The first file that is imported switches; what the program has set since
is not undone by the next.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nascompile.emit.header import Insertion, import_expression, import_statement, place_import
from nascompile.emit.rewrite import Edit
from nascompile.frontend.read import PythonFile
from nascompile.lines import Lines
from nascompile.passes.names import free_alias

_RUNTIME = "nascompile_runtime"
_FROM = re.compile(r"(from[ \t\f\\\r\n]+)tensorflow\b")
_V1 = "tensorflow.compat.v1"


def runtime_edits(file: PythonFile, runtime_module: str | None) -> list[Edit]:
    """Return the edits that import the runtime in a file without annotations; none if it does not import NNI."""
    lines = file.lines
    if runtime_module is None or _RUNTIME in lines.text:
        return []
    starts = sorted(lines.offset(node.lineno, node.col_offset) for node in _imports(file.tree) if _is_of_nni(node))
    if not starts:
        return []
    statement = import_statement(runtime_module, free_alias(lines.text))
    found = place_import(statement, file.tree, lines, starts[0])
    insertions = [found] if found else [Insertion(one, f"{import_expression(runtime_module)}; ") for one in starts]
    return [Edit(one.offset, one.offset, one.text) for one in insertions]


def tensorflow1_edits(file: PythonFile) -> list[Edit]:
    """Return the edits that make the file's `tensorflow` that of TensorFlow 1, each import on its own lines."""
    return [edit for node in _imports(file.tree) for edit in _as_tensorflow1(node, file.lines)]


def merged(edits: list[Edit], others: list[Edit]) -> list[Edit]:
    """Return all edits in order; at one place, what is inserted comes first."""
    return sorted([*edits, *others], key=lambda edit: (edit.start, edit.end > edit.start, edit.site is not None))


def _imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def _is_of_nni(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] == "nni" for alias in node.names)
    return not node.level and (node.module or "").partition(".")[0] == "nni"


def _as_tensorflow1(node: ast.Import | ast.ImportFrom, lines: Lines) -> Iterator[Edit]:
    start, end = (
        lines.offset(node.lineno, node.col_offset),
        lines.offset(node.end_lineno or 0, node.end_col_offset or 0),
    )
    if isinstance(node, ast.ImportFrom):
        if node.module == "tensorflow" and not node.level:
            text = _FROM.sub(rf"\1{_V1}", lines.text[start:end], count=1)
            module = '__import__("tensorflow").compat.v1'
            yield Edit(start, end, f"{text}; {_switches(module)}")
        return
    aliases = [one for one in node.names if one.name == "tensorflow"]
    parts, at = [], start
    for alias in aliases:
        alias_start = lines.offset(alias.lineno, alias.col_offset)
        alias_end = lines.offset(alias.end_lineno or 0, alias.end_col_offset or 0)
        name = "" if alias.asname else " as tensorflow"
        rest = lines.text[alias_start + len("tensorflow") : alias_end]
        parts += [lines.text[at:alias_start], _V1, rest, name]
        at = alias_end
    if aliases:
        switches = _switches(aliases[0].asname or "tensorflow")
        yield Edit(start, end, "".join([*parts, lines.text[at:end], f"; {switches}"]))


def _switches(tensorflow: str) -> str:
    switches = f"{tensorflow}.disable_v2_behavior() or {tensorflow}.enable_resource_variables()"  # both give None
    return f'hasattr({tensorflow}, "is_v1") or setattr({tensorflow}, "is_v1", not ({switches}))'
