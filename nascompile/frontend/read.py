"""The first step of the frontend: a file's bytes, as text and as Python's own tree, or why they are not that."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

from nascompile.diagnostics import Diagnostic, Span
from nascompile.frontend.other_python import explain_line
from nascompile.lines import Lines
from nascompile.source import SourceError, SourceText, decode


@dataclass(frozen=True, slots=True)
class PythonFile:
    """A file that Python reads: what it takes to write it, its text by lines, and its tree."""

    source: SourceText
    lines: Lines
    tree: ast.Module


def read_python(data: bytes, path: str) -> PythonFile | Diagnostic:
    """Read a file as Python does."""
    try:
        source = decode(data)
    except SourceError as error:
        return _undecodable(error, data, path)
    tree = parse_text(source.text, path)
    return tree if isinstance(tree, Diagnostic) else PythonFile(source, Lines(source.text), tree)


def parse_text(text: str, path: str) -> ast.Module | Diagnostic:
    """Return the tree of some code, or why it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's code, and said when it runs
            return ast.parse(text, path)
    except SyntaxError as error:
        lines = Lines(text)
        span = lines.span(*lines.error_range(error))
        text = lines.line(span.line)
        return Diagnostic("NC002", f"invalid Python: {error.msg}", path, span, explain_line(text), text)
    except ValueError:  # a null byte, in the versions of Python that do not call it a mistake of syntax
        return Diagnostic("NC001", "the text holds a null byte", path, hint="remove it")
    except (RecursionError, MemoryError):
        return too_deep(path)


def too_deep(path: str) -> Diagnostic:
    """Return what there is to say where Python, or a program that recurs over its trees, gives up on a file."""
    return Diagnostic("NC003", "the file is nested too deeply", path, hint="split its longest expressions and chains")


def _undecodable(error: SourceError, data: bytes, path: str) -> Diagnostic:
    if error.line is None:
        return Diagnostic("NC001", error.message, path, hint=error.hint)
    text = Lines(data.decode("utf-8-sig", "replace")).line(error.line)
    span = Span(error.line, error.column, error.line, error.column + error.width)
    return Diagnostic("NC001", error.message, path, span, error.hint, text)
