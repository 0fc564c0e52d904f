"""`nascompile exec`: in all that a program can see, as if `python` ran the user's file."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

NET = '''\
def conv(inputs, size):
    return f"conv of size {size}"


def build(x):
    """@nni.mutable_layers({layer_choice: [conv(size=3)], fixed_inputs: [x], layer_output: h})"""
    return h
'''


def write(folder: Path, **files: str) -> None:
    """Write scripts, by their names without `.py`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def execute(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "-m", "nascompile", "exec", script, "--", *arguments)


def same(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script by us and by Python, and see to it that nothing differs."""
    ours, python = execute(folder, script, *arguments), run(folder, script, *arguments)
    assert ours.stdout == python.stdout
    assert ours.stderr == python.stderr
    assert ours.returncode == python.returncode
    return ours


def test_script_sees_what_python_shows_it(tmp_path: Path) -> None:
    write(
        tmp_path / "sub",
        trial="""\
        '''The trial.'''
        import sys
        print(__name__, __file__, __doc__, __package__, __spec__, __cached__, type(__loader__), __builtins__)
        print(list(globals()), sys.argv, sys.path[0], sys.modules["__main__"].__dict__ is globals())
        """,
    )
    result = same(tmp_path, "sub/trial.py", "--steps", "5", "-h", "--", "--mode", "x")
    assert "['sub/trial.py', '--steps', '5', '-h', '--', '--mode', 'x']" in result.stdout


def test_annotated_script_runs_compiled(tmp_path: Path) -> None:
    write(tmp_path, trial=NET + "if __name__ == '__main__':\n    print(build(1))\n")
    result = execute(tmp_path, "trial.py")
    assert (result.stdout, result.stderr, result.returncode) == ("conv of size 3\n", "", 0)
    assert [path.name for path in tmp_path.iterdir()] == ["trial.py"]


def test_linked_script_imports_from_where_it_really_is(tmp_path: Path) -> None:
    write(tmp_path / "real", trial="import sys, helper\nprint(__file__, sys.path[0])", helper="print('helper')")
    (tmp_path / "link.py").symlink_to("real/trial.py")
    same(tmp_path, "link.py")


@pytest.mark.parametrize(
    "ending", ["sys.exit(3)", "sys.exit('message')", "sys.exit()", "raise SystemExit(True)", "pass"]
)
def test_exit_status_is_the_script_s(tmp_path: Path, ending: str) -> None:
    write(tmp_path, trial=f"import atexit, sys\natexit.register(print, 'at exit')\n{ending}\n")
    same(tmp_path, "trial.py")


@pytest.mark.parametrize(
    "ending",
    [
        "fail()",
        "import helper",
        "import broken",
        "import missing",
        "raise ExceptionGroup('several', [ValueError(1)])" if sys.version_info >= (3, 11) else "fail()",
        "try:\n    fail()\nexcept ZeroDivisionError as error:\n    raise ValueError('second') from error",
        "try:\n    fail()\nexcept ZeroDivisionError:\n    fail()",
        "raise OSError(32, 'Broken pipe')",
        "raise EOFError",
        "import click; raise click.UsageError('not for us')",
        "import traceback\ntry:\n    fail()\nexcept ZeroDivisionError:\n    traceback.print_exc()",
        "import threading; threading.Thread(target=print, args=['thread']).start()",
    ],
)
def test_traceback_is_python_s(tmp_path: Path, ending: str) -> None:
    write(tmp_path, helper="1 / 0\n", broken="1 +\n", trial="")
    (tmp_path / "trial.py").write_text(f"def fail():\n    1 / 0\n\n\n{ending}\n")
    same(tmp_path, "trial.py")


def test_syntax_error_is_python_s(tmp_path: Path) -> None:
    write(tmp_path, trial="print('never')\nx = = 1\n")
    assert same(tmp_path, "trial.py").returncode == 1


def test_excepthook_of_the_script_gets_its_traceback(tmp_path: Path) -> None:
    write(
        tmp_path,
        trial="""\
        import sys, traceback
        sys.excepthook = lambda kind, error, tb: print(kind, [frame.name for frame in traceback.extract_tb(tb)])
        1 / 0
        """,
    )
    assert "['<module>']" in same(tmp_path, "trial.py").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_interrupt_kills_as_it_kills_python(tmp_path: Path) -> None:
    write(tmp_path, trial="import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    result = same(tmp_path, "trial.py")
    assert result.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in result.stderr


def test_traceback_shows_the_user_s_lines(tmp_path: Path) -> None:
    failing = NET.replace("return f", "1 / 0; return f")
    write(tmp_path, trial="import net\nnet.build(1)\n", net=failing)
    result = execute(tmp_path, "trial.py")
    assert result.returncode == 1
    places = [
        line.strip() for line in result.stderr.splitlines() if line.startswith("  File") and "runtime" not in line
    ]
    assert places == [
        f'File "{tmp_path}/trial.py", line 2, in <module>',
        f'File "{tmp_path}/net.py", line 6, in build',
        f'File "{tmp_path}/net.py", line 2, in conv',
    ]
    assert '"""@nni.mutable_layers({layer_choice' in result.stderr


def test_traceback_ends_in_the_user_s_code_where_the_runtime_refuses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, trial=NET + "\nbuild(1)\n", given="[]")
    monkeypatch.setenv("NASCOMPILE_ARCHITECTURE", "given.py")
    result = execute(tmp_path, "trial.py")
    assert [line.strip() for line in result.stderr.splitlines() if line.startswith("  File")] == [
        f'File "{tmp_path}/trial.py", line 9, in <module>',
        f'File "{tmp_path}/trial.py", line 6, in build',
    ]
    assert result.stderr.endswith("ArchitectureError: given.py: the list of architectures is empty\n")


def test_traceback_of_a_bug_in_the_runtime_shows_where_it_is(tmp_path: Path) -> None:
    write(tmp_path, trial="import nascompile_runtime.graph.classic as c\nc.trial = None\n" + NET + "\nbuild(1)\n")
    result = execute(tmp_path, "trial.py")
    assert "in sub_graph" in result.stderr
    assert "TypeError: 'NoneType' object is not callable" in result.stderr


def test_modules_beside_the_script_are_compiled_under_their_dotted_names(tmp_path: Path) -> None:
    write(tmp_path, trial="import pkg\nprint(pkg.net.build(1))\n")
    write(tmp_path / "pkg", __init__="from pkg import net\n", net=NET)
    architecture = '{"pkg.net/build": {"h": {"chosen_layer": "conv(size=3)", "chosen_inputs": []}}}'
    (tmp_path / "architecture.json").write_text(architecture)
    command = ["-m", "nascompile", "exec", "trial.py", "--mode", "fixed", "--arch", "architecture.json", "--no-scopes"]
    result = run(tmp_path, *command)
    assert (result.stdout, result.stderr, result.returncode) == ("conv of size 3\n", "", 0)


def test_bytecode_of_compiled_modules_is_neither_written_nor_read(tmp_path: Path) -> None:
    write(tmp_path, trial="import net, plain\nprint(net.build(1))\n", net=NET, plain="")
    assert "h' is not defined" in run(tmp_path, "trial.py").stderr  # and leaves bytecode of net.py as it is
    before = {path.name: path.read_bytes() for path in (tmp_path / "__pycache__").iterdir()}
    assert execute(tmp_path, "trial.py").stdout == "conv of size 3\n"
    assert {path.name: path.read_bytes() for path in (tmp_path / "__pycache__").iterdir()} == before


def test_mistake_in_an_imported_module_ends_the_run(tmp_path: Path) -> None:
    write(
        tmp_path,
        trial="print('before', flush=True)\ntry:\n    import net\nexcept Exception:\n    pass\nprint('after')\n",
        net=NET.replace("layer_output", "layer_ouput"),
    )
    result = execute(tmp_path, "trial.py")
    assert (result.stdout, result.returncode) == ("before\n", 1)
    assert "net.py:6:" in result.stderr
    assert "layer_ouput" in result.stderr
    assert "Traceback" not in result.stderr


def test_mistake_in_the_script_runs_nothing(tmp_path: Path) -> None:
    write(tmp_path, trial="print('before')\n" + NET.replace("layer_output", "layer_ouput"))
    result = execute(tmp_path, "trial.py")
    assert (result.stdout, result.returncode) == ("", 1)
    assert result.stderr.startswith("trial.py:7:")


def test_modules_of_a_virtual_environment_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "venv/lib", net=NET)
    (tmp_path / "venv/pyvenv.cfg").write_text("")
    write(tmp_path, trial="import sys\nsys.path.append('venv/lib')\nimport net\nnet.build(1)\n")
    assert "h' is not defined" in same(tmp_path, "trial.py").stderr


def test_modules_of_a_folder_around_the_script_are_compiled_if_imports_look_there(tmp_path: Path) -> None:
    write(tmp_path / "src", net=NET)
    write(tmp_path / "src/deep", trial="import sys\nsys.path.append('.')\nfrom src.net import build\nprint(build(1))\n")
    architecture = '{"src.net/build": {"h": {"chosen_layer": "conv(size=3)", "chosen_inputs": []}}}'
    (tmp_path / "architecture.json").write_text(architecture)
    command = ["-m", "nascompile", "exec", "--mode", "fixed", "--arch", "architecture.json", "--no-scopes"]
    assert run(tmp_path, *command, "src/deep/trial.py").stdout == "conv of size 3\n"


def test_modules_of_other_folders_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "other", net=NET)
    write(tmp_path / "sub", trial="import sys\nsys.path.append('other')\nimport net\nnet.build(1)\n")
    assert "h' is not defined" in same(tmp_path, "sub/trial.py").stderr


