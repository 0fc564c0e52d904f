"""In which architectures a gradient exists, as conditions on the signal.

    stem -> h (candidates "zero" and "dense") -> loss      # the stem's gradient exists where h is at position 1

By hand, `tf.gradients` gives None for what a sub-graph's loss does not depend on, and optimizers leave that alone. The
supernet has one gradient for all architectures, which is zero there, and a zero moves weights by an optimizer's memory.
So with each gradient goes its presence: it leads through one of some cases, each a route that a layer has to take, and
the presence of what came to that layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from nascompile_runtime.graph.conditional.switching import Graph, Operation, Tensor, helper_scope, merge


@dataclass(frozen=True, slots=True)
class Route:
    """That an index of the signal, which is dead where the branch around is, stands at one of some positions."""

    index: Operation
    output: int
    positions: frozenset[int]
    around: Any

    def is_taken(self) -> Tensor:
        """Whether it does, a boolean scalar that is alive in any case."""
        if self.around is None:
            return self._is_at()
        with self.around.building():
            is_at = self._is_at()
        no = tf.raw_ops.Switch(data=tf.constant(False), pred=self.around.is_chosen()).output_false
        return merge([is_at, no])

    def lies_within(self, other: Route) -> bool:
        """Whether it can be taken only in the branch that takes the other one."""
        return self.around is not None and self.around.route == other

    def _is_at(self) -> Tensor:
        index, positions = self.index.outputs[self.output], sorted(self.positions)
        return tf.equal(index, positions[0]) if len(positions) == 1 else tf.reduce_any(tf.equal(index, positions))


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What a gradient was merged from: the gradients that it has where an index stands at their positions.

    At others of the `count` positions it does not exist. Where the index stands at none, nobody asks for it.
    """

    index: Tensor
    count: int
    around: Any
    gradients: Mapping[int, Any]

    def route(self, positions: Iterable[int]) -> Route:
        """That the index stands at one of these positions."""
        return Route(self.index.op, self.index.value_index, frozenset(positions), self.around)


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """The cases in which a gradient exists, each a route, or None for any, and a presence that it takes beside it.

    Equal ones of a graph are the same object (`Presences`).
    """

    cases: tuple[tuple[Route | None, Presence], ...]

    def is_within(self, around: Route) -> bool:
        """Whether all of its cases lie in a branch that takes this route."""
        return bool(self.cases) and all(route is not None and route.lies_within(around) for route, _ in self.cases)


ALWAYS = Presence(())
"""That of a gradient which exists in every architecture."""


@dataclass(slots=True)
class Presences:
    """The presences of a graph."""

    graph: Graph
    _known: dict[frozenset[tuple[Route | None, Presence]], Presence] = field(default_factory=dict)
    _predicates: dict[Presence | Route, Tensor] = field(default_factory=dict)
    _apart: dict[tuple[Presence, Presence], Tensor] = field(default_factory=dict)

    def any_of(self, presences: Iterable[Presence]) -> Presence:
        """That of a sum, which exists where one of its terms does."""
        return self._any([(None, presence) for presence in presences])

    def by_route(self, alternatives: Alternatives, presences: Mapping[int, Presence]) -> Presence:
        """That of what was merged of gradients with these presences, by position."""
        positions: dict[Presence, list[int]] = {}
        for position, presence in presences.items():
            positions.setdefault(presence, []).append(position)
        if len(positions) == 1 and len(presences) == alternatives.count:
            return next(iter(positions))
        routes = [(alternatives.route(places), presence) for presence, places in positions.items()]
        return self._any((None if inner.is_within(route) else route, inner) for route, inner in routes)

    def along(self, route: Route, presence: Presence) -> Presence:
        """That of what has this presence and exists only where the route is taken."""
        if presence.cases and all(taken == route for taken, _ in presence.cases):
            return presence
        return self._any([(None if presence.is_within(route) else route, presence)])

    def where(self, routes: Iterable[Route]) -> Presence:
        """That of what exists where one of the routes is taken."""
        return self._any([(route, ALWAYS) for route in routes])

    def predicate(self, presence: Presence) -> Tensor:
        """Whether the gradient exists in the architecture that runs, a boolean scalar that is alive in any case."""
        waiting = [presence]
        while waiting:
            current = waiting[-1]
            missing = [inner for _, inner in current.cases if inner is not ALWAYS and inner not in self._predicates]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if current not in self._predicates:
                with self.graph.as_default(), helper_scope(), tf.control_dependencies(None):
                    self._predicates[current] = self._build(current)
        return self._predicates[presence]

    def tell(self, route: Route, is_taken: Callable[[], Tensor]) -> None:
        """Tell what says already whether the route is taken: each node of every candidate has its price."""
        if route not in self._predicates:
            with self.graph.as_default(), helper_scope(), tf.control_dependencies(None):
                self._predicates[route] = is_taken()

    def apart(self, presence: Presence, other: Presence) -> Tensor:
        """Whether the one exists in the architecture that runs, and the other does not."""
        key = presence, other
        if key not in self._apart:
            first, second = self.predicate(presence), self.predicate(other)
            with self.graph.as_default(), helper_scope(), tf.control_dependencies(None):
                self._apart[key] = tf.logical_and(first, tf.logical_not(second))
        return self._apart[key]

    def _any(self, cases: Iterable[tuple[Route | None, Presence]]) -> Presence:
        distinct = dict.fromkeys(cases)
        # What exists anyway need not take a route.
        kept = tuple(case for case in distinct if case[0] is None or (None, case[1]) not in distinct)
        if (None, ALWAYS) in distinct:
            return ALWAYS
        if len(kept) == 1 and kept[0][0] is None:
            return kept[0][1]
        return self._known.setdefault(frozenset(kept), Presence(kept))

    def _build(self, presence: Presence) -> Tensor:
        if presence is ALWAYS:
            return tf.constant(True)
        cases = [self._case(*case) for case in presence.cases]
        return cases[0] if len(cases) == 1 else tf.reduce_any(cases)

    def _case(self, route: Route | None, inner: Presence) -> Tensor:
        if route is None:
            return self._predicates[inner]
        if route not in self._predicates:
            self._predicates[route] = route.is_taken()
        is_taken = self._predicates[route]
        return is_taken if inner is ALWAYS else tf.logical_and(is_taken, self._predicates[inner])
