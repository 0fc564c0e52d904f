"""What each code of a diagnostic means: one Markdown file a code, with an example of it and the mended one.

    # NC304: there is nothing to choose from
    …
    ```python wrong           trial.py, about which exactly this code is said
    ```python right           the same file, mended: nothing is said

Other files of an example stand in blocks of their own (`json wrong best.json`), and so do command lines, where they are
not `nascompile check trial.py`. `tests/unit/test_explanations.py` runs all of them.
"""

from __future__ import annotations

from pathlib import Path

from nascompile.diagnostics import CATALOGUE

_FOLDER = Path(__file__).parent


def explanation_of(code: str) -> str:
    """Return the explanation of a code, as Markdown.

    Raises:
        KeyError: there is no such code.
    """
    if code not in CATALOGUE:
        raise KeyError(code)
    return (_FOLDER / f"{code}.md").read_text(encoding="utf-8")
