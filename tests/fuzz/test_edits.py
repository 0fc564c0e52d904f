"""An architecture that was made before an edit never gives a layer another operation than was chosen, unsaid.

`python tests/fuzz/edits.py` tries as many edits as one likes.
"""

from __future__ import annotations

import pytest
from fuzz.edited import Inventor
from fuzz.edits import Tally, run

from nascompile.passes import keys


def test_edits_never_change_what_was_chosen() -> None:
    tally = run(40, 7, Tally())
    assert not tally.findings, tally.findings[0]
    for mode in ("fixed", "classic"):
        for outcome in ("right", "right, warned", "refused"):
            assert tally.outcomes[f"{mode} {outcome}"] > 1


def test_keys_that_are_numbers_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def numbered(self: keys._Keys, block: str, name: str) -> str:
        return f"layer{next(self._places[block, ''])}"

    monkeypatch.setattr(keys._Keys, "take", numbered)
    monkeypatch.setattr(Inventor, "edit", Inventor._swap_layers)
    assert run(12, 7, Tally()).findings
