"""Input that means harm, each in a process of its own with bounded memory; text that tries to be run or to get out."""

from __future__ import annotations

import ast
import json
import resource
import subprocess
import sys

import pytest
from golden_cases import starting_architecture

from nascompile.api import analyse_source, compile_source
from nascompile.modes import MODES

MEMORY = 1 << 30
LAYER = "@nni.mutable_layer(layer_choice=[id()"
# What a file holds, as an expression, and the codes of what is said about it.
FILES = {
    "an annotation of 1 MB": ("\"'''@nni.report_final_result('\" + 'x' * 1_000_000 + \"')'''\"", ["NC003"]),
    "a comment of 1 MB": ("'# @nni.mutable_layers(\\n' + '# {layer_output: h},\\n' * 50_000 + '# )'", ["NC003"]),
    "10,000 layers": ("\"'''@nni.mutable_layers(\" + '{layer_output: h}, ' * 10_000 + \")'''\"", ["NC003"]),
    "10,000 annotations of a layer": ("f'# {LAYER}], layer_output=h)\\n' * 10_000", ["NC003"]),
    "long defaults": ("''.join(f'# {LAYER}])\\nh = {[0] * 30_000}\\n' for _ in range(4))", ["NC003"]),
    "100,000 requests": ("\"'@nni.get_next_parameter()'\\n\" * 100_000", ["NC003"]),
    "3,000 layers of undefined names": (
        "''.join(f'# {LAYER}, f{i}()], fixed_inputs=[x{i}], layer_output=h)\\n' for i in range(3_000))",
        ["NC308"],
    ),
    "as many functions as layers": (
        "''.join(f'def f{i}(x):\\n  # {LAYER}, g()], layer_output=h)\\n  x\\n' for i in range(3_000)) + 'g = 1'",
        [],
    ),
    "9,000 requests": ("\"'@nni.get_next_parameter()'\\n\" * 9_000", []),
    "10,000 near misses": ("'# nni.mutable_layers()\\n' * 10_000", ["NC701"]),
    "a long comment line": ("'#' * 500_000 + '\\n# nni.mutable_layers()'", ["NC701"]),
    "nni again and again": ("'nni' * 500_000 + ' = 1\\n# @nni.get_next_parameter()'", []),
    "a long name": ("'a' * 1_000_000 + ' = 1\\n# @nni.report_final_result(b)'", ["NC308"]),
    "silencers": ("'# @nni.report_final_result(b)\\n' + '# nascompile: ignore[' + 'a, ' * 100_000 + ']'", ["NC308"]),
    "nested definitions": (
        "''.join(' ' * i + 'def f():\\n' for i in range(99)) + ' ' * 99 + '\"@nni.x()\"'",
        ["NC202"],
    ),
    "a null byte": ("'# @nni.get_next_parameter()\\n\\0'", ["NC001"]),
    "a null byte by its escape": ("\"'@nni.report_final_result(\\\\0)'\"", ["NC201"]),
    "half a surrogate pair": ("\"'@nni.report_final_result(\\\\ud800)'\"", ["NC201"]),
}
RUN = f"""
import json, sys
from nascompile.api import compile_source
LAYER = {LAYER!r}
compiled = compile_source(eval(sys.argv[1]).encode(), mode="enas")
print(json.dumps([compiled.ok, sorted({{one.code for one in compiled.diagnostics}})]))
"""


@pytest.mark.parametrize("name", FILES)
def test_input_ends_in_an_output_or_a_diagnostic_within_bounded_memory(name: str) -> None:
    expression, codes = FILES[name]
    result = subprocess.run(
        [sys.executable, "-c", RUN, expression],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr[-500:]
    ok, said = json.loads(result.stdout)
    assert said == codes
    assert ok == (not codes or codes[0] > "NC7")


STRANGE = [
    "it's",
    'say "so"',
    r"back\slash\'",
    "two\nlines",
    "{braces}{{",
    "'''\"\"\"",
    "right to left \u202e\u2066",
    "\ud800",
    "'); import os; ('",
    "\0",
    "#\r\n",
    "%s {0} $x `x`",
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", STRANGE, ids=ascii)
def test_names_stay_inside_of_their_quotes(name: str, mode: str) -> None:
    """What a user's text holds comes out as the same text, and as nothing else."""
    text = ascii(name)
    layer = f"layer_choice=[id({text}), len()], optional_inputs=[x[{text}]], optional_input_size=[0, 1]"
    source = f"x = h = {{}}\n# @nni.mutable_layer({layer}, layer_output=h[{text}])\n".encode()
    module = name.encode("ascii", "replace").decode()
    space = analyse_source(source, module=module).search_space
    ((block, key, choices),) = space.layers()
    assert block == module
    assert ast.literal_eval(key.removeprefix("h[").removesuffix("]")) == name
    assert ast.literal_eval(choices.candidates[0].removeprefix("id(").removesuffix(")")) == name
    json.dumps(space.to_json())
    architecture = starting_architecture(space) if mode == "fixed" else None
    output = compile_source(source, module=module, mode=mode, architecture=architecture).output
    assert output is not None
    assert output.count(b"\n") == source.count(b"\n")
    tree = ast.parse(output)
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert name in constants
    assert mode == "fixed" or {block, key, choices.candidates[0]} <= {*map(str, constants)}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called <= {"id"}
    assert not any(isinstance(node, ast.Import) for node in ast.walk(tree))


def test_annotations_are_never_run() -> None:
    """A hook of the interpreter hears everything that is run, imported or opened while a file is compiled."""
    program = """
import sys
from nascompile.api import analyse_source, compile_source
from nascompile.modes import MODES
call = "__import__('antigravity').open('stolen', 'w')"
layer = f"layer_choice=[f({call}), (lambda: {call})(), eval('1')()], layer_output=h[exec('import this')]"
source = f"f = h = 0\\n'''@nni.mutable_layer({layer})'''\\n# @nni.report_final_result({call})\\n".encode()
heard = []
def compile_everywhere():
    space = analyse_source(source, module="m").search_space
    chosen = {"chosen_layer": space.blocks["m"]["h[exec('import this')]"].candidates[0], "chosen_inputs": []}
    for mode in MODES:
        architecture = {"m": {"h[exec('import this')]": chosen}} if mode == "fixed" else None
        assert compile_source(source, module="m", mode=mode, architecture=architecture).ok
compile_everywhere()  # our own modules are imported at their first use
sys.addaudithook(lambda event, _: heard.append(event))
compile_everywhere()
print(sorted({one for one in heard if one in ("exec", "import", "open", "os.system", "subprocess.Popen")}))
print("compile" in heard, "antigravity" in sys.modules, "this" in sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == ["[]", "True False False"]
