"""What the compiler promises of every file, checked without any code of the compiler's.

    check_promises(source, output)

Annotations are found here by their looks alone; statements are compared by line and by syntax tree. It judges any file
and its output, the goldens before all. `fuzz/promises.py` is a second opinion, for annotations that a test has put
where it knows them: it looks for none, so it sees what happens to those that this one does not recognise.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from itertools import repeat

_NEWLINE = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"#\s*@nni\.")


@dataclass
class Region:
    """Where an annotation stands: lines from 1, columns in characters; `carrier` is "string" or "comment".

    It is "value" where a sampled value takes the place of an expression in the statement below an annotation.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    carrier: str
    text: str = ""


@dataclass
class _File:
    data: bytes
    encoding: str = ""
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        first = self.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        self.encoding = tokenize.detect_encoding(io.BytesIO(first).readline)[0]
        self.lines = _NEWLINE.split(self.data.decode(self.encoding))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse(self.data)
            compile(self.data, "input.py", "exec", dont_inherit=True)

    def column(self, line: int, utf8_column: int) -> int:
        return len(self.lines[line - 1].encode()[:utf8_column].decode())


def check_promises(source: bytes, output: bytes) -> None:
    """Fail where an output breaks a promise about its source."""
    before, after = _File(source), _File(output)
    assert after.encoding == before.encoding
    assert _newlines(after) == _newlines(before), "the line ends changed"
    regions = [*_strings(before), *_comments(before)]
    sampled = {id(value): value for region in regions for value in _sampled(region, before)}
    regions += [_region(value, "value", before) for value in sampled.values()]
    _check_suite(before.tree.body, after.tree.body, regions, (before, after), sampled.keys())
    _check_text(before, after, regions)
    left = [*_strings(after), *_comments(after)]
    assert not left, f"annotations are left in the output: {left}"


def _newlines(file: _File) -> list[str]:
    return _NEWLINE.findall(file.data.decode(file.encoding))


def _strings(file: _File) -> Iterator[Region]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Expr) and _is_annotation(node):
            yield replace(_region(node, "string", file), text=node.value.value[1:])  # type: ignore[attr-defined]


def _region(node: ast.stmt | ast.expr, carrier: str, file: _File) -> Region:
    end = node.end_lineno or 0
    start_column, end_column = file.column(node.lineno, node.col_offset), file.column(end, node.end_col_offset or 0)
    return Region(node.lineno, start_column, end, end_column, carrier)


def _sampled(region: Region, file: _File) -> list[ast.expr]:
    """Return what a sampled value replaces in the statement below an annotation: the value assigned, or the calls."""
    call = re.match(r"nni\.(variable|function_choice)\(", region.text)
    if not call:
        return []
    annotation = ast.parse(region.text).body[0].value  # type: ignore[attr-defined]
    name = next(ast.unparse(one.value) for one in annotation.keywords if one.arg == "name")
    end = region.end_line, region.end_column
    below = min(
        (
            node
            for node in ast.walk(file.tree)
            if isinstance(node, ast.stmt)
            and not _is_annotation(node)
            and (node.lineno, file.column(node.lineno, node.col_offset)) >= end
        ),
        key=lambda node: (node.lineno, node.col_offset),
    )
    if call[1] == "variable":
        assert isinstance(below, ast.Assign | ast.AnnAssign)
        assert below.value
        return [below.value]
    found: list[ast.expr] = []
    nodes: list[ast.AST] = [below]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
            found.append(node)
        else:
            nodes += [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt | ast.ExceptHandler)]
    return found


