"""Says what is wrong between two commas: in the entry of a dict, the argument of a call, the element of a list.

{layer_choice = [conv()]}       the fields of a dict are written with `:`
f(size: 3)                      the arguments of a call are written with `=`
[conv() pool()]                 a comma is missing before `pool`
"""

from __future__ import annotations

from itertools import pairwise

from nascompile.diagnostics import clipped
from nascompile.frontend.mistake import Mistake, mistake_at
from nascompile.frontend.tokens import STATEMENTS, Group, Kind, Token, ends_value

_VALUE_OPERATORS = ("=", "==", "!=", "<=", ">=", ":=")


def explain_entries(groups: list[Group]) -> Mistake | None:
    """Find the first thing that is wrong with what stands between two commas."""
    found = [mistake for group in groups if (mistake := _explain_group(group))]
    return min(found, key=lambda mistake: mistake.start, default=None)


def _explain_group(group: Group) -> Mistake | None:
    texts = [{token.text for token in entry} for entry in group.entries]
    is_dict = group.opening.text == "{" and any({":", "="} & one for one in texts)
    is_call = group.opening.text == "(" and group.called
    keywords = False
    for index, entry in enumerate(group.entries):
        if not entry:
            if index < len(group.commas):
                return mistake_at("nothing stands before this comma", group.commas[index], "remove it")
            continue
        found = [_explain_neighbours(entry)]
        if is_dict:
            found.append(_explain_field(entry))
        elif is_call:
            found.append(_explain_argument(entry, keywords, "lambda" in set().union(*texts)))
        elif "=" in texts[index]:
            found.append(mistake_at("`=` cannot stand here", next(token for token in entry if token.text == "=")))
        if any(found):
            return min((mistake for mistake in found if mistake), key=lambda mistake: mistake.start)
        keywords = keywords or "=" in texts[index] or entry[0].text == "**"
    return None


def _explain_field(entry: list[Token]) -> Mistake | None:
    """Explain an entry of a dict that is not `name: value`."""
    first, name = entry[0], clipped(entry[0].text)
    joints = [token for token in entry if token.text in (":", "=")]
    if first.text == "**" or first.kind not in (Kind.NAME, Kind.STRING, Kind.OPERATOR):
        return None
    if not joints:
        if len(entry) == 1:
            return mistake_at(f"`{name}` has no value", first, f"write `{name}: …`")
        return mistake_at(f"a `:` is missing behind `{name}`", first, f"write `{name}: …`")
    if joints[0] is first:
        return mistake_at(f"nothing stands before this `{first.text}`", first)
    if joints[0].text == "=":
        return mistake_at("the fields of a dict are written with `:`", joints[0], f"write `{name}: …`")
    if joints[0] is entry[-1]:
        return mistake_at(f"`{name}` has no value", first)
    if len(joints) > 1 and not any(token.text == "lambda" for token in entry):
        return mistake_at(f"a field has only one `{joints[0].text}`", joints[1], "is a comma missing before it?")
    return None


def _explain_argument(entry: list[Token], keywords: bool, lambdas: bool) -> Mistake | None:
    """Explain an argument of a call; `keywords` says that keyword arguments come before it."""
    first = entry[0]
    equals = [index for index, token in enumerate(entry) if token.text == "=" and not lambdas]
    if first.kind is Kind.NAME and len(entry) > 1 and entry[1].text == ":" and not lambdas:
        return mistake_at("the arguments of a call are written with `=`", entry[1], f"write `{clipped(first.text)}=…`")
    for token in entry:
        if token.kind is Kind.OPERATOR and token.text[-1] == "=" and token.text not in _VALUE_OPERATORS:
            return mistake_at(f"`{token.text}` cannot stand in a call", token)
    if not equals:
        if keywords and first.text not in ("*", "**") and first.text not in STATEMENTS:
            hint = "move it to the front, or give it a name"
            return mistake_at("a positional argument cannot follow a keyword argument", first, hint)
        return None
    if equals[0] == 0:
        return mistake_at("nothing stands before this `=`", first)
    if equals[0] > 1 or first.kind is not Kind.NAME:
        return Mistake("only a name can stand before a `=`", first.start, entry[equals[0] - 1].end)
    if equals[0] == len(entry) - 1:
        return mistake_at(f"`{clipped(first.text)}` has no value", first)
    return mistake_at("an argument has only one `=`", entry[equals[1]]) if len(equals) > 1 else None


def _explain_neighbours(entry: list[Token]) -> Mistake | None:
    """Find two values with nothing between them, or an operator with nothing behind it."""
    for token, following in pairwise(entry):
        ends = ends_value(token) or token.kind is Kind.OPENING
        strings = token.kind is Kind.STRING and following.kind is Kind.STRING
        if ends and not strings and (following.text == "{" or _begins_value(following)):
            return mistake_at(f"a comma is missing before `{clipped(following.text)}`", following)
    last = entry[-1]
    if last.kind is Kind.OPERATOR and last.text not in (":", "=", "..."):
        return mistake_at(f"nothing stands behind this `{last.text}`", last)
    return None


def _begins_value(token: Token) -> bool:
    """Whether a token begins a value and cannot go on with one, as a call's brackets do."""
    return (ends_value(token) or token.text in ("lambda", "await")) and token.kind is not Kind.CLOSING
