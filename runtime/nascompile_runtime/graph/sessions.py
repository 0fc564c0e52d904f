"""What is known of each session: told apart by what they run on, whatever object the user has in hand.

    loaded: PerSession[Answer] = PerSession()
    loaded.put(session, answer)
    loaded.get(monitored_session)      # the same where `session` is the one behind it

A monitored session is a shell around a session, which hooks get as it is, and which is another one after a preemption.
Sessions of one server and one graph share its variables, and with them what was loaded.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from nascompile_runtime.graph.signal import Session, between_steps, check_session

_Value = TypeVar("_Value")

_ATTRIBUTE = "_nascompile_servers"


class PerSession(Generic[_Value]):
    """A value for each session that was given one, forgotten with the session."""

    def __init__(self) -> None:
        self._values: WeakKeyDictionary[Any, _Value] = WeakKeyDictionary()

    def get(self, session: Session) -> _Value | None:
        """The value of a session, None where it has none. Raises TypeError where it is no session."""
        return self._values.get(_identity(session))

    def put(self, session: Session, value: _Value) -> None:
        """Give a session a value, instead of the one that it has."""
        self._values[_identity(session)] = value


class _Server:
    """Stands for all sessions of one graph on one server."""


def _identity(session: Session) -> Any:
    check_session(session)
    inner = between_steps(session, lambda raw: raw)
    target = getattr(inner, "sess_str", b"")
    if not target:
        return inner
    # On the graph, so that it goes with it.
    servers = getattr(inner.graph, _ATTRIBUTE, None)
    if servers is None:
        servers = {}
        setattr(inner.graph, _ATTRIBUTE, servers)
    return servers.setdefault(target, _Server())
