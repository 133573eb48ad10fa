"""Progress: few lines where nobody watches, and never a reason to fail."""

import sys

import pytest

from lrplan.cli import progress
from lrplan.cli.session import Session
from lrplan.events import Advanced, BytesSent, Called, Noted, Phase, Retried, StepEnded, StepStarted


def test_a_log_gets_a_line_a_phase_and_what_must_be_known(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.listening(Session()) as events:
        events.emit(Phase(what="Reading the catalog"))
        events.emit(Called(method="GET", route="/v2/catalog", status=200, seconds=0.012))
        events.emit(Retried(method="GET", route="/v2/catalog", why="429", wait_s=2))
        events.emit(Phase(what="Applying", total=3))
        events.emit(StepStarted(step_id="albums.a/create", name="albums.a"))
        events.emit(StepEnded(step_id="albums.a/create", name="albums.a", result="done"))
        events.emit(StepEnded(step_id="albums.a/add", name="albums.a", result="failed", why="\x1b[2Jrefused"))
        events.emit(Advanced())
        events.emit(Noted(what="taking over run 17"))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Reading the catalog …",
        "Waiting 2.0 s: GET /v2/catalog: 429",
        "Applying …",
        "failed: albums.a: \\x1b[2Jrefused",
        "taking over run 17",
    ]


def test_a_long_phase_says_every_ten_seconds_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with progress.listening(Session()) as events:
        events.emit(Phase(what="Uploading", total=100))
        for _ in range(90):
            now += 0.25
            events.emit(Advanced())
            events.emit(BytesSent(count=1_000_000))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Uploading …"
    assert lines[1:] == ["Uploading: 40 of 100, 39 MB sent", "Uploading: 80 of 100, 79 MB sent"]


def test_where_no_total_is_known_the_calls_are_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with progress.listening(Session()) as events:
        events.emit(Phase(what="Reading the catalog"))
        for _ in range(60):
            now += 0.25
            events.emit(Called(method="GET", route="/v2/catalog", status=200, seconds=0.012))
        events.emit(Phase(what="Applying", total=3))
    assert capsys.readouterr().err.splitlines() == [
        "Reading the catalog …",
        "Reading the catalog: 40 calls",
        "Applying …",
    ]


def test_verbose_names_every_call(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.listening(Session(verbosity=1)) as events:
        events.emit(Called(method="GET", route="/v2/catalog", status=200, seconds=0.012))
        events.emit(StepEnded(step_id="albums.a/create", name="albums.a", result="done"))
    assert capsys.readouterr().err == "200 GET /v2/catalog (12 ms)\ndone: albums.a/create\n"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.listening(Session(quiet=True)) as events:
        events.emit(Phase(what="Reading the catalog"))
        events.emit(Noted(what="x"))
    assert capsys.readouterr() == ("", "")


def test_a_run_goes_on_when_nobody_listens_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def gone(*words: object, **_: object) -> None:
        tried.append(words)
        raise BrokenPipeError

    monkeypatch.setattr(progress.click, "echo", gone)
    with progress.listening(Session()) as events:
        events.emit(Phase(what="Applying"))
        events.emit(Noted(what="x"))
    assert tried


def test_a_terminal_gets_a_bar_and_keeps_what_must_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Terminal:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            written.append(text)
            return len(text)

        def flush(self) -> None:
            return

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress.listening(Session()) as events:
        events.emit(Phase(what="Uploading [bold]", total=2))
        events.emit(Advanced())
        events.emit(BytesSent(count=1_500_000))
        events.emit(Noted(what="[red]noted"))
    painted = "".join(written)
    assert "1 of 2" in painted
    assert "/?" not in painted
    assert "Uploading [bold]" in painted
    assert "[red]noted" in painted


def test_a_bar_without_a_total_counts_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bar:
        fields: dict[str, object]

        def add_task(self, what: str, **fields: object) -> int:
            self.fields = fields
            return 1

        def remove_task(self, task: int) -> None:
            return

        def update(self, task: int, **fields: object) -> None:
            self.fields |= fields

    bar = Bar()
    bars = progress._Bars(Session(), bar)  # type: ignore[arg-type]
    bars.emit(Phase(what="Reading the catalog"))
    for _ in range(67):
        bars.emit(Called(method="GET", route="/v2/catalog", status=200, seconds=0.012))
    assert bar.fields["so_far"] == "67 calls"
    bars.emit(Phase(what="Applying", total=3))
    bars.emit(Called(method="PUT", route="/v2/catalog", status=200, seconds=0.012))
    bars.emit(Advanced())
    assert bar.fields["so_far"] == "1 of 3"
