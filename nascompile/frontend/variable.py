"""Turns `variable` and `function_choice` into what they mean.

variable(nni.loguniform(1e-4, 0.1), name=lr)              Variable(name=lr, sampling=Sampling("loguniform", …))
function_choice(relu(x), elu(x), name=relu)               FunctionChoice(name=relu, candidates=(relu(x), elu(x)))
"""

from __future__ import annotations

import ast

import libcst as cst

from nascompile.diagnostics import Reporter, clipped, did_you_mean
from nascompile.frontend.layer import parse_candidate
from nascompile.frontend.numbers import read_number
from nascompile.frontend.payload import Payload
from nascompile.frontend.spelling import normalised
from nascompile.ir import Candidate, Expression, FunctionChoice, Option, Plain, Sampling, Variable
from nascompile.variable_space import PARAMETERS, find_mistake

_KEYWORDS = ("name", "shared")
_EXAMPLE = "`@nni.variable(nni.choice(0.1, 0.01), name=lr)`"
_CALL_EXAMPLE = "`@nni.function_choice(relu(x), elu(x), name=relu)`"


def parse_variable(payload: Payload, reporter: Reporter) -> Variable | None:
    """Return what a variable is and how it is sampled, mistakes reported; None where that is not known."""
    name, others = _named(payload, reporter, f"write {_EXAMPLE}")
    if not others:
        hint = f"write {_EXAMPLE}"
        reporter.error("NC205", "`@nni.variable` needs the function that samples it", payload.span, hint)
        return None
    for other in others[1:]:
        message = "`@nni.variable` takes one sampling function"
        reporter.error("NC207", message, payload.span_of(other), "give its options to `nni.choice(…)`")
    sampling = _parse_sampling(payload, others[0].value, reporter)
    if name and sampling and isinstance(ast.parse(name.code, mode="eval").body, ast.Tuple | ast.List):
        _check_several(name, sampling, reporter)
    shared = _is_shared(payload, reporter)
    return Variable(name, sampling, shared=shared) if name and sampling and len(others) == 1 else None


def parse_function_choice(payload: Payload, reporter: Reporter) -> FunctionChoice | None:
    """Return the calls that a function choice is among, mistakes reported; None where they are not known."""
    name, others = _named(payload, reporter, f"write {_CALL_EXAMPLE}")
    if not others:
        reporter.error("NC304", "`@nni.function_choice` has no candidates", payload.span, f"write {_CALL_EXAMPLE}")
        return None
    candidates = []
    for other in others:
        value = payload.parsed(other.value)
        if other.star:
            reporter.error("NC206", "candidates must be listed one by one", payload.span_of(other))
        elif isinstance(other.value, cst.Call):
            candidates.append(parse_candidate(payload, other.value))
        elif _is_meant_as_call(value, name):
            hint = f"write the call, with its arguments: {_CALL_EXAMPLE}"
            reporter.error("NC206", "a candidate must be a call", payload.span_of(other), hint)
        else:
            candidates.append(_value_candidate(payload, other.value, value))
    if name is None or len(candidates) < len(others):
        return None
    return FunctionChoice(name, tuple(candidates), payload.span, shared=_is_shared(payload, reporter))


def _value_candidate(payload: Payload, node: cst.BaseExpression, value: ast.expr) -> Candidate:
    """Return the candidate that is a value and no call, as NNI had them: a lambda, too, is its own value."""
    code, names = normalised(value), payload.names_in(node, value)
    is_late = not isinstance(value, ast.Lambda) and any(isinstance(one, ast.Call) for one in ast.walk(value))
    return Candidate(code, "", code, payload.span_of(node), names, written=code, is_late=is_late)


