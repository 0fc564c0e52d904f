"""Warns of trials that are fine as code and will not search, or not end well: a folder's files are looked at together.

Files are judged by the words in them, since what a model file lacks another one may do. A warning needs a sign that the
code trains by itself: layers, and a session.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from nascompile.compiled import Options
from nascompile.diagnostics import Diagnostic, Reporter, Severity
from nascompile.ir import Annotated, CallKind, FunctionChoice, MutableLayers, RuntimeCall, Variable
from nascompile.lines import Lines
from nascompile.search_space import SearchSpace
from nascompile.source import SourceError, decode

_TAKES = re.compile(rb"get_next_parameter|training_update|@nni\.derive")
_ASKS = re.compile(rb"@nni\.(?:get_next_parameter|training_update|derive)")
_LOADS = re.compile(rb"@nni\.(?:get_next_parameter\(\s*\w|training_update)")
_REQUESTS = (CallKind.GET_NEXT_PARAMETER, CallKind.TRAINING_UPDATE)
_REQUEST_IN_CODE = re.compile(r"^[^#\n@]*\bget_next_parameter\(", re.MULTILINE)
_REPORTS = re.compile(rb"report_final_result")
_MEASURES = re.compile(rb"report_(?:intermediate|final)_result")
_EVALUATES = re.compile(rb"begin_evaluation")
_SESSION = re.compile(
    rb"\b(?:(?:Interactive|(?:Singular)?Monitored)?Session|MonitoredTrainingSession|managed_session)\("
)
_LAYER = re.compile(rb"mutable_layers?")
_STEPPED = ("enas", "darts")  # a step of these modes is one architecture, or trains the weights of all
_ONE_CHOICE = "there is nothing to search: no layer has more than one choice"
_ONE_CHOICE_HINT = "give a layer several candidates, or optional inputs to choose from"


def advise(
    files: Mapping[str, bytes], space: SearchSpace, options: Options, others: Iterable[bytes] = ()
) -> list[Diagnostic]:
    """Return what there is to say about files without mistakes that are compiled together.

    Some of them hold layers, or no other file can. What `others` hold that mention no annotation and no NNI is looked
    at only if none of the files trains.
    """
    is_empty = not space.blocks and not space.variables
    asks = is_empty and options.mode != "fixed" and any(map(_ASKS.search, files.values()))
    if options.mode == "classic" or not (space.blocks or asks):
        return []
    if not any(map(_trains, chain(files.values(), others))):
        return []
    if asks:
        return _layers(files)
    if options.mode == "fixed":
        return _scopes(files) if options.scopes else []
    advice = _choices(files) if space.size() == 1 else []
    return advice + (_search(files, options.mode) if options.mode in _STEPPED else _evaluation(files))


def _trains(data: bytes) -> bool:
    """Whether a file looks as if it trained by itself; most do not, and are found out fast."""
    return b"ession(" in data and _SESSION.search(data) is not None


def _layers(files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return a warning where architectures are asked for, and there is no layer in any file."""
    message = "there is nothing to search: no file has a layer"
    hint = "mark the undecided places of the model with `# @nni.mutable_layer(…)`"
    return _warning("NC705", message, files, _ASKS, hint)


def _choices(files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return a warning for layers that leave nothing to decide."""
    return _warning("NC705", _ONE_CHOICE, files, _LAYER, _ONE_CHOICE_HINT)


def _search(files: Mapping[str, bytes], mode: str) -> list[Diagnostic]:
    """Return a warning where a search does not get on."""
    if not any(_TAKES.search(data) for data in files.values()):
        message = f"nothing takes the next architecture, so mode {mode} trains the first one alone"
        hint = "in the training loop, before each step: `# @nni.get_next_parameter(session)`"
        if mode == "darts":
            message = "nothing trains the architecture weights, so mode darts weighs all candidates alike"
            hint = "in the training loop: `# @nni.training_update(tf, session, loss, feed_dict)`"
        return _warning("NC702", message, files, _LAYER, hint)
    if mode == "enas" and not any(_REPORTS.search(data) for data in files.values()):
        message = "architectures are taken, but nothing reports their results, so no controller can learn"
        hint = "behind each step: `# @nni.report_final_result(metric)`"
        return _warning("NC703", message, files, _LOADS, hint)
    return []


def _evaluation(files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return a warning where results are those of paths that are dropped at random."""
    if any(_EVALUATES.search(data) for data in files.values()):
        return []
    message = "results are reported, and nothing marks an evaluation: they are measured while paths are dropped"
    hint = "around the evaluation: `# @nni.begin_evaluation(session)` and `# @nni.end_evaluation(session)`"
    return _warning("NC708", message, files, _MEASURES, hint)


def _scopes(files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return a warning for each file with layers in which fixed can write no variable scope."""
    message = "the file does not import TensorFlow, so the weights have no scope, and not the names of other modes"
    hint = "add `import tensorflow.compat.v1 as tf`, or compile with --no-scopes"
    without = {path: data for path, data in files.items() if b"tensorflow" not in data}
    return [one for path, data in without.items() for one in _warning("NC707", message, {path: data}, _LAYER, hint)]


def check_loops(annotations: Sequence[Annotated], lines: Lines, reporter: Reporter) -> None:
    """Warn of layers in loops; and of variables and function choices, where no loop takes the next values."""
    in_loops = [one for one in annotations if one.site.in_loop]
    for one in in_loops:
        if isinstance(one.annotation, MutableLayers):
            message = "a layer in a loop is one layer: all its rounds share one choice"
            hint = "write a layer for each round, if each shall have a choice of its own"
            reporter.warning("NC704", message, one.site.span, hint)
    sampled = [one for one in in_loops if isinstance(one.annotation, Variable | FunctionChoice)]
    requests = [one for one in in_loops if isinstance(one.annotation, RuntimeCall) and one.annotation.kind in _REQUESTS]
    if not sampled or requests or _REQUEST_IN_CODE.search(lines.text):
        return
    for one in sampled:
        what = "variable" if isinstance(one.annotation, Variable) else "function choice"
        message = f"a {what} in a loop is one choice, which all its rounds share"
        hint = "if that is meant, say so on the line above: `# nascompile: ignore[NC704]`"
        reporter.warning("NC704", message, one.site.span, hint)


def nothing_to_search(size: int | float, path: str) -> list[Diagnostic]:
    """Return a warning where a search space leaves nothing to decide."""
    if size > 1:
        return []
    return [Diagnostic("NC705", _ONE_CHOICE, path, hint=_ONE_CHOICE_HINT, severity=Severity.WARNING)]


def _warning(
    code: str, message: str, files: Mapping[str, bytes], place: re.Pattern[bytes], hint: str
) -> list[Diagnostic]:
    """Return a warning at the first place that matches in any of the files; none where nothing does."""
    path = next((path for path, data in files.items() if place.search(data)), None)
    if path is None:
        return []
    try:
        lines = Lines(decode(files[path]).text)
    except SourceError:
        return []
    match = re.search(place.pattern.decode(), lines.text)
    reporter = Reporter(path, lines.line)
    if match:
        reporter.warning(code, message, lines.span(*match.span()), hint)
    return reporter.diagnostics
