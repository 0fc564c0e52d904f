"""No experiment around the trial: a seeded controller in this process proposes the architectures.

The search space is not known before it is built, and classic builds while it asks. So an answer is drawn layer by
layer, when a choice is first needed, and stays what it is from then on.
"""

from __future__ import annotations

from collections.abc import Sequence

from nascompile_runtime.architecture import Architecture, Choice, choice_of, starting_choice, to_json
from nascompile_runtime.backends.base import Backend
from nascompile_runtime.controllers import Controller, create_controller
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import read_options


class DrawnAnswer:
    """The architecture that the controller draws for one request, as far as it was needed yet."""

    given = False

    def __init__(self, controller: Controller, request: int) -> None:
        self._controller = controller
        self._request = request
        self._choices: dict[tuple[str, str], Choice] = {}

    def choice(self, space: LayerSpace) -> Choice:
        """The choice for a layer, drawn now if it was not."""
        return self._drawn([space])[0]

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """The choices for `spaces`; what is still missing is drawn together."""
        return to_json(zip(spaces, self._drawn(spaces), strict=True))

    def _drawn(self, spaces: Sequence[LayerSpace]) -> list[Choice]:
        missing = [space for space in spaces if space.key not in self._choices]
        if missing:
            proposed = self._controller.propose(self._request, missing)
            self._choices.update((space.key, choice_of(proposed, space)) for space in missing)
        return [self._choices[space.key] for space in spaces]


class StartAnswer:
    """Where a supernet starts: each layer on its first candidate and its first and fewest inputs."""

    given = False

    def choice(self, space: LayerSpace) -> Choice:
        """The starting choice, which every layer has."""
        return starting_choice(space)

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """The starting choices for `spaces`."""
        return to_json((space, starting_choice(space)) for space in spaces)


class StandaloneBackend(Backend):
    """The controller that the options name, asked for one architecture a request."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    @property
    def controller(self) -> Controller:
        """The one that is asked."""
        return self._controller

    def start(self) -> StartAnswer:
        """The starting architecture; the controller is not asked."""
        return StartAnswer()

    def take(self, request: int, *, step: bool = True) -> DrawnAnswer:
        """The controller's proposal for this request."""
        return DrawnAnswer(self._controller, request)

    def observe(self, architecture: Architecture, reward: float) -> None:
        """Hand the reward to the controller."""
        self._controller.observe(architecture, reward)


def open_backend() -> StandaloneBackend:
    """The backend that is always there. Raises OptionsError where the options name no controller."""
    options = read_options()
    return StandaloneBackend(create_controller(options.controller, options))