def _is_meant_as_call(value: ast.expr, name: Expression | None) -> bool:
    """Whether a candidate that is no call is the function without its brackets, or a call in quotes."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return True
    return name is not None and normalised(value) == name.code


def _named(payload: Payload, reporter: Reporter, hint: str) -> tuple[Expression | None, list[cst.Arg]]:
    """Return what `name=` names, and the arguments without a name; what is wrong with any of them is reported."""
    names = [one for one in payload.arguments if one.keyword and one.keyword.value == "name"]
    for one in payload.arguments:
        if one.keyword and one.keyword.value not in _KEYWORDS:
            message = f"`@nni.{payload.name}` has no argument `{clipped(one.keyword.value)}`"
            near = did_you_mean(one.keyword.value, _KEYWORDS)
            reporter.error("NC203", message, payload.span_of(one.keyword), near or hint)
        elif one.star == "**":
            reporter.error("NC206", f"`@nni.{payload.name}` takes no `**` arguments", payload.span_of(one), hint)
    for one in names[1:]:
        reporter.error("NC204", "argument `name` is given twice", payload.span_of(one), "remove one of the two")
    others = [one for one in payload.arguments if not one.keyword and one.star != "**"]
    if not names:
        if all(one.keyword and one.keyword.value == "shared" for one in payload.arguments if one not in others):
            of = "variable that takes the value" if payload.name == "variable" else "function whose call it is"
            reporter.error("NC205", f"`name=` is missing: the {of}", payload.span, hint)
        return None, others
    node = payload.parsed(names[0].value)
    is_several = isinstance(node, ast.Tuple | ast.List) and payload.name == "variable"
    if is_several or isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return payload.expression(names[0].value), others
    advice = "remove the quotes" if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
    message = "`name` must be a name, an attribute or a subscript"
    reporter.error("NC305", message, payload.span_of(names[0].value), advice)
    return None, others


def _is_shared(payload: Payload, reporter: Reporter) -> bool:
    """Return whether `shared=` says that all of this name in the file have one value; report what it cannot be."""
    given = [one for one in payload.arguments if one.keyword and one.keyword.value == "shared"]
    for one in given[1:]:
        reporter.error("NC204", "argument `shared` is given twice", payload.span_of(one), "remove one of the two")
    value = payload.parsed(given[0].value) if given else ast.Constant(False)
    if isinstance(value, ast.Constant) and isinstance(value.value, bool):
        return value.value
    reporter.error("NC206", "`shared` must be True or False", payload.span_of(given[0].value), "write `shared=True`")
    return False


def _check_several(name: Expression, sampling: Sampling, reporter: Reporter) -> None:
    """Report a value that several variables, `(a, b)`, cannot take apart."""
    whole = [option.value for option in sampling.options if not isinstance(option.name, str)]
    if whole or sampling.numbers:
        what = f"`{clipped(whole[0].code)}`" if whole else f"a number of `nni.{sampling.function}`"
        message = f"{what} cannot be taken apart for `{clipped(name.code)}`"
        hint = "sample each variable by itself, in an assignment of its own"
        reporter.error("NC305", message, whole[0].span if whole else name.span, hint)


def _parse_sampling(payload: Payload, value: cst.BaseExpression, reporter: Reporter) -> Sampling | None:
    """Return a sampling function with its options or numbers; None where it is none, or not a right one."""
    function = _function(payload, value, reporter)
    if function is None:
        return None
    call = cst.ensure_type(value, cst.Call)
    if function == "choice":
        options = _options(payload, call, reporter)
        return Sampling(function, payload.span_of(value), options=options) if options else None
    bound = _bound(payload, function, call, reporter)
    numbers = [_number(payload, name, node, reporter) for name, node in bound.items()] if bound else []
    known = [number for number in numbers if number is not None]
    if bound is None or len(known) < len(bound):
        return None
    known = [0] * (len(PARAMETERS[function]) - len(known)) + known
    if mistake := find_mistake(function, known):
        index, message = mistake
        node = list(bound.values())[index - len(known)]
        hint = _swapped(function, known) if index == 1 and known[0] > known[1] else None
        reporter.error("NC311", f"nni.{function}: {message}", payload.span_of(node), hint)
        return None
    return Sampling(function, payload.span_of(value), numbers=tuple(known))


def _swapped(function: str, numbers: list[int | float]) -> str | None:
    """Return the advice to swap the bounds of a function that has them."""
    if "uniform" not in function and not (function == "randint" and all(isinstance(one, int) for one in numbers)):
        return None
    shown = ", ".join(map(str, (numbers[1], numbers[0], *numbers[2:])))
    return f"swap the two: `nni.{function}({shown})`"


def _function(payload: Payload, value: cst.BaseExpression, reporter: Reporter) -> str | None:
    """Return the name of a sampling function that is called; report what is none."""
    match payload.parsed(value):
        case ast.Call(func=ast.Attribute(value=ast.Name(id="nni"), attr=function)) if function in PARAMETERS:
            return function
        case ast.Call(func=ast.Attribute(value=ast.Name(id="nni"), attr=name) | ast.Name(id=name)):
            near = f"write `nni.{name}(…)`" if name in PARAMETERS else did_you_mean(name, PARAMETERS)
            message = f"`{clipped(name)}` is not a sampling function"
        case _:
            near, message = None, "a variable needs a sampling function"
    hint = near or f"the functions are {', '.join(f'nni.{one}' for one in PARAMETERS)}"
    place = value.func if isinstance(value, cst.Call) else value
    reporter.error("NC206", message, payload.span_of(place), hint)
    return None


def _options(payload: Payload, call: cst.Call, reporter: Reporter) -> tuple[Option, ...]:
    options = []
    for argument in call.args:
        if argument.star:
            hint = "an architecture names the one that is chosen"
            reporter.error("NC206", "options must be listed one by one", payload.span_of(argument), hint)
        elif argument.keyword:
            message = f"`nni.choice` has no argument `{clipped(argument.keyword.value)}`"
            hint = "`name=` belongs to `@nni.variable`" if argument.keyword.value == "name" else "only list the options"
            reporter.error("NC203", message, payload.span_of(argument.keyword), hint)
        else:
            value = payload.expression(argument.value)
            options.append(Option(_plain(payload.parsed(argument.value), value.code), value))
    if not call.args:
        hint = "list the options: `nni.choice(0.1, 0.01)`"
        reporter.error("NC304", "`nni.choice` has no options", payload.span_of(call), hint)
    return tuple(options) if len(options) == len(call.args) else ()


def _plain(node: ast.expr, code: str) -> Plain:
    """Return what an option is called: its value, if JSON has such values, or else its source."""
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool | str)):
        return node.value
    number = read_number(node) if isinstance(node, ast.Constant | ast.UnaryOp) else None
    return code if number is None else number


def _bound(payload: Payload, function: str, call: cst.Call, reporter: Reporter) -> dict[str, cst.CSTNode] | None:
    """Return the arguments by name, in the order of the parameters; None where they do not fit."""
    parameters = PARAMETERS[function]
    if function == "randint" and len(call.args) == 1 and not call.args[0].keyword:
        parameters = ("upper",)  # NNI's oldest form: from 0
    known = f"write `nni.{function}({', '.join(parameters)})`"
    bound: dict[str, cst.CSTNode] = {}
    mistakes = len(reporter.diagnostics)
    for index, argument in enumerate(call.args):
        keyword = argument.keyword
        if argument.star:
            message = f"`nni.{function}` takes no `{argument.star}` arguments"
            reporter.error("NC206", message, payload.span_of(argument), known)
        elif keyword is None and index >= len(parameters):
            message = f"`nni.{function}` takes {len(parameters)} arguments"
            reporter.error("NC207", message, payload.span_of(argument), known)
        elif keyword is not None and keyword.value not in parameters:
            message = f"`nni.{function}` has no argument `{clipped(keyword.value)}`"
            is_name = "`name=` belongs to `@nni.variable`" if keyword.value == "name" else None
            reporter.error("NC203", message, payload.span_of(keyword), is_name or known)
        elif (parameter := keyword.value if keyword else parameters[index]) in bound:
            reporter.error("NC204", f"argument `{parameter}` is given twice", payload.span_of(keyword or argument))
        else:
            bound[parameter] = argument.value
    if len(reporter.diagnostics) == mistakes and len(bound) < len(parameters):
        missing = next(one for one in parameters if one not in bound)
        reporter.error("NC205", f"`nni.{function}` needs `{missing}`", payload.span_of(call), known)
    if len(reporter.diagnostics) > mistakes:
        return None
    return {name: bound[name] for name in parameters}


def _number(payload: Payload, name: str, node: cst.CSTNode, reporter: Reporter) -> int | float | None:
    assert isinstance(node, cst.BaseExpression)
    number = read_number(payload.parsed(node))
    if number is None:
        hint = "write the number itself, so that the compiler knows the search space"
        reporter.error("NC206", f"`{name}` must be a number", payload.span_of(node), hint)
    return number
