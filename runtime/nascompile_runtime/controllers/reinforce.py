"""The policy gradient, with independent decisions.

R. J. Williams: Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning, Machine
Learning 1992; for architectures B. Zoph, Q. V. Le: Neural Architecture Search with Reinforcement Learning, ICLR 2017,
and with shared weights H. Pham, M. Guan, B. Zoph, Q. V. Le, J. Dean: Efficient Neural Architecture Search via Parameter
Sharing, ICML 2018. Where these have a recurrent network, here every decision has logits of its own: the candidate of a
layer (`policy.categorical`) and its set of optional inputs (`policy.subset`). All logits start at zero, so that the
first architectures are uniform.

A reward R of an architecture a moves the logits z of each decision of a by a step of Adam (`policy.adam`) along

    (R - b) * d log p(a) / d z + w * d H / d z

with w = `entropy_weight`, H the decision's entropy, and the baseline b an exponential moving average of the rewards
before, b <- d b + (1 - d) R with d = `baseline_decay`, which begins as the first reward. The step size of the t-th
reward is `learning_rate` * min(1, t / `warmup_steps`).

Rewards may come late, in any order, more than once or never: each is taken for a sample of the policy as it is then. A
reward that is not finite changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from nascompile_runtime.architecture import Architecture, Choice, to_json
from nascompile_runtime.controllers.base import choice_if_any, controller, former_space
from nascompile_runtime.controllers.draws import stream
from nascompile_runtime.controllers.policy.adam import Logits
from nascompile_runtime.layer import LayerSpace
from nascompile_runtime.options import Options

if TYPE_CHECKING:
    from nascompile_runtime.controllers.policy.categorical import Categorical
    from nascompile_runtime.controllers.policy.subset import Subset


_LARGEST = 1e100
"""An advantage whose square is a finite number still."""


class _Layer(msgspec.Struct):
    space: LayerSpace
    candidate: Logits
    inputs: Logits

    @classmethod
    def untrained(cls, space: LayerSpace) -> _Layer:
        return cls(space, Logits.equal(len(space.candidates)), Logits.equal(len(space.inputs)))


class _State(msgspec.Struct):
    seed: int
    rewards: int = 0
    baseline: float | None = None
    layers: list[_Layer] = []


@controller("reinforce")
class ReinforceController:
    """Learns which values of each decision come with rewards above the average."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._state = _State(options.seed)

    def propose(self, request: int, spaces: Sequence[LayerSpace]) -> Architecture:
        """Choices for `spaces`, drawn from the policy as it is now."""
        return to_json((each, self._draw(request, each)) for each in spaces)

    def observe(self, architecture: Architecture, reward: float) -> None:
        """Move the logits of what the architecture chose, up if the reward lies above the baseline."""
        if not math.isfinite(reward):
            return
        state, options = self._state, self._options
        state.rewards += 1
        rate = options.learning_rate * min(1.0, state.rewards / max(1, options.warmup_steps))
        before = reward if state.baseline is None else state.baseline
        advantage = min(max(reward - before, -_LARGEST), _LARGEST)
        state.baseline = options.baseline_decay * before + (1 - options.baseline_decay) * reward
        for layer in state.layers:
            choice = choice_if_any(architecture, layer.space)
            if choice is not None:
                self._learn(layer, choice, advantage, rate)

    def state(self) -> dict[str, Any]:
        """The logits of every layer, with Adam's moments, and the baseline."""
        state: dict[str, Any] = msgspec.to_builtins(self._state)
        return state

    def restore(self, state: dict[str, Any]) -> None:
        """Continue as the controller would have that gave `state`."""
        self._state = msgspec.convert(state, _State)

    def _draw(self, request: int, space: LayerSpace) -> Choice:
        layer = self._layer(space)
        rng = stream(self._state.seed, request, *space.key)
        candidate, inputs = _distributions(layer)
        return Choice(candidate.draw(rng), inputs.draw(rng) if inputs else ())

    def _layer(self, space: LayerSpace) -> _Layer:
        layers = self._state.layers
        for at, layer in enumerate(layers):
            if layer.space.key == space.key:
                if layer.space != space:  # the trial was edited since this was learnt
                    layers[at] = _Layer.untrained(space)
                return layers[at]
        former = former_space(space, [layer.space for layer in layers])
        for layer in layers:
            if layer.space == former and replace(former, block=space.block, layer=space.layer) == space:
                layer.space = space
                return layer
        layers.append(_Layer.untrained(space))
        return layers[-1]

    def _learn(self, layer: _Layer, choice: Choice, advantage: float, rate: float) -> None:
        weight = self._options.entropy_weight
        candidate, inputs = _distributions(layer)
        gradient = advantage * candidate.score(choice.candidate) + weight * candidate.entropy_gradient()
        layer.candidate.ascend(gradient, rate)
        if inputs:
            gradient = advantage * inputs.score(choice.inputs) + weight * inputs.entropy_gradient()
            layer.inputs.ascend(gradient, rate)


def _distributions(layer: _Layer) -> tuple[Categorical, Subset | None]:
    # A trial that is given its architecture never gets here and never pays for numpy.
    from nascompile_runtime.controllers.policy.categorical import Categorical
    from nascompile_runtime.controllers.policy.subset import Subset

    space = layer.space
    return Categorical(layer.candidate.values), Subset(layer.inputs.values, *space.sizes) if space.inputs else None
