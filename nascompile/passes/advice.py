"""Warns of trials that are fine as code and will not search, or not end well: a folder's files are looked at together.

Files are judged by what they do (`usage`), since what a model file lacks another one may do. A warning needs a sign
that the code trains by itself: layers, and a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from nascompile.compiled import Options
from nascompile.diagnostics import Diagnostic, Reporter, Severity
from nascompile.ir import Annotated, CallKind, FunctionChoice, MutableLayers, Variable
from nascompile.passes.usage import Mention, Usage, makes_session, restores
from nascompile.search_space import SearchSpace

_REQUESTS = (CallKind.GET_NEXT_PARAMETER, CallKind.TRAINING_UPDATE)
_ASKS = (*_REQUESTS, CallKind.DERIVE)
_REPORTS = (CallKind.REPORT_INTERMEDIATE_RESULT, CallKind.REPORT_FINAL_RESULT)
_STEPPED = ("enas", "darts")  # a step of these modes is one architecture, or trains the weights of all
_ONE_CHOICE = "there is nothing to search: no layer has more than one choice"
_ONE_CHOICE_HINT = "give a layer several candidates, or optional inputs to choose from"
_LOAD_HINT = "in the training loop, before each step: `# @nni.get_next_parameter(session)`"
_UPDATE_HINT = "in the training loop: `# @nni.training_update(tf=tf, session=session, loss=loss, feed_dict=…)`"

Files = Mapping[str, Usage]
"""What each file does, by path."""
Others = Callable[[], Iterable[bytes]]
"""The files that hold nothing for us, read when it matters what they do."""


def advise(files: Files, space: SearchSpace, options: Options, others: Others = tuple) -> list[Diagnostic]:
    """Return what there is to say about files without mistakes that are compiled together.

    Some of them hold layers, or no other file can. What `others` hold that mention no annotation and no NNI is looked
    at only if none of the files trains.
    """
    is_empty = not space.blocks and not space.variables
    asks = _calls(files, *_ASKS) if is_empty and options.mode != "fixed" else []
    if options.mode == "classic" or not (space.blocks or asks):
        return []
    if options.mode != "fixed" and (of_torch := _torch(files, options.mode, others)):
        return of_torch
    if not any(usage.trains for usage in files.values()) and not any(map(makes_session, others())):
        return []
    if asks:
        message = "there is nothing to search: no file has a layer"
        return _warn("NC705", message, asks, "mark the undecided places of the model with `# @nni.mutable_layer(…)`")
    if options.mode == "fixed":
        return _scopes(files) if options.scopes else []
    advice = _warn("NC705", _ONE_CHOICE, _layers(files), _ONE_CHOICE_HINT) if space.size() == 1 else []
    if any(usage.is_open for usage in files.values()):
        return advice
    if options.mode in _STEPPED:
        return advice + _search(files, options.mode, others)
    return advice + _evaluation(files)


def _torch(files: Files, mode: str, others: Others) -> list[Diagnostic]:
    """Return a warning where the layers are of PyTorch, and no file names TensorFlow."""
    layers = _layers({path: usage for path, usage in files.items() if usage.imports_torch})
    if not layers or any(usage.names_tensorflow for usage in files.values()):
        return []
    if any(b"tensorflow" in data for data in others()):
        return []
    message = f"this model is one of PyTorch, and mode {mode} builds a graph of TensorFlow"
    return _warn("NC713", message, layers, "modes classic and fixed are for any Python: compile for one of these")


_Placed = tuple[str, Mention]
"""A mention with the path of its file."""


def _calls(files: Files, *kinds: CallKind) -> list[_Placed]:
    return [(path, mention) for path, usage in files.items() for mention in usage.calls(*kinds)]


def _layers(files: Files) -> list[_Placed]:
    return [(path, mention) for path, usage in files.items() for mention in usage.layers()]


def _loads(mention: Mention) -> bool:
    """Whether a call brings the next architecture into a supernet: an update finds a session by itself."""
    return mention.kind is CallKind.TRAINING_UPDATE or "session" in mention.arguments


def _search(files: Files, mode: str, others: Others) -> list[Diagnostic]:
    """Return a warning where a search does not get on."""
    updates = _calls(files, CallKind.TRAINING_UPDATE)
    loads = [placed for placed in _calls(files, *_REQUESTS) if _loads(placed[1])]
    if not (updates if mode == "darts" else loads):
        return _stuck(files, mode, others)
    if mode == "enas" and not _calls(files, CallKind.REPORT_FINAL_RESULT):
        message = "architectures are taken, but nothing reports their results, so no controller can learn"
        return _warn("NC703", message, loads, "behind each step: `# @nni.report_final_result(metric)`")
    return []


def _stuck(files: Files, mode: str, others: Others) -> list[Diagnostic]:
    """Return a warning for a search that stays where it starts; what only ranks may have its weights from elsewhere."""
    derives = _calls(files, CallKind.DERIVE)
    if derives and (any(usage.restores for usage in files.values()) or any(map(restores, others()))):
        return []
    requests = _calls(files, CallKind.GET_NEXT_PARAMETER)
    if mode == "darts":
        message = "nothing trains the architecture weights, so mode darts weighs all candidates alike"
        if requests:
            message = "a request trains no architecture weights, and nothing else does: mode darts weighs all alike"
        elif derives:
            message = "nothing trains the architecture weights, so what is ranked here are their first values"
        return _warn("NC702", message, requests or derives or _layers(files), _UPDATE_HINT)
    if requests:
        message = "without a session a request loads nothing, so mode enas trains the first architecture alone"
        return _warn("NC702", message, requests, "give it the session: `# @nni.get_next_parameter(session)`")
    if derives:
        message = "nothing takes the next architecture, so what is ranked here was trained on the first one alone"
        return _warn("NC702", message, derives, _LOAD_HINT)
    message = "nothing takes the next architecture, so mode enas trains the first one alone"
    return _warn("NC702", message, _layers(files), _LOAD_HINT)


def _evaluation(files: Files) -> list[Diagnostic]:
    """Return a warning where results are those of paths that are dropped at random, or where none is ever again."""
    begins = _calls(files, CallKind.BEGIN_EVALUATION)
    if not begins:
        message = "results are reported, and nothing marks an evaluation: they are measured while paths are dropped"
        hint = "around the evaluation: `# @nni.begin_evaluation(session)` and `# @nni.end_evaluation(session)`"
        return _warn("NC708", message, _calls(files, *_REPORTS), hint)
    if _calls(files, CallKind.END_EVALUATION):
        return []
    message = "no evaluation ends, so after the first one no path is dropped any more, not in training either"
    again = [placed for placed in begins if placed[1].repeats]
    return _warn("NC709", message, again, "behind the evaluation: `# @nni.end_evaluation(session)`")


def _scopes(files: Files) -> list[Diagnostic]:
    """Return a warning for each file with layers in which fixed can write no variable scope."""
    message = "the file does not import TensorFlow, so the weights have no scope, and not the names of other modes"
    hint = "add `import tensorflow.compat.v1 as tf`, or compile with --no-scopes"
    without = {path: usage for path, usage in files.items() if not usage.names_tensorflow}
    return [
        warning for path, usage in without.items() for warning in _warn("NC707", message, _layers({path: usage}), hint)
    ]


def _warn(code: str, message: str, places: Sequence[_Placed], hint: str) -> list[Diagnostic]:
    """Return a warning at the first of the places; none where there is no place, or a comment there silences it."""
    if not places:
        return []
    path, mention = places[0]
    return mention.report(path, code, message, hint)


def check_loops(annotations: Sequence[Annotated], usage: Usage, reporter: Reporter) -> None:
    """Warn of layers in loops; and of variables and function choices, where no loop takes the next values."""
    in_loops = [one for one in annotations if one.site.in_loop]
    for one in in_loops:
        if isinstance(one.annotation, MutableLayers):
            message = "a layer in a loop is one layer: all its rounds share one choice"
            hint = "write a layer for each round, if each shall have a choice of its own"
            reporter.warning("NC704", message, one.site.span, hint)
    sampled = [one for one in in_loops if isinstance(one.annotation, Variable | FunctionChoice)]
    if not sampled or any(request.repeats for request in usage.calls(*_REQUESTS)):
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
