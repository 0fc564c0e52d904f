"""What this process knows of its search: the layers built so far, and the architecture that counts.

Parameters come from the first of these that is there (see `backends`): the file that `NASCOMPILE_ARCHITECTURE` names,
an experiment around the trial, a seeded controller in this process. The n-th request takes the n-th architecture.

An architecture goes through two steps. `take_next` makes the request: the architecture is *pending*. `load` makes it
*current*: what is built or run from now on follows it, and results are reported with it. Building consumes nothing.

classic. `get_next_parameter` takes and loads at once; what is built afterwards follows, what stands does not. The
    first layer built makes the first request if there was none. A layer that the architecture of the controller does
    not have yet is drawn when it is built.
enas. `get_next_parameter()` leaves the architecture pending. The next call with a session, be it of
    `get_next_parameter(session)` or `training_update(session=...)`, loads the pending one, or else takes the next one
    and loads it. Until then the supernet runs on the starting architecture: the first given one (which the first
    request takes all the same), or the first candidates with the fewest inputs. Two requests without a load between
    them leave the later one pending.
oneshot. Requests count as in enas. An architecture that was given selects its sub-architecture, from the start on;
    what a controller would draw selects nothing: every path stays, and paths are dropped at random.
darts. As oneshot: what a controller would draw selects nothing, and the weighted sum stays.
fixed has no runtime.

A session that never loaded an architecture runs the one in use: the current one, whichever session loaded it, or else
the start. So does a graph that is built later.

A sampled variable belongs to the parameters that were taken last, each time it is evaluated: after the next ones were
taken it has their value, drawn anew, and what is evaluated once, before a loop, stays as it is. Before any were taken
it has the value of the start. Only requests take parameters; `training_update` makes one in enas, and none in oneshot
and darts.

The state belongs to the process, not to a graph: two graphs of one process share the sequence of requests.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from nascompile_runtime.account import Account
from nascompile_runtime.architecture import Architecture
from nascompile_runtime.backends import open_backend
from nascompile_runtime.backends.base import Answer, Backend
from nascompile_runtime.fingerprint import fingerprint
from nascompile_runtime.layer import LayerError, LayerSpace
from nascompile_runtime.records import check_recording
from nascompile_runtime.tally import Tally
from nascompile_runtime.variables import Plain, VariableSpace

if TYPE_CHECKING:
    from nascompile_runtime.options import Options


class Trial:
    """The search of one process."""

    def __init__(self) -> None:
        self._spaces: dict[tuple[str, str], LayerSpace] = {}
        self._requests = 0
        self._pending: Answer | None = None
        self._current: Answer | None = None
        self._values: dict[str, Plain] = {}
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.account = Account()
        """What was counted of this search."""
        self.graphs: WeakSet[Any] = WeakSet()
        """The supernets that were built in this search, as long as they are there."""

    @cached_property
    def options(self) -> Options:
        """The options, read when first needed. Raises OptionsError."""
        from nascompile_runtime.options import read_options

        return read_options()

    @cached_property
    def backend(self) -> Backend:
        """Who gives the parameters, found when first needed.

        Raises:
            ArchitectureError: the given architecture cannot be read.
            OptionsError: the options say something they cannot.
            OSError: the file for results cannot be written.
        """
        check_recording()
        return open_backend()

    @property
    def spaces(self) -> list[LayerSpace]:
        """The layers built so far, in the order of their first building."""
        return list(self._spaces.values())

    def register(self, space: LayerSpace) -> None:
        """Note that a layer is being built.

        Raises:
            LayerError: the layer was built before with other candidates, other inputs or another size.
        """
        known = self._spaces.setdefault(space.key, space)
        for what in ("candidates", "inputs", "sizes"):
            before, now = getattr(known, what), getattr(space, what)
            if before != now:
                raise LayerError(f"{space} was built before with the {what} {before}, and now with {now}")

    def take_next(self, *, step: bool = True) -> Answer:
        """Make the next request; its answer is pending until it is loaded, or until the request after it.

        It is for a step of a supernet, or else for the trial as a whole.
        """
        self._pending = self.backend.take(self.requests, step=step)
        self._requests += 1
        return self._pending

    @property
    def requests(self) -> int:
        """How many requests were made, in this process and where its search goes on from another's, there."""
        return self.backend.first_request + self._requests

    @property
    def requests_here(self) -> int:
        """How many requests this process made."""
        return self._requests

    @property
    def results(self) -> int:
        """How many results this process reported, on the way and final."""
        return sum(tally.count for tally in self._tallies.values())

    @property
    def has_choice(self) -> bool:
        """Whether there is anything to search: a layer with several choices, of which nobody has decided."""
        return any(space.has_choice for space in self.spaces) and not self.in_use.given

    def next_to_load(self) -> Answer:
        """The pending answer, or else that of a new request."""
        return self._pending or self.take_next()

    def load(self, answer: Answer) -> Answer:
        """From now on `answer` counts: the graph runs it, or will be built from it."""
        self._current, self._pending = answer, None
        return answer

    @property
    def start(self) -> Answer:
        """What a supernet runs before anything was loaded."""
        return self.backend.start()

    @property
    def in_use(self) -> Answer:
        """What runs: what was loaded last, by whichever session, or else the start."""
        return self._current or self.start

    @property
    def taken(self) -> Answer:
        """What was taken last, loaded or not; the start where nothing was."""
        return self._pending or self.in_use

    @property
    def pending(self) -> Answer | None:
        """What was requested and not loaded yet."""
        return self._pending

    @property
    def current(self) -> Answer | None:
        """What was loaded last."""
        return self._current

    def sample(self, answer: Answer, variable: VariableSpace) -> Plain:
        """The value that an answer has for a variable, which counts from now on. Raises ArchitectureError."""
        value = self._values[variable.key] = answer.value(variable)
        return value

    @property
    def values(self) -> dict[str, Plain]:
        """The values of the variables sampled so far, each as sampled last."""
        return dict(self._values)

    def architecture(self) -> Architecture:
        """The architecture that counts now, for the layers built and the variables sampled so far."""
        return {**fingerprint(self.spaces), **self._layers(), **self._values}

    @property
    def is_selected(self) -> bool:
        """Whether the architecture that counts was given, so that a sum of all of the search space selects it."""
        return self.in_use.given

    def selected_architecture(self) -> Architecture | None:
        """The architecture that counts, if a sum selects it. The sum itself is none: it has variables, if anything."""
        return self.architecture() if self.is_selected else self.values or None

    def tally(self, kind: str) -> Tally:
        """What was counted of the reports of a kind."""
        return self._tallies[kind]

    def observe(self, metric: float, *, step: bool = True) -> None:
        """Tell the backend how good the current architecture was, higher for better whatever the metric's direction.

        The metric is that of a step of a supernet, or else that of the trial so far. Of a given architecture there is
        no one to learn.
        """
        if self.in_use.given:
            return
        sign = 1.0 if self.options.optimize_mode == "maximize" else -1.0
        self.backend.observe(self._layers(), sign * metric, step=step)

    def _layers(self) -> Architecture:
        return self.in_use.architecture(self.spaces)


_trial = Trial()


def trial() -> Trial:
    """The search of this process."""
    return _trial


def reset() -> None:
    """Forget everything, and read the environment again when it is next needed."""
    global _trial
    _trial = Trial()
