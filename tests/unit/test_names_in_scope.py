"""Names that have a value where an annotation uses them, though another annotation below makes them too."""

from __future__ import annotations

import pytest

from nascompile.api import compile_source

USE = "# @nni.mutable_layer(layer_choice=[abs(), len()], fixed_inputs=[h], layer_output=g)"
MAKE = "# @nni.mutable_layer(layer_choice=[abs(), len()], fixed_inputs=[1], layer_output=h)"


@pytest.mark.parametrize(
    "text",
    [
        f"h = 1\n{USE}\n{MAKE}\n",
        f"{MAKE}\n{USE}\n{MAKE}\n",
        f"def f(h):\n    {USE}\n    {MAKE}\n    pass\n",
        f"def f(x):\n    if x:\n        {MAKE}\n        pass\n    else:\n        {USE}\n        pass\n",
        f"for x in range(3):\n    if x:\n        {USE}\n        pass\n    {MAKE}\n    pass\n",
        f"while True:\n    try:\n        {USE}\n        pass\n    except NameError:\n        {MAKE}\n        pass\n",
        f"def f():\n    {USE}\n    pass\n{MAKE}\nf()\n",
        f"h = 1\nclass C:\n    {USE}\n    {MAKE}\n    pass\n",
        f"def f():\n    global h\n    {USE}\n    {MAKE}\n    pass\n",
        f"from x import *\n{USE}\n{MAKE}\n",
        f"(h := 1)\n{USE}\n{MAKE}\n",
    ],
)
def test_name_has_a_value(text: str) -> None:
    assert compile_source(text.encode()).ok


@pytest.mark.parametrize(
    "text",
    [
        f"{USE}\n{MAKE}\n",
        f"{USE}\n{MAKE[:-16]})\nh = 1\n",
        f"h = 1\ndef f():\n    {USE}\n    {MAKE}\n    pass\n",
        f"class C:\n    {USE}\n    {MAKE}\n    pass\n",
        f"# @nni.report_final_result(h)\n{MAKE}\n",
        f"# @nni.variable(nni.choice(1, h), name=g)\ng = 1\n{MAKE}\n",
    ],
)
def test_name_has_none_yet(text: str) -> None:
    (diagnostic,) = compile_source(text.encode()).diagnostics
    assert diagnostic.code == "NC307"
    assert diagnostic.message == "`h` is used before it exists: a later layer makes it"
