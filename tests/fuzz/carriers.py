"""Annotations in all the ways they can be written, for tests that put them into other people's files.

Candidates, inputs and metrics are builtins, so that they mean something anywhere. Every output is a new name.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

Writer = Callable[[random.Random, int, str, str], "Written"]


@dataclass(frozen=True)
class Written:
    """An annotation's text, its lines joined by the newline it was asked for, and what it must become.

    `outputs` are its layers' outputs. `size` is how much of the text the compiler replaces, where not all of it.
    """

    text: str
    outputs: tuple[str, ...] = ()
    call: str = ""


STRINGS: dict[str, Writer] = {}
COMMENTS: dict[str, Writer] = {}


def _string(write: Writer) -> Writer:
    STRINGS[write.__name__.strip("_")] = write
    return write


def _comment(write: Writer) -> Writer:
    COMMENTS[write.__name__.strip("_")] = write
    return write


def _choice(rng: random.Random) -> str:
    calls = [
        "abs()",
        "pow(2)",
        "max(size=3)",
        "str.join('a', b=[1, 2])",
        "len(*(1, 2), **{'k': 3})",
        "print(lambda: 0)",
    ]
    return ", ".join(rng.sample(calls, rng.randint(1, 4)))


@_string
def one_line_layer(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    quote = rng.choice(['"""', "'''", 'r"""'])
    fields = f"layer_choice=[{_choice(rng)}], fixed_inputs=[print], layer_output=fuzz_{number}"
    return Written(f"{quote}@nni.mutable_layer({fields}){quote[-3:]}", (f"fuzz_{number}",))


@_string
def two_layers(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    first, second = f"fuzz_{number}", f"fuzz_{number}_b"
    lines = [
        '"""@nni.mutable_layers(',
        "{",
        f"    layer_choice: [{_choice(rng)}],",
        "    fixed_inputs: [print, *[int]],",
        f"    layer_output: {first}",
        "}, {",
        f"    'layer_choice': [{_choice(rng)}],",
        f"    'optional_inputs': [{first}, len],  # a comment",
        "    'optional_input_size': [0, 1],",
        "",
        f"    'layer_output': {second}",
        '})"""',
    ]
    return Written(newline.join([lines[0], *(indent + line for line in lines[1:])]), (first, second))


@_string
def squeezed_layers(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    names = tuple(f"fuzz_{number}_{letter}" for letter in "abcd")
    layers = ", ".join(f"{{layer_choice: [{_choice(rng)}], layer_output: {name}}}" for name in names)
    return Written(f"'''@nni.mutable_layers({layers})'''", names)


@_string
def concatenated(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    lines = [
        "('@nni.mutable_layer('",
        f'"layer_choice=[{_choice(rng)}]," # said in between',
        f"r'fixed_inputs=[\"é\"], layer_output=fuzz_{number})')",
    ]
    return Written(newline.join([lines[0], *(f"{indent}  {line}" for line in lines[1:])]), (f"fuzz_{number}",))


@_string
def continued(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    lines = ["'@nni.report_inter\\", "mediate_result(' \\", f"{indent}  'print\\x28\\u0031\\N{{RIGHT PARENTHESIS}})'"]
    return Written(newline.join(lines), call="report_intermediate_result")


@_string
def request(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    return Written(
        rng.choice(['"""@nni.get_next_parameter()"""', "'@nni.get_next_parameter(print)'"]), call="get_next_parameter"
    )


@_string
def long_update(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    lines = ["'''@nni.training_update(", "   session=print,", "loss=(lambda x:", "x),   feed_dict={1:", "", "2})'''"]
    return Written(newline.join(lines), call="training_update")


@_string
def report(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    return Written(
        rng.choice(
            ['"""@nni.report_final_result(len)"""', "'''@nni.report_final_result(\n\n1)'''".replace("\n", newline)]
        ),
        call="report_final_result",
    )


def _sampling(rng: random.Random) -> str:
    return rng.choice(
        [
            "nni.choice(1, 'é', None, print, (1, 2), lambda: 0)",
            "nni.uniform(-1, 1e3)",
            "nni.qlognormal(mu=0, sigma=1, q=2 ** -3)",
        ]
    )


def _assignment(rng: random.Random, number: int, newline: str) -> str:
    values = ["1", f"[{newline}print,  # é{newline}  2]", "fuzz, 2", "f'{1!r}'", f"1 + \\{newline} 2", "lambda: 0"]
    return f"fuzz_{number} = {rng.choice(['', 'fuzz.x[0] = '])}{rng.choice(values)}"


@_comment
def sampled_variable(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    joint = rng.choice([f"{newline}{indent}", f"{newline}{newline}{indent}# a comment{newline}{indent}"])
    gap = rng.choice(["", newline])
    annotation = f"'''@nni.variable({gap}{_sampling(rng)}, name=fuzz_{number})'''"
    return Written(f"{annotation}{joint}{_assignment(rng, number, newline)}", (f"fuzz_{number}",), "variable")


@_string
def inline_variable(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    annotation = f'"@nni.variable({_sampling(rng)}, name=fuzz_{number})"'
    return Written(f"{annotation}; {_assignment(rng, number, newline)}", (f"fuzz_{number}",), "variable")


@_comment
def variable_comment(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    lines = ["# @nni.variable(", f"#   {_sampling(rng)}, # why", f"#   name=fuzz_{number})"]
    lines.append(_assignment(rng, number, newline))
    return Written(f"{newline}{indent}".join(lines), (f"fuzz_{number}",), "variable")


@_comment
def function_choice_comment(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    lines = [
        "# @nni.function_choice(print(1), len(*[2], **{}), (lambda: 3)(), name=fuzz.f)",
        f"fuzz_{number} = fuzz.f({newline}'é', fuzz.f(1))",
    ]
    return Written(f"{newline}{indent}".join(lines), (f"fuzz_{number}",), "function_choice")


@_comment
def layer_comment(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    text = f"# @nni.mutable_layer(layer_choice=[{_choice(rng)}], fixed_inputs=[print], layer_output=fuzz_{number})"
    return Written(text, (f"fuzz_{number}",))


@_comment
def long_layer_comment(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    lines = [
        "#@nni.mutable_layers({",
        f"#   layer_choice: [{_choice(rng)},",
        "#                  print(')', size='''#''')],  # a remark",
        "#",
        f"#   fixed_inputs: [print], layer_output: fuzz_{number}}})",
    ]
    return Written(f"{newline}{indent}".join(lines), (f"fuzz_{number}",))


@_comment
def defaulted_layer(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    lines = [
        "# @nni.mutable_layer(",
        f"#     layer_choice=[{_choice(rng)}],",
        "#     fixed_inputs=[print])",
        rng.choice([f"fuzz_{number} = print('é',", f"fuzz_{number}: 'a type' = print(1,"]),
        "    2)",
    ]
    return Written(f"{newline}{indent}".join(lines), (f"fuzz_{number}",))


@_comment
def report_comment(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    return Written("# @nni.report_intermediate_result(len)", call="report_intermediate_result")


@_comment
def long_report_comment(rng: random.Random, number: int, indent: str, newline: str) -> Written:
    return Written(
        f"{newline}{indent}".join(["# @nni.report_final_result(", "# print(1,", "#  2))"]), call="report_final_result"
    )
