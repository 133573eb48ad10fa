"""The end of an apply, in words that add up."""

from lrplan.cli.summary import report_text
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


def test_what_reading_back_still_found_is_listed_and_nothing_is_called_verified() -> None:
    report = Report(run_id="r", items=(Item(name="a", bucket=Bucket.DONE),), remains=("albums.a: cover\n",), calls=1)
    assert _text(report)[1:] == ["Read back, and still different:", "  albums.a: cover\\n"]
