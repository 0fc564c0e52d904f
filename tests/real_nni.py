"""Whether NNI itself is installed. In a process that has loaded the runtime, an import would find the stand-in too."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import pytest


def _is_installed() -> bool:
    try:
        return bool(version("nni"))
    except PackageNotFoundError:
        return False


needs_nni = pytest.mark.skipif(not _is_installed(), reason="nni is not installed")
