"""The end of an apply, in words that add up."""

from lrplan.cli.summary import report_text
from lrplan.diagnostics import error
from lrplan.workflow.report import Bucket, Item, Report, Verified


def _text(report: Report) -> list[str]:
    return [line.text for line in report_text(report)]


def test_a_whole_apply_is_two_lines() -> None:
    items = (Item(name="albums.a", bucket=Bucket.DONE), Item(name="albums.b", bucket=Bucket.ALREADY))
    report = Report(run_id="r", items=items, verified=Verified.MANIFESTS, calls=61, seconds=8.14)
    assert _text(report) == [
        "Of 2 albums, sets and files: 1 done, 1 already so. 61 calls, 8.1 s.",
        "Verified: the catalog matches the manifests.",
    ]


def test_nothing_to_do() -> None:
    assert _text(Report(verified=Verified.MANIFESTS, calls=3, seconds=0.2)) == [
        "Nothing had to be done. 3 calls, 0.2 s.",
        "Verified: the catalog matches the manifests.",
    ]


def test_every_item_is_in_one_bucket_and_troubles_say_why() -> None:
    items = (
        Item(name="albums.a", bucket=Bucket.FAILED, why="the service refused it: \x1b[2J"),
        Item(name="albums.b", bucket=Bucket.SKIPPED, why="albums.a failed"),
        Item(name="albums.c", bucket=Bucket.STALE, why="it changed"),
        Item(name="albums.d", bucket=Bucket.BLOCKED, why="the API cannot"),
        *(Item(name=f"albums.e{number}", bucket=Bucket.DONE) for number in range(3)),
    )
    text = _text(Report(run_id="r", items=items, calls=1, seconds=1))
    assert text[:4] == [
        "failed    albums.a   the service refused it: \\x1b[2J",
        "skipped   albums.b   albums.a failed",
        "stale     albums.c   it changed",
        "blocked   albums.d   the API cannot",
    ]
    assert "Of 7 albums, sets and files: 3 done, 1 failed, 1 skipped, 1 stale, 1 blocked." in text[4]
    assert text[-1] == "Not all is done. Running it again finishes: lrplan apply"


def test_what_is_blocked_in_an_album_that_was_done_is_told_beside_it() -> None:
    done = Item(name="albums.a", bucket=Bucket.DONE, why="U4.jpg finds no room: it has 677 bytes")
    file = Item(name="o/U4.jpg", bucket=Bucket.BLOCKED, why="finds no room: it has 677 bytes")
    text = _text(Report(run_id="r", items=(done, file), verified=Verified.PLAN, calls=5, seconds=1))
    assert text == [
        "done      albums.a   but U4.jpg finds no room: it has 677 bytes",
        "blocked   o/U4.jpg   finds no room: it has 677 bytes",
        "Of 2 albums, sets and files: 1 done, 1 blocked. 5 calls, 1.0 s.",
        "Verified: the catalog matches the plan.",
    ]


def open_line(*items: Item, said: str = "", interrupted: bool = False) -> str:
    diagnostics = (error(said, "x"),) if said else ()
    report = Report(run_id="r", items=items, interrupted=interrupted, diagnostics=diagnostics)
    return _text(report)[-1]


GOOD = Item(name="albums.a", bucket=Bucket.DONE)
LASTS = Item(name="o/one.jpg", bucket=Bucket.FAILED, why="415", lasts=True)
NEEDS_IT = Item(name="albums.b", bucket=Bucket.SKIPPED, why="it needs o/one.jpg", lasts=True)
PASSES = Item(name="albums.c", bucket=Bucket.FAILED, why="503")
AGAIN = "Not all is done. Running it again finishes: lrplan apply"


def test_running_it_again_is_promised_only_for_what_may_pass() -> None:
    assert open_line(GOOD, PASSES) == AGAIN
    assert open_line(GOOD, interrupted=True) == AGAIN
    assert open_line(GOOD, PASSES, interrupted=True, said="LRP801") == AGAIN
    alone = "Not all is done. What failed would fail again, so look at its cause first. All else is done."
    assert open_line(GOOD, LASTS, NEEDS_IT) == alone
    both = "Not all is done. What was refused would be refused again; running it again does the rest: lrplan apply"
    assert open_line(GOOD, LASTS, PASSES) == both
    assert open_line(GOOD, LASTS, interrupted=True) == both


def test_an_error_that_ended_the_run_comes_first() -> None:
    first = "Not all is done. See to the error first, then finish: lrplan apply"
    assert open_line(GOOD, PASSES, interrupted=True, said="LRP302") == first
    gone = "Not all is done, and running it again would not finish. See to the error first."
    assert open_line(GOOD, PASSES, interrupted=True, said="LRP304") == gone


def test_what_reading_back_still_found_is_listed_and_nothing_is_called_verified() -> None:
    report = Report(run_id="r", items=(Item(name="a", bucket=Bucket.DONE),), remains=("albums.a: cover\n",), calls=1)
    assert _text(report)[1:] == ["Read back, and still different:", "  albums.a: cover\\n"]
