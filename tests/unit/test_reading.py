"""Files are read whole, whatever they are, and errors tell which."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from nascompile.reading import read_file


@pytest.mark.parametrize("data", [b"", b"x", b"\r\n\0\xff" * 50_000], ids=len)
def test_a_file_is_read_as_it_is(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.py"
    path.write_bytes(data)
    assert read_file(str(path)) == data


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    data = b"x = 1\n" * 100_000  # more than a pipe holds
    writer = threading.Thread(target=path.write_bytes, args=(data,))
    writer.start()
    assert read_file(str(path)) == data
    writer.join()


@pytest.mark.parametrize("told", [0, 10, 5_000])
def test_a_file_that_grows_or_shrinks_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: int
) -> None:
    path = tmp_path / "file.py"
    path.write_bytes(b"0123456789ab" * 100)
    monkeypatch.setattr(os, "fstat", lambda _, fstat=os.fstat: os.stat_result((*fstat(_)[:6], told, 0, 0, 0)))
    assert read_file(str(path)) == path.read_bytes()


@pytest.mark.parametrize(("name", "error"), [("missing", FileNotFoundError), ("", IsADirectoryError)])
def test_errors_name_the_file(tmp_path: Path, name: str, error: type[OSError]) -> None:
    path = str(tmp_path / name)
    with pytest.raises(error) as raised:
        read_file(path)
    assert raised.value.filename == path
