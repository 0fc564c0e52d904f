"""Lays generated statements out on exactly the lines of the annotation that they replace.

    '''@nni.mutable_layer(             h = _nascompile.conditional("trial", "h",
        layer_choice=[conv(),              layer_choice=[_nascompile.candidate("conv()", "h/conv", conv),
                      pool()],             _nascompile.candidate("pool()", "h/pool", pool)],
        fixed_inputs=[x],                  fixed_inputs=[x])
        layer_output=h)'''                (blank, so that every later line keeps its number)

An annotation alone on its lines is followed by blank lines; where other statements share its lines, the padding goes
inside the last bracket, so that what follows a `;` stays on its line. Lines are relative: the first has no indentation.
"""

from __future__ import annotations

from collections.abc import Sequence

from nascompile.ir import Site
from nascompile.modes.base import Statement

INNER_INDENT = "    "


def lay_out(statements: Sequence[Statement], site: Site) -> str | None:
    """Return the code of an annotation, of exactly as many lines; None where compound statements have no room."""
    layout = _AloneLayout(site) if site.alone else _InlineLayout(site)
    return layout.write(statements)


class _Layout:
    """Writes statements piece by piece, each on the user's line that it comes from where that is still possible."""

    def __init__(self, site: Site) -> None:
        self._parts: list[str] = []
        self._line = site.span.line
        self._end = site.span.end_line

    def write(self, statements: Sequence[Statement]) -> str | None:
        raise NotImplementedError

    def _advance(self, line: int, limit: int, after: str = "") -> bool:
        """Go to a line, but not beyond the limit; whether there was one to go to."""
        target = min(line, limit)
        if target <= self._line:
            return False
        self._parts.append("\n" * (target - self._line) + after)
        self._line = target
        return True

    def _write_pieces(self, statement: Statement, limit: int) -> None:
        for index, piece in enumerate(statement.pieces):
            before = statement.pieces[index - 1].text if index else ""
            line = piece.line or self._line + 1
            inner = INNER_INDENT * (2 if statement.compound and index > 1 else 1)
            if index and not self._advance(line, limit, inner):
                self._parts.append("" if before.endswith("(") else " ")
            self._parts.append(piece.text)


class _AloneLayout(_Layout):
    """Of an annotation that has its lines for itself: statements may begin on lines of their own."""

    def write(self, statements: Sequence[Statement]) -> str | None:
        for index, statement in enumerate(statements):
            fresh_after = sum(one.compound for one in statements[index + 1 :])
            limit = self._end - fresh_after
            if index == 0 and statement.in_place:
                self._advance(statement.line, limit)
            elif index:
                needs_line = statement.compound or statements[index - 1].compound
                wanted = max(statement.line, self._line + 1) if needs_line else statement.line
                if not self._advance(wanted, limit):
                    if needs_line:
                        return None
                    self._parts.append("; ")
            if self._line > limit:
                return None
            self._write_pieces(statement, limit)
            self._parts.append(statement.closing)
        self._advance(self._end, self._end)
        return "".join(self._parts)


class _InlineLayout(_Layout):
    """Of an annotation that shares a line with other statements: small statements only, padded inside brackets."""

    def write(self, statements: Sequence[Statement]) -> str | None:
        if any(statement.compound for statement in statements):
            return None
        for index, statement in enumerate(statements):
            if index:
                self._parts.append("; ")
            self._write_pieces(statement, self._end)
            later = [one for one in statements[index + 1 :] if one.closing]
            until = later[0].line if later else self._end
            if statement.closing:
                self._advance(until, self._end, INNER_INDENT)
                self._parts.append(statement.closing)
        return "".join(self._parts)
