"""Compiles many files: those that were compiled before from the cache, and many others in parallel processes.

Results come in the order of the jobs, however they were come by. Processes take time to start, so there are several
only where that pays.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from nascompile.cache import Cache
    from nascompile.compiled import Compiled

PAYS_FROM = 400_000  # of `_effort` for each process: about a third of a second, while to start some takes a tenth
ANNOTATION_EFFORT = 7_000  # an annotation costs as much as so many bytes of other code


class WorkerError(Exception):
    """A process that compiled died; nothing is known of its files."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to compile: its path as messages show it, its module, its bytes."""

    path: str
    module: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """A compiled file, how many seconds it took, and whether it had been compiled before."""

    compiled: Compiled
    seconds: float = 0.0
    is_cached: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """How jobs are done. `workers` are processes, None for as many as pay; `progress` hears how many of how many."""

    workers: int | None = 1
    cache: Cache | None = None
    progress: Callable[[int, int], None] | None = None


def compile_all(compile_job: Callable[[Job], Compiled], jobs: Sequence[Job], settings: str, work: Work) -> list[Done]:
    """Compile files with a function that processes can import; `settings` are all that its results depend on besides.

    Raises:
        WorkerError: a process died.
        CompilerBug: as the function does.
    """
    results: dict[int, Done] = {}
    keys = {}
    if work.cache is not None:
        from nascompile.cache import key_of
        from nascompile.compiled import Compiled, is_whole

        for number, job in enumerate(jobs):
            keys[number] = key_of(settings.encode(errors="surrogateescape"), *_identity(job))
            start = time.perf_counter()
            if isinstance(compiled := work.cache.get(keys[number]), Compiled) and is_whole(compiled):
                results[number] = Done(compiled, time.perf_counter() - start, is_cached=True)
    new = [number for number in range(len(jobs)) if number not in results]
    with closing(_run(partial(_timed, compile_job), [jobs[number] for number in new], work.workers)) as done:
        for number, result in zip(new, done, strict=True):
            results[number] = result
            if work.cache is not None:
                work.cache.put(keys[number], result.compiled)
            if work.progress is not None:
                work.progress(len(results), len(jobs))
    return [results[number] for number in range(len(jobs))]


def _identity(job: Job) -> tuple[bytes, bytes, bytes]:
    return os.fsencode(job.path), os.fsencode(job.module), job.data


def _timed(compile_job: Callable[[Job], Compiled], job: Job) -> Done:
    start = time.perf_counter()
    compiled = compile_job(job)
    return Done(compiled, time.perf_counter() - start)


def _run(function: Callable[[Job], Done], jobs: Sequence[Job], workers: int | None) -> Generator[Done, None, None]:
    count = _worth(jobs) if workers is None else min(workers, len(jobs))
    if count <= 1:
        yield from map(function, jobs)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(count, _context(), initializer=_begin)
    try:
        yield from pool.map(function, jobs, chunksize=max(1, len(jobs) // (count * 8)))
    except BrokenProcessPool:
        raise WorkerError("a process that compiled files died, perhaps for want of memory; try --jobs 1") from None
    except BaseException:  # Ctrl-C, or a bug: what the others are at is wanted no more, and may take long
        for process in multiprocessing.active_children():
            if process not in others:
                process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _worth(jobs: Sequence[Job]) -> int:
    """Return how many processes pay for these files."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, len(jobs), sum(map(_effort, jobs)) // PAYS_FROM)


def _effort(job: Job) -> int:
    return len(job.data) + ANNOTATION_EFFORT * job.data.count(b"@nni")


def _context() -> BaseContext:
    """Return how processes start: as copies of this one, which has imported all there is, where that is safe."""
    import multiprocessing

    if sys.platform == "linux" and threading.active_count() == 1:
        for name in ("frontend.annotations", "emit.rewrite", "safety"):
            importlib.import_module(f"nascompile.{name}")
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


def _begin() -> None:
    """Leave Ctrl-C to the process that started us."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
