"""Many files: in processes and from the cache, with the same results in the same order."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import TRIAL, WRONG, everything, make_folder, nascompile

from nascompile import batch, jobs
from nascompile.cache import Cache, user_cache
from nascompile.compiled import Compiled
from nascompile.diagnostics import CompilerBug
from nascompile.jobs import Job, Work, WorkerError, compile_all


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every test works in."""
    monkeypatch.chdir(tmp_path)
    return make_folder(tmp_path)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own."""
    monkeypatch.setenv("NASCOMPILE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def words(*arguments: str) -> dict[str, str]:
    """What became of each file of a verbose run."""
    lines = nascompile(*arguments, "-v").stderr.decode().splitlines()[:-1]
    return {line.split()[1]: line.split()[0] for line in lines}


def many(folder: Path, count: int = 12) -> None:
    """Fill `many` with files of which some have mistakes."""
    (folder / "many").mkdir()
    for number in range(count):
        (folder / f"many/net{number}.py").write_text(WRONG if number % 5 == 3 else TRIAL)


# processes


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_processes_give_what_one_gives(folder: Path, monkeypatch: pytest.MonkeyPatch, context: str) -> None:
    if context == "spawn":
        monkeypatch.setattr(sys, "platform", "any other")
    many(folder, 6)
    alone = nascompile("check", "many", "--jobs", "1")
    assert nascompile("check", "many", "--jobs", "2") == alone
    assert [line[:12] for line in alone.stderr.split(b"\n") if b"NC203" in line] == [b"many/net3.py"]


def test_diagnostics_of_processes_are_in_the_order_of_files(folder: Path) -> None:
    many(folder, 30)
    told = [line for line in nascompile("check", "many", "--jobs", "3").stderr.split(b"\n") if b"NC203" in line]
    assert told == sorted(told)
    assert len(told) == 6


def test_output_of_processes_is_that_of_one(folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / f"src/{name}.py").write_text(TRIAL)
    nascompile("src", "-o", "one", "--jobs", "1")
    nascompile("src", "-o", "two", "--jobs", "2")
    assert everything(folder / "one") == everything(folder / "two")


def _die(job: Job) -> Compiled:
    if job.module == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return Compiled(job.data)


def _fail(job: Job) -> Compiled:
    raise CompilerBug(f"{job.module} is wrong") if job.module == "b" else KeyError(job.module)


def test_process_that_dies_is_an_error_of_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three = [Job(name, name, b"") for name in "abc"]
    with pytest.raises(WorkerError, match="a process that compiled files died"):
        compile_all(_die, three, "", Work(2))

    def broken(*_: object) -> None:
        raise WorkerError("a process died")

    monkeypatch.setattr(batch, "compile_all", broken)
    result = nascompile("src", "-o", "out")
    assert (result.returncode, result.stderr) == (1, b"Error: a process died. Nothing was written.\n")
    assert not (folder / "out").exists()


def _linger(job: Job) -> Compiled:
    if job.module != "a":
        time.sleep(3)
        Path(f"{job.module} was finished").touch()
    return Compiled(job.data)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, CompilerBug])
def test_interrupted_run_waits_for_no_process(folder: Path, interruption: type[BaseException]) -> None:
    def interrupt(_done: int, _of: int) -> None:
        raise interruption

    with pytest.raises(interruption):
        compile_all(_linger, [Job(name, name, b"") for name in "abcdef"], "", Work(2, None, interrupt))
    assert not multiprocessing.active_children()
    assert not [*folder.glob("*was finished")]


def test_inconsistency_in_a_process_is_raised_here() -> None:
    with pytest.raises(CompilerBug, match="b is wrong"):
        compile_all(_fail, [Job("b", "b", b"")] * 2, "", Work(2))


def test_processes_are_started_where_there_is_work_for_them() -> None:
    small, large = Job("a", "a", b"x"), Job("b", "b", b"x" * jobs.PAYS_FROM)
    assert jobs._worth([small] * 100) <= 1
    assert jobs._worth([large]) <= 1
    assert jobs._worth([large] * 100) == len(os.sched_getaffinity(0))


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    three = [Job(name, name, b"") for name in "abc"]
    compile_all(lambda job: Compiled(job.data), three, "", Work(1, None, lambda *now: told.append(now)))
    assert told == [(1, 3), (2, 3), (3, 3)]


# the cache


def test_only_what_changed_is_compiled_anew(folder: Path, cache: Path) -> None:
    shutil.copy(folder / "trial.py", folder / "src")
    assert set(words("src", "-o", "out").values()) == {"compiled", "copied"}
    again = words("src", "-o", "out")
    assert (again["src/trial.py"], again["src/pkg/net.py"], again["src/plain.py"]) == ("cached", "cached", "unchanged")
    (folder / "src/trial.py").write_text(TRIAL.replace("size=5", "size=7"))
    after = words("src", "-o", "out")
    assert (after["src/trial.py"], after["src/pkg/net.py"]) == ("compiled", "cached")
    assert b"size=7" in (folder / "out/trial.py").read_bytes()
    assert words("src", "-o", "out", "--no-cache")["src/trial.py"] == "compiled"


def test_what_comes_from_the_cache_is_what_was_compiled(folder: Path, cache: Path) -> None:
    many(folder)
    for arguments in (["check", "many"], ["trial.py", "--mode", "enas"], ["space", "src"], ["wrong.py"]):
        assert nascompile(*arguments) == nascompile(*arguments)
    twins = folder / "twins"
    (twins / "cell").mkdir(parents=True)
    for name in ("cell.py", "cell/__init__.py"):
        (twins / name).write_text(TRIAL)
    first, second = nascompile("check", "twins"), nascompile("check", "twins")
    assert first == second
    assert b"error[NC005]" in second.stderr


@pytest.mark.parametrize(
    "arguments",
    [["--mode", "enas"], ["--mode", "fixed", "--arch", "one.json"], ["--mode", "fixed", "--arch", "list.json"]],
)
def test_result_of_other_options_is_another(folder: Path, cache: Path, arguments: list[str]) -> None:
    nascompile("trial.py")
    nascompile("trial.py", "--mode", "oneshot")
    assert words("trial.py", *arguments) == {"trial.py": "compiled"}
    assert words("trial.py", *arguments) == {"trial.py": "cached"}


def test_result_of_another_compiler_is_another(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert words("trial.py") == {"trial.py": "compiled"}
    monkeypatch.setattr("nascompile.cache._toolchain", lambda: b"a newer one")
    assert words("trial.py") == {"trial.py": "compiled"}


def test_what_is_said_of_keras_is_as_old_as_what_is_there(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for told in ("1", "0"):
        monkeypatch.setenv("TF_USE_LEGACY_KERAS", told)
        assert words("trial.py") == {"trial.py": "compiled"}
        assert words("trial.py") == {"trial.py": "cached"}


def entries(cache: Path) -> list[Path]:
    return [path for path in cache.glob("*/*") if path.is_file()]


class Evil:
    """What must not be called when a cache is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch called",)


