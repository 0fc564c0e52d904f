"""No experiment around the trial: a seeded controller in this process proposes the architectures.

The search space is not known before it is built, and classic builds while it asks. So an answer is drawn layer by
layer, when a choice is first needed, and stays what it is from then on.

A step of a supernet earns its reward at once. Of a trial in classic the last final result counts, so it is the reward
once the next request is made, or the process ends, and ends well.
"""

from __future__ import annotations

import atexit
import math
import os
import sys
from collections.abc import Sequence

from nascompile_runtime.architecture import Architecture, Choice, read_choice, starting_choice, to_json
from nascompile_runtime.backends.base import Backend
from nascompile_runtime.backends.checkpoint import Checkpoint, Progress
from nascompile_runtime.controllers import Controller, create_controller
from nascompile_runtime.ending import Ending
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import read_options
from nascompile_runtime.variables import Plain, VariableSpace


class DrawnAnswer:
    """The architecture that the controller draws for one request, as far as it was needed yet."""

    given = False

    def __init__(self, controller: Controller, seed: int, request: int) -> None:
        self._controller = controller
        self._seed = seed
        self._request = request
        self._choices: dict[tuple[str, str], Choice] = {}

    def choice(self, space: LayerSpace) -> Choice:
        """The choice for a layer, drawn now if it was not."""
        return self._drawn([space])[0]

    def value(self, variable: VariableSpace) -> Plain:
        """The value for a variable, drawn beside the controller, which proposes layers."""
        return variable.draw(self._seed, self._request)

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """The choices for `spaces`; what is still missing is drawn together."""
        return to_json(zip(spaces, self._drawn(spaces), strict=True))

    def _drawn(self, spaces: Sequence[LayerSpace]) -> list[Choice]:
        missing = [space for space in spaces if space.key not in self._choices]
        if missing:
            proposed = self._controller.propose(self._request, missing)
            self._choices.update(
                (space.key, read_choice(proposed[space.block][space.layer], space)) for space in missing
            )
        return [self._choices[space.key] for space in spaces]


class StartAnswer:
    """Where a supernet starts: each layer on its first candidate and its first and fewest inputs."""

    given = False

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def choice(self, space: LayerSpace) -> Choice:
        """The starting choice, which every layer has."""
        return starting_choice(space)

    def value(self, variable: VariableSpace) -> Plain:
        """The value for a variable, drawn once for the whole search."""
        return variable.draw(self._seed, 0)

    def architecture(self, spaces: Sequence[LayerSpace]) -> Architecture:
        """The starting choices for `spaces`."""
        return to_json((space, starting_choice(space)) for space in spaces)


class StandaloneBackend(Backend):
    """The controller that the options name, asked for one architecture a request; with a checkpoint, across trials."""

    def __init__(
        self,
        controller: Controller,
        checkpoint: Checkpoint | None = None,
        ending: Ending | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self._controller = controller
        self._seed = seed
        self._checkpoint = checkpoint
        self._ending = ending
        self._progress = checkpoint.restore(controller) if checkpoint else Progress()
        self._first_request = self._progress.requests
        self._not_finite_before = self._progress.not_finite
        self._last_result: tuple[Architecture, float] | None = None
        self._is_owed_a_result = False
        self._process = os.getpid()

    @property
    def controller(self) -> Controller:
        """The one that is asked."""
        return self._controller

    @property
    def first_request(self) -> int:
        """How many requests the checkpoint knows of."""
        return self._first_request

    def start(self) -> StartAnswer:
        """The starting architecture; the controller is not asked."""
        return StartAnswer(self._seed)

    def take(self, request: int, *, step: bool = True) -> DrawnAnswer:
        """The controller's proposal for this request. Raises CheckpointError where the checkpoint cannot be written."""
        self._count_last_result()
        self._progress.requests = request + 1
        self._is_owed_a_result = not step
        # Requests are saved too: a trial that is killed shall not be run again and again.
        self._save()
        return DrawnAnswer(self._controller, self._seed, request)

    def observe(self, architecture: Architecture, reward: float, *, step: bool = True) -> None:
        """Hand the reward to the controller, that of a trial when it is known to be the last."""
        if step:
            self._learn(architecture, reward)
        else:
            self._last_result = architecture, reward
            if self._ending:
                self._ending.goes_on()

    def finish(self) -> None:
        """Count the last result, write the checkpoint, and say what was not learnt from: the process ends."""
        if os.getpid() != self._process:  # a fork that was left to end by itself
            return
        if self._checkpoint and self._ending and self._progress.requests > self._first_request:
            failure = self._ending.failure()
            if failure is None:
                self._count_last_result()
            if self._is_owed_a_result:
                why = f"it ended with {failure}" if failure else "it reported none (@nni.report_final_result)"
                _say(f"{self._checkpoint.name}: the search gets no final result of this trial: {why}")
            self._checkpoint.save(self._controller, self._progress, now=True)
        if self._progress.not_finite > self._not_finite_before:
            seen = f"{self._progress.not_finite} of {self._progress.rewards} rewards were not finite"
            _say(f"{seen}; the controller learnt nothing from them")

    def _count_last_result(self) -> None:
        if self._last_result is not None:
            self._learn(*self._last_result)
            self._last_result, self._is_owed_a_result = None, False

    def _learn(self, architecture: Architecture, reward: float) -> None:
        self._progress.rewards += 1
        if not math.isfinite(reward):
            self._progress.not_finite += 1
        self._controller.observe(architecture, reward)
        self._save()

    def _save(self) -> None:
        if self._checkpoint:
            self._checkpoint.save(self._controller, self._progress)


def open_backend() -> StandaloneBackend:
    """The backend that is always there.

    Raises:
        OptionsError: the options name no controller.
        CheckpointError: they name a checkpoint that this search cannot go on from.
    """
    options = read_options()
    controller = create_controller(options.controller, options)
    with_file = (Checkpoint(options), Ending()) if options.checkpoint else ()
    backend = StandaloneBackend(controller, *with_file, seed=options.seed)
    atexit.register(backend.finish)
    return backend


def _say(message: str) -> None:
    print(f"nascompile: {message}", file=sys.stderr, flush=True)
