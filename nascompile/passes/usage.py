"""What a file does for a search: its layers, the annotations that are calls, its own calls of NNI, and its sessions.

    # @nni.get_next_parameter(session)         a request that loads
    nni.report_final_result(accuracy)          a report, in code
    with tf.Session() as session:              it trains by itself

It is read off annotations and code, so neither a comment nor a string counts. What several files lack together, and
what they are told of it, is `advice`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nascompile.diagnostics import Diagnostic, Reporter, Span
from nascompile.frontend.read import PythonFile
from nascompile.ir import Annotated, CallKind, MutableLayers, RuntimeCall, ScopeKind
from nascompile.lines import Lines
from nascompile.passes.names import is_from_another_file

_SESSIONS = (
    *("Session", "InteractiveSession", "MonitoredSession", "SingularMonitoredSession"),
    *("MonitoredTrainingSession", "managed_session"),
)
_makes_session = re.compile(rf"\b(?:{'|'.join(_SESSIONS)})\(".encode()).search
_imports_torch = re.compile(rb"^[ \t]*(?:import|from)[ \t]+torch\b", re.MULTILINE).search
_restores = re.compile(rb"restore|checkpoint|load_weights|\.load\(").search
_KINDS = {kind.value: kind for kind in CallKind}
_mentions_call = re.compile(rf"(?<!@nni\.)\b(?:{'|'.join(_KINDS)})\b").search
_RUNTIME = "nascompile_runtime"


@dataclass(frozen=True, slots=True)
class Mention:
    """A layer (`kind` is None) or a call, where it stands, and that line with the one above.

    `arguments` are the names of what the call was given. `repeats` says that it may run again and again: in a loop,
    in a function that is given its session, or called in code.
    """

    kind: CallKind | None
    span: Span
    line_text: str
    line_above: str
    arguments: frozenset[str] = frozenset()
    repeats: bool = False

    def report(self, path: str, code: str, message: str, hint: str) -> list[Diagnostic]:
        """Return a warning at this place; none where a comment there, or on the line above, silences its code."""
        texts = {self.span.line: self.line_text, self.span.line - 1: self.line_above}
        reporter = Reporter(path, texts.__getitem__)
        reporter.warning(code, message, self.span, hint)
        return reporter.diagnostics


@dataclass(frozen=True, slots=True)
class Usage:
    """What a file does for a search, in the order of the source; calls in its code come after its annotations.

    `trains` says that it makes a session, `restores` that weights may come from elsewhere, `is_open` that it calls the
    runtime by itself, so that nobody knows what it does; `names_tensorflow` that its text does, or imports bring it,
    and `imports_torch` that it imports PyTorch.
    """

    mentions: tuple[Mention, ...] = ()
    trains: bool = False
    restores: bool = False
    is_open: bool = False
    names_tensorflow: bool = False
    imports_torch: bool = False

    def layers(self) -> Iterator[Mention]:
        """Yield the blocks of layers."""
        return (mention for mention in self.mentions if mention.kind is None)

    def calls(self, *kinds: CallKind) -> Iterator[Mention]:
        """Yield the calls of some kinds."""
        return (mention for mention in self.mentions if mention.kind in kinds)


EMPTY = Usage()


def usage_of(annotations: Sequence[Annotated], file: PythonFile, data: bytes) -> Usage:
    """Return what a file does, whose annotations are known."""
    is_mentioned = _mentions_call(file.lines.text) is not None
    used = list(_used_names(file.tree)) if is_mentioned or makes_session(data) else []
    mentions = [mention for annotated in annotations if (mention := _annotated(annotated, file))]
    mentions += [_called(name, node, file.lines) for name, node in used if name in _KINDS]
    return Usage(
        mentions=tuple(mentions),
        trains=any(name in _SESSIONS and isinstance(node, ast.Call) for name, node in used),
        restores=restores(data),
        is_open=_RUNTIME in file.lines.text,
        names_tensorflow=b"tensorflow" in data or is_from_another_file(file.lines.text, file.tree),
        imports_torch=b"torch" in data and _imports_torch(data) is not None,
    )


def makes_session(data: bytes) -> bool:
    """Whether a file looks as if it trained by itself; most do not, and are found out fast."""
    return b"ession(" in data and _makes_session(data) is not None


def restores(data: bytes) -> bool:
    """Whether a file looks as if its weights came from elsewhere."""
    return _restores(data) is not None


def _annotated(annotated: Annotated, file: PythonFile) -> Mention | None:
    annotation, site = annotated.annotation, annotated.site
    if isinstance(annotation, MutableLayers):
        return _mention(None, _name_span(r"mutable_layers?", annotated, file.lines), file.lines)
    if not isinstance(annotation, RuntimeCall):
        return None
    arguments = {name: value.code for name, value in annotation.arguments if value.code != "None"}
    repeats = site.in_loop
    if not repeats and site.scope_kind in (ScopeKind.FUNCTION, ScopeKind.ASYNC_FUNCTION):
        repeats = _is_parameter(arguments.get("session", ""), site.span.line, file.tree)
    span = _name_span(annotation.kind.value, annotated, file.lines)
    return _mention(annotation.kind, span, file.lines, frozenset(arguments), repeats)


def _called(name: str, node: ast.expr, lines: Lines) -> Mention:
    """Return the mention of a function of NNI's in code; what it is called with matters only where it is a session."""
    arguments: frozenset[str] = frozenset()
    if isinstance(node, ast.Call):
        arguments = frozenset({"session"} if node.args or node.keywords else ())
        node = node.func
    start = lines.offset(node.lineno, node.col_offset)
    end = lines.offset(node.end_lineno or 0, node.end_col_offset or 0)
    return _mention(_KINDS[name], lines.span(start, end), lines, arguments, repeats=True)


def _mention(
    kind: CallKind | None,
    span: Span,
    lines: Lines,
    arguments: frozenset[str] = frozenset(),
    repeats: bool = False,
) -> Mention:
    above = lines.line(span.line - 1) if span.line > 1 else ""
    return Mention(kind, span, lines.line(span.line), above, arguments, repeats)


def _name_span(name: str, annotated: Annotated, lines: Lines) -> Span:
    """Return where an annotation's name stands; the whole of it where its text is in parts."""
    site = annotated.site
    match = re.compile(rf"@nni\.{name}").search(lines.text, site.start, site.end)
    return lines.span(*match.span()) if match else site.span


def _used_names(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield what code looks up or calls, each by the last of its names; calls come before what is called in them."""
    called: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called.add(id(node.func))
            yield _last_name(node.func), node
        elif isinstance(node, ast.Name | ast.Attribute) and id(node) not in called:
            yield _last_name(node), node


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_parameter(code: str, line: int, tree: ast.Module) -> bool:
    """Whether the session that an annotation names is given to the function around it: who calls that goes on with it.

    What a function makes for itself ends with it.
    """
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno < line <= (node.end_lineno or 0)
    ]
    if not code or not around:
        return False
    inner = max(around, key=lambda node: node.lineno)
    names = {argument.arg for argument in ast.walk(inner.args) if isinstance(argument, ast.arg)}
    return code.partition(".")[0] in names