def test_broken_entry_is_compiled_anew_and_mended(folder: Path, cache: Path) -> None:
    from nascompile.cache import _checksum

    expected = nascompile("trial.py").stdout
    [entry] = entries(cache)
    whole = entry.read_bytes()
    evil = pickle.dumps(Evil())
    for broken in (b"", b"x", whole[:-1], whole[:-1] + b"x", _checksum(evil) + evil, _checksum(b"no") + b"no"):
        entry.write_bytes(broken)
        assert nascompile("trial.py").stdout == expected
        assert entry.read_bytes() == whole
    entry.unlink()
    entry.mkdir()
    assert nascompile("trial.py").stdout == expected
    assert not (folder / "called").exists()


def test_cache_that_cannot_be_made_is_done_without(folder: Path, cache: Path) -> None:
    cache.write_bytes(b"a file")
    assert words("trial.py") == words("trial.py") == {"trial.py": "compiled"}


def test_cache_is_marked_as_one_and_for_its_owner_alone(cache: Path) -> None:
    nascompile("trial.py")
    assert (cache / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert cache.stat().st_mode & 0o777 == 0o700


def test_what_was_not_asked_for_in_a_month_is_removed(cache: Path) -> None:
    one = Cache(str(cache))
    for key in ("00old", "00new"):
        one.put(key, key)
    old = time.time() - 40 * 86_400
    os.utime(cache / "00/old", (old, old))
    one.put("00other", 1)
    assert one.get("00old") == "00old"  # the day has not passed, and now it was asked for
    os.utime(cache / "00/old", (old, old))
    os.utime(cache / "CACHEDIR.TAG", (old, old))
    one.put("00other", 1)
    assert (one.get("00old"), one.get("00new")) == (None, "00new")


def test_cache_is_where_the_user_has_theirs(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert user_cache() is None
    monkeypatch.delenv("NASCOMPILE_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "caches"))
    nascompile("trial.py")
    assert len(entries(folder / "caches/nascompile")) == 1


def test_two_runs_at_once_share_a_cache(folder: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "nascompile", "src", "-o"]
    runs = [subprocess.Popen([*command, f"out{number}"], stderr=subprocess.PIPE) for number in range(3)]
    assert [(run.wait(60), run.stderr.read() if run.stderr else b"") for run in runs] == [(0, b"")] * 3
    for run in runs:
        assert run.stderr is not None
        run.stderr.close()
    assert len(entries(cache)) == 1
