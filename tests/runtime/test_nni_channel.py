"""A trial takes the parameters that NNI has on record for it, whatever it was handed."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from nascompile_runtime.backends import nni_channel
from nascompile_runtime.backends.nni_channel import RecordedChannel, use_recorded_parameters

NNI = SimpleNamespace(load=json.loads)


def record(number: int | None) -> dict[str, Any]:
    return {"parameter_id": number, "parameters": {"b/h/layer_choice": f"f({number})"}}


class Channel:
    """NNI's own, which hands out the parameters with number 0."""

    def __init__(self, given: Any = None) -> None:
        self.given = given or record(0)

    def receive_parameter(self) -> Any:
        return self.given

    def send_metric(self, **metric: Any) -> str:
        return f"sent {metric}"


class Manager(ThreadingHTTPServer):
    """Answers like NNI's manager, with one answer after the other and then always the last one."""

    answers: list[tuple[int, Any]]
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Manager

    def do_GET(self) -> None:
        answers, asked = self.server.answers, self.server.asked
        asked.append(self.path)
        status, body = answers[min(len(asked), len(answers)) - 1]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def manager() -> Iterator[Manager]:
    with Manager(("127.0.0.1", 0), Handler) as server:
        server.answers, server.asked = [], []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def url(manager: Manager, prefix: str = "") -> str:
    return f"http://127.0.0.1:{manager.server_port}{prefix}/env/local-env/Ab1cD"


def job(*records: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"trialJobId": "Ab1cD", "hyperParameters": [json.dumps(each) for each in records]}


@pytest.mark.parametrize("number", [0, 1])
def test_parameters_on_record_are_taken(manager: Manager, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    manager.answers = [job(record(number))]
    channel = RecordedChannel(NNI, Channel(), url(manager, "/prefix"), "Ab1cD")
    assert channel.receive_parameter() == record(number)
    assert manager.asked == ["/prefix/api/v1/nni/trial-jobs/Ab1cD"]
    told = "nascompile: NNI has parameters 1 on record, and handed out 0: taking 1\n"
    assert capsys.readouterr().out == (told if number == 1 else "")


def test_manager_whose_notes_come_late_is_asked_again(manager: Manager) -> None:
    manager.answers = [(500, {"error": "no such job"}), (200, {}), job(), job(record(1))]
    assert RecordedChannel(NNI, Channel(), url(manager), "Ab1cD").receive_parameter() == record(1)
    assert len(manager.asked) == 4


@pytest.mark.parametrize("answers", [[(404, None)], [job(record(1), record(2))], [(200, "nonsense")]])
def test_what_was_handed_out_counts_where_there_is_no_record(
    manager: Manager, answers: list[tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nni_channel, "_PATIENCE", 0.3)
    manager.answers = answers
    assert RecordedChannel(NNI, Channel(), url(manager), "Ab1cD").receive_parameter() == record(0)


def test_what_was_handed_out_counts_where_no_one_answers(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nni_channel, "_PATIENCE", 0.3)
    address = url(manager)
    manager.server_close()
    assert RecordedChannel(NNI, Channel(), address, "Ab1cD").receive_parameter() == record(0)


def test_trials_that_the_user_added_have_no_number(manager: Manager, capsys: pytest.CaptureFixture[str]) -> None:
    manager.answers = [job({"parameter_id": None, "parameters": {"x": 1}})]
    channel = RecordedChannel(NNI, Channel(record(None)), url(manager), "Ab1cD")
    assert channel.receive_parameter()["parameters"] == {"x": 1}
    assert capsys.readouterr().out == ""


def test_channel_takes_the_place_of_nnis_where_there_is_one_to_a_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    channels = ModuleType("nni.runtime.trial_command_channel")
    placed: list[Any] = []
    monkeypatch.setattr(channels, "get_default_trial_command_channel", Channel, raising=False)
    monkeypatch.setattr(channels, "set_default_trial_command_channel", placed.append, raising=False)
    runtime = ModuleType("nni.runtime")
    monkeypatch.setattr(runtime, "trial_command_channel", channels, raising=False)
    for module in (ModuleType("nni"), runtime, channels):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.delenv("NNI_TRIAL_COMMAND_CHANNEL", raising=False)
    monkeypatch.setenv("NNI_TRIAL_JOB_ID", "Ab1cD")
    use_recorded_parameters(NNI)
    assert placed == []
    monkeypatch.setenv("NNI_TRIAL_COMMAND_CHANNEL", "http://localhost:8080/env/local-env/Ab1cD")
    use_recorded_parameters(NNI)
    (channel,) = placed
    assert channel.send_metric(value=1) == "sent {'value': 1}"