def _is_annotation(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.startswith("@nni.")


def _comments(file: _File) -> Iterator[Region]:
    text = "".join(f"{line}\n" for line in file.lines)
    done = 0
    for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
        line, column = token.start
        if token.type == tokenize.COMMENT and _COMMENT.match(token.string) and line > done:
            done, code = _last_line(file.lines, line, token.string)
            yield Region(line, column, done, len(file.lines[done - 1]), "comment", code)


def _last_line(lines: list[str], first: int, comment: str) -> tuple[int, str]:
    """Return the line on which the call that begins in a comment is complete, and the call."""
    code, last = comment.partition("@")[2], first
    while True:
        try:
            ast.parse(code)
        except SyntaxError:
            code += "\n" + lines[last].partition("#")[2]
            last += 1
        else:
            return last, code


def _check_suite(
    before: list[ast.stmt],
    after: list[ast.stmt],
    regions: list[Region],
    files: tuple[_File, _File],
    sampled: Container[int],
) -> None:
    """Fail unless the suites hold the same statements of the user on the same lines, and else generated code."""
    at = 0
    for statement in before:
        if _is_annotation(statement):
            continue
        same = [index for index in range(at, len(after)) if after[index].lineno == statement.lineno]
        same = [index for index in same if _is_same_header(statement, after[index], sampled)]
        if not same:
            _check_default(statement, regions, files[0])
            continue
        for generated in after[at : same[0]]:
            _check_generated(generated, regions)
        spelled = _segment(statement, files[0]), _segment(after[same[0]], files[1])
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _above(statement, regions) and len(set(spelled)) > 1:
            _check_default(statement, regions, files[0])  # the default was chosen, and is spelled as in the annotation
        else:
            for one, other in zip(_suites(statement), _suites(after[same[0]]), strict=True):
                _check_suite(one, other, regions, files, sampled)
        at = same[0] + 1
    for generated in after[at:]:
        _check_generated(generated, regions)


def _segment(statement: ast.stmt, file: _File) -> str:
    return "\n".join(file.lines[statement.lineno - 1 : statement.end_lineno])


def _above(statement: ast.stmt, regions: list[Region]) -> list[Region]:
    """Return the comment annotation right above a statement."""
    return [one for one in regions if one.carrier == "comment" and one.end_line + 1 == statement.lineno]


def _check_default(statement: ast.stmt, regions: list[Region], file: _File) -> None:
    """Fail unless a statement that is gone was the default of a comment right above it."""
    above = _above(statement, regions)
    assert above, f"the statement of line {statement.lineno} is gone, or not on its line: {ast.unparse(statement)}"
    assert isinstance(statement, ast.Assign | ast.AnnAssign)
    above[0].end_line = statement.end_lineno or 0
    above[0].end_column = file.column(above[0].end_line, statement.end_col_offset or 0)


def _check_generated(statement: ast.stmt, regions: list[Region]) -> None:
    """Fail unless a statement that is no user's is the import of the runtime, or stands where an annotation stood."""
    if isinstance(statement, ast.ImportFrom) and statement.module == "nascompile_runtime.graph":
        return
    inside = any(one.line <= statement.lineno and (statement.end_lineno or 0) <= one.end_line for one in regions)
    assert inside, f"line {statement.lineno} holds a statement that nobody wrote: {ast.unparse(statement)}"


def _is_same_header(before: object, after: object, sampled: Container[int]) -> bool:
    """Whether two nodes are the same but for the suites in them, and for expressions that are sampled."""
    if id(before) in sampled:
        return isinstance(after, ast.expr)
    if type(before) is not type(after):
        return False
    if isinstance(before, ast.AST):
        fields = [(getattr(before, name, None), getattr(after, name, None)) for name in before._fields]
        return all(_is_same_header(one, other, sampled) for one, other in fields if not _is_suite(one))
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_is_same_header, before, after, repeat(sampled)))
    return before == after


def _suites(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the suites of a statement: its own, and those of its handlers and cases."""
    for name in node._fields:
        value = getattr(node, name, None)
        if _is_suite(value):
            yield value
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, ast.AST):
                    yield from _suites(one)


def _is_suite(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], ast.stmt)


def _check_text(before: _File, after: _File, regions: list[Region]) -> None:
    """Fail unless all text around the annotations is the same, but for one import."""
    lines = [_without_import(line, other) for line, other in zip(after.lines, before.lines, strict=True)]
    for number, (line, kept) in enumerate(zip(before.lines, lines, strict=True), 1):
        starts = [one.column for one in regions if one.line == number]
        ends = [one.end_column for one in regions if one.end_line == number]
        inside = any(one.line < number < one.end_line for one in regions)
        if inside:
            continue
        if not starts and not ends:
            assert kept == line, f"line {number} changed"
            continue
        continues = any(one.line < number <= one.end_line for one in regions)
        goes_on = any(one.line <= number < one.end_line for one in regions)
        if starts and not continues:
            head = line[: min(starts)]
            assert kept.startswith(head) or not head.strip(), f"line {number} changed before an annotation"
        if ends and not goes_on:
            assert kept.endswith(line[max(ends) :]), f"line {number} changed behind an annotation"


def _without_import(line: str, source: str) -> str:
    """Return a line without the import of the runtime, unless it stands alone for itself among generated code."""
    statement = re.search(r"from nascompile_runtime\.graph import \w+ as \w+", line)
    if statement is None:
        return line
    for text in (f"{statement[0]}; ", f"; {statement[0]}"):
        if text in line:
            return line.replace(text, "", 1)
    return line