def test_script_that_changes_its_folder_still_finds_its_modules(tmp_path: Path) -> None:
    write(tmp_path / "sub", net=NET, trial="import os\nos.chdir('/')\nimport net\nprint(net.build(1))\n")
    assert execute(tmp_path, "sub/trial.py").stdout == "conv of size 3\n"


def test_folder_that_holds_the_compiler_itself_is_no_trouble(tmp_path: Path) -> None:
    write(tmp_path, trial="import net\nprint(net.build(1))\n", net=NET)
    for package in ("nascompile", "nascompile_runtime"):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        (tmp_path / package).symlink_to(Path(spec.origin).parent)
    assert execute(tmp_path, "trial.py").stdout == "conv of size 3\n"


def test_text_that_only_python_reads_runs(tmp_path: Path) -> None:
    write(tmp_path, trial="")
    (tmp_path / "trial.py").write_bytes("# coding: iso2022_jp\nprint('\u65e5')\n".encode("iso2022_jp") + b"#\x1b(B\n")
    same(tmp_path, "trial.py")


def test_classes_of_the_script_can_be_pickled(tmp_path: Path) -> None:
    write(tmp_path, trial="import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)\n")
    assert same(tmp_path, "trial.py").stdout == "True\n"


def test_spawned_processes_see_what_python_shows_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        trial="""\
        import multiprocessing, os, sys
        print(__name__, __file__, __spec__, __package__, list(globals()), sys.argv, flush=True)
        def double(x):
            return x * 2
        if __name__ == "__main__":
            os.chdir("/")
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.map(double, [1, 2]))
        """,
    )
    assert "[2, 4]" in same(tmp_path, "trial.py", "argument").stdout


