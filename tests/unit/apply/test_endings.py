"""What a lasting refusal is told as."""

import pytest

from lrplan.apply.endings import Result, refused
from lrplan.model.ids import AssetId
from lrplan.plan.write import Absent, PartlyAccepted, Refused, RefusedPhoto

PHOTO = RefusedPhoto(asset_id=AssetId("a" * 32), why="does not exist")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Refused(status=415, why="Invalid content type", request_id="r-7"),
            "415: Invalid content type; request id r-7",
        ),
        (Refused(status=400, why="", request_id=""), "(400: no reason given)"),
        (Absent(request_id="r-7"), "(404; request id r-7)"),
        (PartlyAccepted(refused=(PHOTO,), request_id="r-7"), "does not exist; request id r-7)"),
    ],
)
def test_a_refusal_says_what_came_and_the_services_own_name_of_the_request(answer: object, words: str) -> None:
    ending = refused(answer, "sending a.jpg")
    assert ending.result is Result.FAILED
    assert ending.why.startswith("sending a.jpg: ")
    assert words in ending.why


def test_only_a_full_storage_ends_the_run() -> None:
    assert refused(Refused(status=413, why="full", ends_run=True), "x").ends_run
    assert not refused(Refused(status=415, why="odd"), "x").ends_run
