"""The user's expressions, as keys and generated code spell them."""

from __future__ import annotations

import ast
import warnings

import pytest
from promises import check_promises

from nascompile.api import analyse_source, compile_source
from nascompile.frontend.spelling import normalised


@pytest.mark.parametrize(
    ("code", "spelled"),
    [
        ("conv( size = 3 )", "conv(size=3)"),
        ('conv("a")', "conv('a')"),
        ("conv(\n    1,\n    2,\n)", "conv(1, 2)"),
        ("conv('a\\nb', '''c\nd''')", "conv('a\\nb', 'c\\nd')"),
        ("conv((1), (2, ), k = (3))", "conv(1, (2,), k=3)"),
        ("x . y [ 'z' ]", "x.y['z']"),
    ],
)
def test_spelling_does_not_depend_on_layout(code: str, spelled: str) -> None:
    assert normalised(ast.parse(code, mode="eval").body) == spelled


@pytest.mark.parametrize(
    ("code", "spelled"),
    [
        ("conv(lambda: 0, lambda x: 1, lambda *, k=2: k)", "conv(lambda: 0, lambda x: 1, lambda *, k=2: k)"),
        ("conv('lambda :', lambda: 'lambda :')", "conv('lambda :', lambda: 'lambda :')"),
        ("[a for (a, b) in x for (c,) in b for () in c]", "[a for a, b in x for c, in b for () in c]"),
        ("x[(*y, z)]", "x[(*y, z)]"),
        ("x[(*y,)]", "x[(*y,)]"),
        ("x[1, (2, 3)]", "x[1, (2, 3)]"),
        ("f'{x}'", "f'{x}'"),
        ('''f"{x['a']}"''', '''f"{x['a']}"'''),
        ("""f"it's" f'{x}{{}}' """, '''f"it's{x}{{}}"'''),
        (r"""f"{x['a']}\"" """, r'''f"{x['a']}\""'''),
        ('''f"""{x["it's"]}{x['a']}"""''', """f'''{x["it's"]}{x['a']}'''"""),
        (r"f'{x!r:>{w}}{{}}\n'", r"f'{x!r:>{w}}{{}}\n'"),
        (
            "f'{ {1: 2}[1] }{(lambda: 0)}{(a if b else c)}{a, b}'",
            "f'{ {1: 2}[1]}{(lambda: 0)}{(a if b else c)}{(a, b)}'",
        ),
        ("f'{x=}'", "f'x={x!r}'"),
        ("""f'''{f"{x['a']}"}'''""", """f'''{f"{x['a']}"}'''"""),
        ("""f"{x['''a\nb''']!r:>{w}}'" """.replace('"', '"""'), r"'{!r:>{}}\''.format(x['a\nb'], w)"),
    ],
)
def test_spelling_does_not_depend_on_the_version_of_python(code: str, spelled: str) -> None:
    assert normalised(ast.parse(code.strip(), mode="eval").body) == spelled


@pytest.mark.parametrize("code", [r'f"{x:a\nb}"', r'f"{x}\n\'\""', r"f'{x!r:>{w}}\t'"])
def test_formatted_strings_stay_on_one_line_and_mean_the_same(code: str) -> None:
    node = ast.parse(code, mode="eval").body
    spelled = normalised(node)
    assert "\n" not in spelled
    assert ast.dump(ast.parse(spelled, mode="eval").body) == ast.dump(node)
    source = f"import conv, pool, x, w\n# @nni.mutable_layer(layer_choice=[conv({code}), pool()], layer_output=h)\n"
    output = compile_source(source.encode(), mode="classic").output
    assert output is not None
    check_promises(source.encode(), output)


def test_formatted_string_that_needs_two_lines_is_written_on_one() -> None:
    source = b"# @nni.report_final_result(f'''{name[\"\"\"a\n# b\"\"\"]}''')\nname = {}\n"
    output = compile_source(source, mode="enas").output
    assert output is not None
    assert b"'{}'.format(name['a" in output
    check_promises(source, output)


def test_strange_escapes_are_python_to_warn_of() -> None:
    source = b"""r'''@nni.mutable_layer(layer_choice=[conv("\\d")], layer_output=h)'''"""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ((_, _, layer),) = analyse_source(source).search_space.layers()
    assert layer.candidates == (r"conv('\\d')",)
