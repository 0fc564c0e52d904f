"""What a source of parameters is: a backend answers requests, and each answer makes the choices of its architecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from nascompile_runtime.architecture import Architecture, ArchitectureError, Choice
from nascompile_runtime.given import GivenArchitecture
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.variables import Plain, VariableSpace

if TYPE_CHECKING:
    from nascompile_runtime.controllers import Controller

Metric: TypeAlias = float | dict[str, float]


class Answer(Protocol):
    """What one `get_next_parameter` took: an architecture, whole or still being drawn."""

    given: bool
    """Whether someone decided this architecture, so that oneshot selects it instead of dropping paths at random."""

    def choice(self, space: LayerSpace) -> Choice:
        """Its choice for a layer, the same however often it is asked. Raises ArchitectureError where it has none."""

    def value(self, variable: VariableSpace) -> Plain:
        """Its value for a variable, the same however often it is asked. Raises ArchitectureError where it has none."""

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """The whole of it as JSON, for the layers of `spaces`."""


class Backend(Protocol):
    """Gives parameters, takes rewards, and hears of all results."""

    def start(self) -> Answer:
        """What a supernet reads before anything is loaded. Consumes nothing."""

    @property
    def first_request(self) -> int:
        """The number of this process's first request: as many were made before, where a search goes on."""
        return 0

    def take(self, request: int, *, step: bool = True) -> Answer:
        """The answer to a request; requests are counted from `first_request`.

        It is for a step of a supernet, which searches in this process, or else for the trial as a whole.
        """

    @property
    def controller(self) -> Controller | None:
        """Who proposes architectures in this process; None where nobody does."""
        return None

    def listed(self) -> Sequence[Answer]:
        """The architectures that were given as a list, which deriving ranks; none where nobody has given one."""
        return ()

    def observe(self, architecture: Architecture, reward: float, *, step: bool = True) -> None:
        """Learn how good an architecture was, in a step of a supernet or so far in the trial; high rewards are good."""

    def report_intermediate(self, metric: Metric) -> None:
        """Hear of a result on the way: a number, or several of which "default" is the result."""
        return  # by default, nothing

    def report_final(self, metric: Metric, *, step: bool) -> None:
        """Hear of a final result: of one step of a supernet, or else of the trial."""
        return


class GivenAnswer:
    """An architecture that came from outside, as it is: it may hold more than this process builds."""

    given = True

    def __init__(self, architecture: Architecture, origin: str) -> None:
        self._architecture = GivenArchitecture(architecture, origin)
        self._origin = origin

    def choice(self, space: LayerSpace) -> Choice:
        """The choice it holds. Raises ArchitectureError, with its origin, where it holds none of this space."""
        try:
            return self._architecture.choice(space)
        except ArchitectureError as error:
            raise ArchitectureError(f"{self._origin}: {error}") from None

    def value(self, variable: VariableSpace) -> Plain:
        """The value it holds. Raises ArchitectureError, with its origin, where it holds none, or none that can be."""
        try:
            return self._architecture.value(variable)
        except ArchitectureError as error:
            raise ArchitectureError(f"{self._origin}: {error}") from None

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """All of it, sampled variables too."""
        return self._architecture.content

    def found(self) -> dict[str, bool]:
        """Whether each block, `block/layer` and variable that it holds was found when something was asked for."""
        return self._architecture.found()
