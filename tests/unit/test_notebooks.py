"""Notebooks: their code cells are compiled as one module, and nothing else of the file changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import nascompile, process
from notebooks import LAYER, NET, code, markdown, notebook, texts, write_notebook

from nascompile.api import analyse_source, compile_source
from nascompile.diagnostics import render_text
from nascompile.notebook.magics import find_hidden, without


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def said(data: bytes, path: str = "net.ipynb") -> list[str]:
    """What is said of a notebook, without its excerpts."""
    return [render_text(one).splitlines()[0] for one in analyse_source(data, path=path, module="net").diagnostics]


def test_only_the_lines_of_annotations_and_of_one_import_change() -> None:
    before = write_notebook(Path("net.ipynb"), [markdown("# The net"), code(NET), code("x = 1"), code(LAYER)])
    assert nascompile("net.ipynb", "--mode", "enas", "-o", "out.ipynb").returncode == 0
    after = Path("out.ipynb").read_bytes()
    old, new = before.decode().splitlines(), after.decode().splitlines()
    assert len(old) == len(new)
    assert sum(one != other for one, other in zip(old, new, strict=True)) == 3
    assert texts(after)[1].splitlines()[0] == "from nascompile_runtime.graph import enas as _nascompile; import os"
    assert texts(after)[3].splitlines()[2] == "print(h)"
    assert b"@nni" not in after


def test_output_is_a_notebook_of_its_format() -> None:
    nbformat = pytest.importorskip("nbformat")
    write_notebook(Path("net.ipynb"), [markdown("# The net"), code(NET), code("x = 1"), code(LAYER)])
    nascompile("net.ipynb", "--mode", "darts", "-o", "out.ipynb")
    nbformat.validate(nbformat.read("out.ipynb", as_version=4))


@pytest.mark.parametrize("indent", [None, 0, 1, 4, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_style_of_the_json_is_kept(indent: Any, ascii_only: bool, bom: bytes) -> None:
    cells = [code(NET), code("x = 'é' # ☃", lines=False), code("y = '/'"), code(LAYER + "  # ü")]
    text = json.dumps(notebook(cells, zz={"é": [1.0, float("nan"), 1e400]}), indent=indent, ensure_ascii=ascii_only)
    data = bom + text.replace("'/'", r"'\/'").encode()
    output = compile_source(data, path="net.ipynb", module="net", mode="oneshot").output
    assert output is not None
    assert output.startswith(bom)
    assert output.isascii() == data.isascii()
    assert rb"'\/'" in output
    changed = {index: text for index, text in enumerate(texts(output.removeprefix(bom))) if index in (0, 3)}
    rest = json.loads(data.removeprefix(bom), parse_constant=str)
    for index, source in changed.items():
        rest["cells"][index]["source"] = source.splitlines(keepends=True)
    assert (
        output.removeprefix(bom)
        == json.dumps(rest, indent=indent, ensure_ascii=ascii_only)
        .replace('"NaN"', "NaN")
        .replace('"Infinity"', "Infinity")
        .replace("'/'", r"'\/'")
        .encode()
    )


@pytest.mark.parametrize(
    "pieces", [[LAYER], LAYER.splitlines(keepends=True), [LAYER[:30], LAYER[30:70], "", LAYER[70:]], list(LAYER)]
)
def test_source_may_be_split_anywhere(pieces: list[str]) -> None:
    cells = [code(NET), code("x = 1"), code("", source=pieces)]
    output = compile_source(json.dumps(notebook(cells)).encode(), path="n.ipynb", module="n", mode="enas").output
    assert output is not None
    assert len(json.loads(output)["cells"][2]["source"]) == len(pieces)
    whole = json.dumps(notebook([*cells[:2], code(LAYER)])).encode()
    assert texts(output) == texts(compile_source(whole, path="n.ipynb", module="n", mode="enas").output or b"")


def test_notebook_is_compiled_as_the_module_of_its_cells_would_be() -> None:
    cells = [NET, "x = 1\n", LAYER]
    module = compile_source("\n".join(cells).encode(), path="net.py", module="net", mode="enas")
    book = compile_source(
        json.dumps(notebook([code(cell) for cell in cells])).encode(), path="net.ipynb", module="net", mode="enas"
    )
    assert module.output is not None
    assert book.output is not None
    assert "\n".join(texts(book.output)) == module.output.decode()
    assert book.search_space == module.search_space


def test_notebook_is_compiled_in_a_folder_by_a_pattern_and_from_standard_input() -> None:
    Path("src/deep").mkdir(parents=True)
    data = write_notebook(Path("src/deep/net.ipynb"), [code(NET), code("x = 1"), code(LAYER)])
    assert nascompile("src", "-o", "out", "--mode", "enas").returncode == 0
    assert nascompile("src/**/*.ipynb", "-o", "matched", "--mode", "enas").returncode == 0
    assert Path("out/deep/net.ipynb").read_bytes() == Path("matched/deep/net.ipynb").read_bytes()
    assert b"_nascompile.conditional" in Path("out/deep/net.ipynb").read_bytes()
    assert '"deep.net"' in nascompile("space", "src").stdout.decode()
    piped = nascompile("-", "--mode", "enas", stdin=data)
    assert b"_nascompile.conditional" in piped.stdout
    assert nascompile("src", "-o", "out", "--mode", "enas", "--check").returncode == 0
    assert nascompile("src", "-o", "out", "--mode", "darts", "--check").returncode == 1


def test_difference_of_a_notebook_is_a_patch() -> None:
    write_notebook(Path("net.ipynb"), [code(NET), code("x = 1"), code(LAYER)])
    patch = nascompile("net.ipynb", "--diff").stdout.decode()
    assert '-    "import os\\n",' in patch
    assert '+    "from nascompile_runtime.graph import classic as _nascompile; import os\\n",' in patch


def test_mistake_is_placed_in_its_cell() -> None:
    layer = LAYER.replace("layer_output", "layer_ouput")
    data = write_notebook(Path("net.ipynb"), [markdown("text"), code(NET), code("x = 1\n\n" + layer)])
    assert said(data) == ["net.ipynb:cell 3:4:25: error[NC203]: unknown field `layer_ouput`"]
    result = nascompile("check", "net.ipynb", "--format", "json")
    (found,) = json.loads(result.stderr)
    assert {name: found[name] for name in ("cell", "line", "column", "code")} == {
        "cell": 3,
        "line": 4,
        "column": 25,
        "code": "NC203",
    }


def test_mistakes_of_several_cells_come_in_the_order_of_cells() -> None:
    wrong = "# @nni.mutable_layer(layer_choice=[c()], layer_ouput=h)"
    data = write_notebook(Path("net.ipynb"), [code(f"\n\n\n{wrong}"), code(wrong)])
    assert [line.split(": ")[0] for line in said(data)] == ["net.ipynb:cell 1:4:42", "net.ipynb:cell 2:1:42"]


def test_advice_is_placed_in_its_cell() -> None:
    training = "session = tf.Session()\nprint(session)"
    data = write_notebook(
        Path("net.ipynb"), [code("import tensorflow as tf"), code(NET), code("x = 1"), code(LAYER), code(training)]
    )
    compiled = compile_source(data, path="net.ipynb", module="net", mode="enas")
    (advice,) = [one for one in compiled.diagnostics if one.code == "NC702"]
    assert (advice.cell, advice.span and advice.span.line) == (4, 1)


def test_annotation_does_not_go_on_in_the_next_cell() -> None:
    cells = [
        code(NET),
        code("x = 1\n# @nni.mutable_layer(layer_choice=[conv(), pool()], fixed_inputs=[x])"),
        code("h = 2"),
    ]
    (line,) = said(write_notebook(Path("net.ipynb"), cells))
    assert line.startswith("net.ipynb:cell 2:2:")
    assert "error[NC205]" in line


def test_syntax_is_that_of_each_cell_by_itself() -> None:
    cells = [code(LAYER), code('y = """'), code('"""'), code("if y:")]
    found = said(write_notebook(Path("net.ipynb"), cells))
    assert [line.split(":")[1] for line in found] == ["cell 2", "cell 3", "cell 4"]
    assert all("NC002" in line for line in found)


def test_future_may_be_imported_in_any_cell() -> None:
    cells = [code("x = 1"), code('"""Net."""\nfrom __future__ import annotations\n' + NET), code(LAYER)]
    compiled = compile_source(write_notebook(Path("n.ipynb"), cells), path="n.ipynb", module="n", mode="enas")
    assert compiled.diagnostics == ()
    assert texts(compiled.output or b"")[1].startswith('"""Net."""\nfrom __future__ import annotations\nfrom nascomp')


def test_cells_may_await() -> None:
    cells = [code(NET), code("import asyncio\nx = await asyncio.sleep(0, 1)"), code(f"# {ONE_CHOICE}\nprint(h)")]
    write_notebook(Path("net.ipynb"), cells)
    assert nascompile("net.ipynb", "-o", "out.ipynb").returncode == 0
    assert process("-m", "nascompile", "exec", "net.ipynb").stdout == b"conv of 3\n"


def test_script_may_not_await_outside_of_functions() -> None:
    source = f"{NET}import asyncio\nx = await asyncio.sleep(0, 1)\n{LAYER}".encode()
    assert [one.code for one in compile_source(source).diagnostics] == ["NC002"]


ONE_CHOICE = "@nni.mutable_layer(layer_choice=[conv(size=3)], fixed_inputs=[x], layer_output=h)"
MAGIC_LINES = [
    "%matplotlib inline",
    "!pip install x",
    "!!ls",
    "?tf",
    "tf.cond?",
    "%time y = 1",
    "%run it's.py",
    "f = !ls",
]


@pytest.mark.parametrize(
    "line", [*MAGIC_LINES, "!pip install \\\n   --it's", "a, b = %who_ls", ",f a b", "/f 1", ";f a"]
)
def test_magics_survive_byte_for_byte(line: str) -> None:
    text = f"x = 1\n{line}\nif x:\n    {line}\n{LAYER}"
    data = write_notebook(Path("net.ipynb"), [code(line), code(NET), code(text)])
    compiled = compile_source(data, path="net.ipynb", module="net", mode="enas")
    assert compiled.diagnostics == ()
    first, _, last = texts(compiled.output or b"")
    assert first == line
    assert last.startswith(text.removesuffix(LAYER))


@pytest.mark.parametrize(
    "line", ["x = (1\n% 2)", "x = '''\n%time\n'''", "x = 5 \\\n% 2", "x = f'''\n!ls {1}'''", "x = 1  # why?"]
)
def test_python_that_looks_like_a_magic_is_python(line: str) -> None:
    assert find_hidden(line) == []


def test_line_after_a_comment_with_a_backslash_is_one_of_its_own() -> None:
    assert [part.line for part in find_hidden("x = 1  # C:\\\n%time")] == [2]


@pytest.mark.parametrize("magic", ["%%time", "\n%%time", "%%capture out", "%%capture\n%%time", "%%prun -s time"])
def test_cell_whose_magic_runs_it_is_compiled(magic: str) -> None:
    cells = [code(NET), code(f"{magic}\nx = 1\n{LAYER}")]
    compiled = compile_source(write_notebook(Path("n.ipynb"), cells), path="n.ipynb", module="n", mode="enas")
    assert compiled.diagnostics == ()
    assert texts(compiled.output or b"")[1].startswith(f"{magic}\nx = 1\nh = _nascompile.conditional(")


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile net.py", "%%timeit", "%%html"])
def test_annotation_in_a_cell_that_is_not_compiled_is_said(magic: str) -> None:
    cells = [code(NET), code(f"{magic}\nit's\n{LAYER}")]
    data = write_notebook(Path("n.ipynb"), cells)
    compiled = compile_source(data, path="n.ipynb", module="n", mode="enas")
    assert compiled.output == data
    assert [(one.code, one.cell, one.span and one.span.line) for one in compiled.diagnostics] == [("NC007", 2, 3)]


def test_cell_of_another_language_is_left_alone() -> None:
    cells = [code(NET), code("x = 1"), code(LAYER), code("SELECT 1;", metadata={"vscode": {"languageId": "sql"}})]
    compiled = compile_source(write_notebook(Path("n.ipynb"), cells), path="n.ipynb", module="n", mode="enas")
    assert compiled.diagnostics == ()
    assert texts(compiled.output or b"")[3] == "SELECT 1;"


def test_names_that_a_magic_may_define_are_not_missed() -> None:
    assert said(write_notebook(Path("n.ipynb"), [code("%run net.py"), code(LAYER)])) == []
    assert said(write_notebook(Path("n.ipynb"), [code(NET), code("x = !ls"), code(LAYER)])) == []
    assert len(said(write_notebook(Path("n.ipynb"), [code(NET), code("!ls"), code(LAYER)]))) == 1


def test_import_joins_no_magic() -> None:
    cells = [code("%time a = 1\nx = !ls"), code(NET.replace("import os\n", "")), code(LAYER)]
    output = compile_source(write_notebook(Path("n.ipynb"), cells), path="n.ipynb", module="n", mode="enas").output
    assert texts(output or b"")[:2] == [cells[0]["source"][0] + cells[0]["source"][1], "".join(cells[1]["source"])]
    assert texts(output or b"")[2].startswith("from nascompile_runtime.graph import enas as _nascompile; h = ")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"nbformat": 4, "cells": [ # @nni.', "is not JSON: Expecting value"),
        (b'{"nbformat": 3, "worksheets": ["@nni."]}', "is of nbformat 3; compiled is nbformat 4"),
        (b'{"nbformat": true, "cells": ["@nni."]}', "of no known format"),
        (b'{"nbformat": 4, "note": "@nni."}', "has no list of cells"),
        (b'{"nbformat": 4, "cells": ["@nni."]}', "a cell has no source that is text"),
        (b'["@nni."]', "the file is JSON, and no notebook"),
        (b'{"nbformat": 4, "cells": [], "\xff": "@nni."}', "is not UTF-8: invalid start byte at byte 30"),
        (b'{"nbformat": ' + b"4" * 6000 + b', "cells": ["@nni."]}', "cannot be read: Exceeds the limit"),
        (b"[" * 100_000 + b"@nni", "cannot be read: maximum recursion depth exceeded"),
        (json.dumps(notebook([code("# @nni.x()\n'\ud800'")])).encode(), "holds half of a character"),
        (
            json.dumps(notebook([code(LAYER)], metadata={"kernelspec": {"language": "R"}})).encode(),
            "runs r, not Python",
        ),
        (json.dumps(notebook([code(LAYER)])).encode("utf-16"), "is in UTF-16; notebooks are UTF-8"),
        (json.dumps(notebook([code(LAYER)])).encode("utf-16-be"), "is in UTF-16; notebooks are UTF-8"),
        (b'{"nbformat": 4, "cells": [], "n": "\\u0040nni.get_next_parameter()" ', "is not JSON"),
    ],
)
def test_notebook_that_cannot_be_compiled_is_said(data: bytes, message: str) -> None:
    (line,) = said(data)
    assert "error[NC006]" in line
    assert message in line


@pytest.mark.parametrize(
    "data", [b"", b"{", b"no JSON", b'{"nbformat": 3}', json.dumps(notebook([code("x = 1")])).encode("utf-16")]
)
def test_notebook_without_annotations_passes_as_it_is(data: bytes) -> None:
    compiled = compile_source(data, path="net.ipynb", module="net", mode="enas")
    assert (compiled.output, compiled.diagnostics) == (data, ())


def test_mark_in_text_and_outputs_means_nothing() -> None:
    outputs = [{"output_type": "stream", "name": "stdout", "text": ["@nni.get_next_parameter()"]}]
    data = write_notebook(Path("net.ipynb"), [markdown("`# @nni.get_next_parameter()`"), code("1 +", outputs=outputs)])
    compiled = compile_source(data, path="net.ipynb", module="net", mode="enas")
    assert (compiled.output, compiled.diagnostics) == (data, ())


def test_compiled_notebook_stays_as_it_is() -> None:
    data = write_notebook(Path("net.ipynb"), [code(NET), code("x = 1"), code(LAYER)])
    once = compile_source(data, path="net.ipynb", module="net", mode="enas").output
    assert compile_source(once or b"", path="net.ipynb", module="net", mode="enas").output == once


def test_nni_alone_is_enough_for_the_runtime_to_stand_in() -> None:
    data = json.dumps(notebook([code("x = 1\nimport nni\nnni.report_final_result(1)", lines=False)])).encode()
    output = compile_source(data, path="net.ipynb", module="net", mode="classic").output
    assert b"from nascompile_runtime.graph import classic as _nascompile; import nni" in (output or b"")


def test_exec_runs_the_cells_as_a_script() -> None:
    cells = [
        code(NET),
        code("%matplotlib inline\nx = 1"),
        code(f"%%time\n# {ONE_CHOICE}\nprint(h)"),
        code("%time y = h\nprint(y, __name__)"),
    ]
    write_notebook(Path("net.ipynb"), cells)
    result = process("-m", "nascompile", "exec", "net.ipynb")
    assert result.stdout == b"conv of 3\nconv of 3 __main__\n"
    assert result.stderr.decode().splitlines() == [
        "net.ipynb: warning[NC008]: what only IPython runs is left out: `%matplotlib inline` in cell 2"
    ]
    assert result.returncode == 0


def test_traceback_of_a_notebook_shows_the_line_of_the_cell() -> None:
    cells = [code(NET), markdown("text"), code("def fail(x):\n    return 1 / x"), code(f"x = 0\n{LAYER}\nfail(x)")]
    write_notebook(Path("net.ipynb"), cells)
    result = process("-m", "nascompile", "exec", "net.ipynb")
    lines = result.stderr.decode().splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].endswith('net.ipynb:cell 4", line 5, in <module>')
    assert any(line.endswith('net.ipynb:cell 3", line 2, in fail') for line in lines)
    assert "    return 1 / x" in lines
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert result.returncode == 1


def test_value_that_only_ipython_gives_is_an_error_when_it_is_reached() -> None:
    write_notebook(Path("net.ipynb"), [code("print('begun')\nfiles = !ls\nprint('never')")])
    result = process("-m", "nascompile", "exec", "net.ipynb")
    assert result.stdout == b"begun\n"
    assert b"RuntimeError: `files = !ls` needs IPython" in result.stderr


def test_source_of_a_function_in_a_cell_can_be_inspected() -> None:
    cells = [
        code(NET),
        code("x = 1"),
        code(f"def build():\n    '''{ONE_CHOICE}'''\n    return h"),
        code("import inspect\nprint(inspect.getsource(build))"),
    ]
    write_notebook(Path("net.ipynb"), cells)
    result = process("-m", "nascompile", "exec", "net.ipynb")
    assert result.stdout.startswith(b'def build():\n    h = _nascompile.sub_graph("net/build"')


def test_what_stands_for_magics_has_as_many_lines() -> None:
    text = "%%capture\n!a \\\n b\nx?\n"
    assert without(text, find_hidden(text)) == "if 0: 0\nif 0: 0\n\nif 0: 0\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_annotation_in_a_wide_encoding_is_said(encoding: str) -> None:
    (diagnostic,) = analyse_source(f"# é\n{LAYER}\n".encode(encoding), path="net.py").diagnostics
    assert diagnostic.code == "NC001"
    assert diagnostic.message == f"the file is in {encoding[:6].upper()}, which Python does not read"
    assert analyse_source("x = 'é'".encode(encoding), path="net.py").diagnostics == ()


def test_annotation_in_an_encoding_that_hides_it_is_said() -> None:
    assert [one.code for one in analyse_source(b"# coding: utf-7\n# +AEA-nni.get_next_parameter()\n").diagnostics] == [
        "NC001"
    ]
    assert analyse_source(b"# coding: utf-7\n# +AEA-nobody\n").diagnostics == ()
