"""A trial of an NNI experiment: NNI gives the parameters and gets the results.

classic. NNI's tuner drew a sample of the flat search space for this trial, and that is the architecture of all its
    requests. A tuner of one's own may give architectures as they are. The last final result counts.
enas, oneshot, darts. This process searches, as without an experiment; only the variables of the supernet may be sampled
    by NNI. NNI gets the final result of each step as an intermediate one, and as the trial's the mean of the last tenth
    (at least of the last one).

NNI allows a trial one final result, so it is sent when the process ends, and only if it ends well. Where NNI gets none,
standard error, which NNI keeps with the trial's logs, says why.
"""

from __future__ import annotations

import atexit
import math
import os
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nascompile_runtime.architecture import Architecture, ArchitectureError, Choice, choice_of, to_json
from nascompile_runtime.backends import standalone
from nascompile_runtime.backends.base import Answer, Backend, Metric
from nascompile_runtime.backends.nni_channel import RecordedChannel, default_channel, use_recorded_parameters
from nascompile_runtime.ending import Ending
from nascompile_runtime.flat import choice_of_sample, holds, value_of_sample
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.nni_finder import is_stand_in
from nascompile_runtime.variables import Plain, VariableSpace

if TYPE_CHECKING:
    from nascompile_runtime.controllers import Controller

VARIABLE = "NNI_PLATFORM"


class SampledAnswer:
    """The parameters that NNI gave: a sample of the flat search space, or an architecture."""

    given = True

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters

    def choice(self, space: LayerSpace) -> Choice:
        """The choice for a layer. Raises ArchitectureError where the parameters hold none of this space."""
        if any(isinstance(value, dict) for value in self._parameters.values()):
            return choice_of(dict(self._parameters), space)
        return choice_of_sample(self._parameters, space)

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """The choices for `spaces`."""
        return to_json((space, self.choice(space)) for space in spaces)

    def value(self, variable: VariableSpace) -> Plain:
        """The value for a variable. Raises ArchitectureError where the parameters hold none that it can have."""
        return value_of_sample(self._parameters, variable)


class SearchedAnswer:
    """Parameters of the search in a supernet; of its variables NNI may have sampled some, for all of the trial."""

    def __init__(self, searched: Answer, parameters: Callable[[], Mapping[str, Any]]) -> None:
        self._searched = searched
        self._parameters = parameters
        self.given = searched.given

    def choice(self, space: LayerSpace) -> Choice:
        """The searched choice for a layer."""
        return self._searched.choice(space)

    def value(self, variable: VariableSpace) -> Plain:
        """NNI's value for a variable, where it samples that."""
        parameters = self._parameters()
        if holds(parameters, variable):
            return value_of_sample(parameters, variable)
        return self._searched.value(variable)

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """The searched choices for `spaces`."""
        return self._searched.architecture(spaces)