@pytest.mark.parametrize("way", ["spawn", "forkserver", "fork"])
def test_processes_of_the_script_run_it_compiled(tmp_path: Path, way: str) -> None:
    write(
        tmp_path,
        net=NET,
        trial=NET
        + textwrap.dedent(f"""\
        def both(x):
            import net
            return build(x), net.build(x)
        if __name__ == "__main__":
            import multiprocessing
            with multiprocessing.get_context("{way}").Pool(1) as pool:
                print(pool.map(both, [1]))
        """),
    )
    result = execute(tmp_path, "trial.py")
    assert result.stdout == "[('conv of size 3', 'conv of size 3')]\n"
    # One that was started anew knows nothing of its parent's search, and says so.
    said = "" if way == "fork" else "nascompile: multiprocessing has started this process anew: it begins a search"
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == (way != "fork")


def test_source_that_a_program_inspects_is_the_code_that_runs(tmp_path: Path) -> None:
    write(tmp_path, trial=NET + "import inspect\nprint(inspect.getsource(build), inspect.getsource(conv))\n")
    result = execute(tmp_path, "trial.py")
    assert "_nascompile.sub_graph(" in result.stdout
    assert "@nni" not in result.stdout
    assert 'def conv(inputs, size):\n    return f"conv of size {size}"\n' in result.stdout


def test_source_of_a_module_without_annotations_is_inspected_as_ever(tmp_path: Path) -> None:
    write(
        tmp_path, trial="import inspect, plain\ndef f(): pass\nprint(inspect.getsource(plain), inspect.getsource(f))\n"
    )
    write(tmp_path, plain="'''Some text.'''\nx = 1\n")
    same(tmp_path, "trial.py")


def test_options_of_the_script_without_dashes_between_are_explained(tmp_path: Path) -> None:
    write(tmp_path, trial="")
    result = run(tmp_path, "-m", "nascompile", "exec", "trial.py", "--steps", "5")
    assert result.returncode == 2
    assert "--steps (the script's own options stand after --)" in result.stderr


NEVER_TRAINS = """\
from net import build
{imports}


def train(tf):
    session = tf.Session()
    for step in range(2):
        {call}
        # @nni.report_final_result(session.run(build(step)))
        pass
"""
CHOOSES = "def build(x):\n    # @nni.mutable_layer(layer_choice=[abs(), len()])\n    h = abs(x)\n    return h\n"
REQUESTS = "def next_step(session):\n    '@nni.get_next_parameter(session)'\n"


@pytest.mark.parametrize(
    ("imports", "call", "is_said"),
    [
        ("", "step", True),
        ("", "# @nni.get_next_parameter(session)", False),
        ("", "# TODO: training_update", True),
        ("import steps", "step", False),
        ("def load():\n    import steps", "step", False),
        ("import importlib\nsteps = importlib.import_module('st' + 'eps')", "step", False),
        ("import importlib\nparser = importlib.import_module('js' + 'on')", "step", True),
        ("raise SystemExit", "step", True),
        ("import importlib\nraise SystemExit(importlib.import_module('js' + 'on') is None)", "step", True),
        ("import importlib\nraise SystemExit(importlib.import_module('js' + 'on') is not None)", "step", False),
    ],
)
def test_what_no_module_has_is_said_once_and_what_one_of_them_has_is_not(
    tmp_path: Path, imports: str, call: str, is_said: bool
) -> None:
    """Where the text does not tell what is imported, it is said at the end, if the run gets there."""
    write(tmp_path, trial=NEVER_TRAINS.format(imports=imports, call=call), net=CHOOSES, steps=REQUESTS)
    result = run(tmp_path, "-m", "nascompile", "exec", "trial.py", "--mode", "enas")
    assert result.stderr.count("warning[NC702]") == is_said, result.stderr
    assert result.stderr.count("warning") == is_said
