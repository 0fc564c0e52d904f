"""Shared-weight scores beside the truth, as markdown.

An architecture is as good as its test accuracy alone, the mean over the seeds. Its percentile is the share of the other
architectures that are worse, half of the equal ones included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from quality_searches import SEARCHES
from quality_truth import NET
from scipy.stats import kendalltau

DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Truth:
    """Accuracies `[architectures, seeds]` of the architectures trained alone, and what training one costs."""

    valid: Any
    test: Any
    seconds: float

    @classmethod
    def of(cls, records: Sequence[dict[str, Any]]) -> Truth:
        """Read the records of `quality_truth`, without the header."""
        ordered = sorted(records, key=lambda record: record["number"])
        valid, test, seconds = (np.array([each[what] for each in ordered]) for what in ("valid", "test", "seconds"))
        return cls(valid, test, float(seconds.mean()))

    @property
    def accuracy(self) -> Any:
        """How good each architecture is."""
        return self.test.mean(axis=1)

    @property
    def percentile(self) -> Any:
        """How good each is beside the others, from 0 to 100."""
        worse = (self.accuracy[:, None] > self.accuracy).sum(axis=1)
        equal = (self.accuracy[:, None] == self.accuracy).sum(axis=1) - 1
        return 100 * (worse + equal / 2) / (len(self.accuracy) - 1)

    def best_of(self, count: int) -> Any:
        """Percentiles of the best of `count` architectures, which are drawn, trained alone once, and validated."""
        rng = np.random.default_rng(0)
        drawn = np.array([rng.permutation(len(self.valid))[:count] for _ in range(DRAWS)])
        seeds = rng.integers(self.valid.shape[1], size=drawn.shape)
        best = self.valid[drawn, seeds].argmax(axis=1)
        return self.percentile[drawn[np.arange(DRAWS), best]]

    def reliability(self) -> list[float]:
        """Kendall's tau between validation accuracy of one seed, and test accuracy of the mean of the others."""
        seeds = range(self.test.shape[1])
        return [tau(self.valid[:, one], np.delete(self.test, one, axis=1).mean(axis=1)) for one in seeds]


def tau(one: Any, other: Any) -> float:
    """Kendall's tau-b."""
    return float(kendalltau(one, other).statistic)


def print_truth(truth: Truth) -> None:
    """Say what the architectures are like."""
    low, first, middle, third, high = np.quantile(truth.accuracy, [0, 0.25, 0.5, 0.75, 1])
    print(
        f"{len(truth.accuracy)} architectures: test accuracy alone {low:.3f} to {high:.3f}, quartiles {first:.3f}, "
        f"{middle:.3f} and {third:.3f}; standard deviation between architectures {truth.accuracy.std():.3f}, between "
        f"seeds of one {np.sqrt(truth.test.var(axis=1, ddof=1).mean()):.3f}; Kendall's tau of one seed's validation "
        f"with the others' test accuracy {spread(truth.reliability(), '.2f')}; {truth.seconds:.2f} s an architecture"
    )


def print_searches(truth: Truth, records: Sequence[dict[str, Any]]) -> None:
    """The table of the searches, and beside each what as much training alone gives."""
    print(
        "| search | Kendall's tau | percentile of the best of all | of the best of 20 proposed | seconds "
        "| best of n alone, equal steps | equal seconds |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, runs in by_search(records):
        scores = [np.array(each["scores"]) for each in runs]
        seconds = [each["train_seconds"] + each["rank_seconds"] for each in runs]
        by_steps = round(runs[0]["steps"] / NET["steps"])
        by_seconds = round(float(np.median(seconds)) / truth.seconds)
        cells = [
            name,
            spread([tau(each, truth.accuracy) for each in scores], ".2f"),
            spread([expected_percentile(truth, each) for each in scores], ".0f"),
            spread([truth.percentile[each["pick"]] for each in runs], ".0f"),
            f"{np.median(seconds):.0f}",
            *(f"n = {count}: {spread(truth.best_of(count), '.0f', inner=0.05)}" for count in (by_steps, by_seconds)),
        ]
        print(f"| {' | '.join(cells)} |")


def expected_percentile(truth: Truth, scores: Any) -> float:
    """The percentile of the best score; of several equal ones, their mean."""
    return float(truth.percentile[scores == scores.max()].mean())


def by_search(records: Sequence[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The runs of each search that has any, in the order in which the searches are declared."""
    for name in SEARCHES:
        runs = [record for record in records if record["search"] == name]
        if runs:
            yield name, runs


def spread(values: Any, form: str, inner: float = 0.0) -> str:
    """The median, and the range of the values without the outer parts."""
    low, middle, high = np.quantile(values, [inner, 0.5, 1 - inner])
    return f"{middle:{form}} ({low:{form}} to {high:{form}})"