class NniBackend:
    """Speaks with NNI through `nni`, the module that NNI's trials import; `search` proposes what NNI does not."""

    def __init__(self, nni: Any, search: Backend, ending: Ending) -> None:
        self._nni = nni
        self._search = search
        self._ending = ending
        self._finals = Finals()
        self._process = os.getpid()
        self._given: Mapping[str, Any] | None = None

    def start(self) -> Answer:
        """Where a supernet starts."""
        return SearchedAnswer(self._search.start(), self._parameters)

    @property
    def first_request(self) -> int:
        """That of the controller's search."""
        return self._search.first_request

    def take(self, request: int, *, step: bool = True) -> Answer:
        """The trial's one architecture, or for a step of a supernet the controller's proposal."""
        if step:
            return SearchedAnswer(self._search.take(request), self._parameters)
        return SampledAnswer(self._parameters())

    @property
    def controller(self) -> Controller | None:
        """The one in this process."""
        return self._search.controller

    def listed(self) -> Sequence[Answer]:
        """NNI gives one architecture at most, and none to a supernet."""
        return ()

    def observe(self, architecture: Architecture, reward: float, *, step: bool = True) -> None:
        """Hand the reward to the controller."""
        self._search.observe(architecture, reward, step=step)

    def report_intermediate(self, metric: Metric) -> None:
        """Send it, if it is a number: JSON has no others."""
        self._ending.goes_on()
        if _is_finite(metric):
            self._parameters()  # NNI hears only those who asked for parameters
            self._nni.report_intermediate_result(metric)
        else:
            _say(f"NNI is not told the intermediate result {metric}: it takes finite numbers only")

    def report_final(self, metric: Metric, *, step: bool) -> None:
        """Keep it for the end of the trial; what a step of a supernet ends with is sent as intermediate result too."""
        self._ending.goes_on()
        if not step:
            self._finals = Finals()  # it takes the place of the one before
        self._finals.add(metric)
        if step:
            self.report_intermediate(metric)

    def finish(self) -> None:
        """Send the final result, or say why there is none: the last thing that the process does."""
        if os.getpid() != self._process:  # a fork that was left to end by itself
            return
        failure = self._ending.failure()
        if self._was_told():
            return  # by a call of nni.report_final_result in the user's code
        if failure is not None:
            _say(f"NNI gets no final result: the trial ended with {failure}")
        elif not self._finals.count:
            _say("NNI gets no final result: the trial reported none (@nni.report_final_result)")
        elif not _is_finite(result := self._finals.result()):
            _say(f"NNI gets no final result: it is {result}, and NNI takes finite numbers only")
        else:
            self._parameters()
            self._nni.report_final_result(result)
            mean = f", the mean of the last {self._finals.tail}" if self._finals.tail > 1 else ""
            print(f"nascompile: NNI gets the final result {_named(result)['default']:.6g}{mean}", flush=True)

    def _was_told(self) -> bool:
        channel = default_channel()
        return isinstance(channel, RecordedChannel) and channel.heard_final

    def _parameters(self) -> Mapping[str, Any]:
        """What NNI gave this trial. It answers once, be it to us or to the user's code before us."""
        if self._given is None:
            parameters = self._nni.get_current_parameter()
            if parameters is None:
                parameters = self._nni.get_next_parameter()
            if not isinstance(parameters, Mapping):
                raise ArchitectureError(f"NNI gave this trial no parameters, but {parameters!r:.80}")
            self._given = parameters
        return self._given


class Finals:
    """All results that were reported as final, and the one that stands for them."""

    def __init__(self) -> None:
        self.count = 0
        self._values: dict[str, array[float]] = {}
        self._last: Metric = math.nan

    @property
    def tail(self) -> int:
        """How many of the last results the mean is of."""
        return max(1, self.count // 10)

    def add(self, metric: Metric) -> None:
        """Keep a result."""
        self.count += 1
        self._last = metric
        for name, value in _named(metric).items():
            self._values.setdefault(name, array("d")).append(value)

    def result(self) -> Metric:
        """The mean of the last tenth, of each number where a result has several."""
        if self.tail == 1:
            return self._last
        means = {name: sum(values := self._values[name][-self.tail :]) / len(values) for name in _named(self._last)}
        return means if isinstance(self._last, dict) else means["default"]


def open_backend() -> NniBackend | None:
    """The experiment that `NNI_PLATFORM` tells of; None where there is none, or none that can be spoken with."""
    if not os.environ.get(VARIABLE):
        return None
    try:
        import nni

        if is_stand_in(nni):
            raise ImportError("it is not installed")
    except ImportError as error:
        _say(f"{VARIABLE} is set, but nni cannot be imported ({error}): running as if there were no experiment")
        return None
    if nni.get_current_parameter() is None:  # else the user's code asked before us
        use_recorded_parameters(nni)
    backend = NniBackend(nni, standalone.open_backend(), Ending())
    atexit.register(backend.finish)
    return backend


def _named(metric: Metric) -> dict[str, float]:
    return metric if isinstance(metric, dict) else {"default": metric}


def _is_finite(metric: Metric) -> bool:
    return all(map(math.isfinite, _named(metric).values()))


def _say(message: str) -> None:
    print(f"nascompile: {message}", file=sys.stderr, flush=True)
