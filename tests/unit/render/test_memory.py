"""What is remembered and what is listed is shown, never obeyed, and worded by its numbers."""

from lrplan.diff.registry import Named, NamedPhoto, Registry, Standing
from lrplan.model.album import AlbumKind
from lrplan.model.state import Binding, State
from lrplan.plan.rebuild import Found, Rebuilt
from lrplan.render.memory import rebuild_question, rebuilt_text, state_text
from lrplan.render.registry import ids_text

HOSTILE = "a\x1b[2J\u202e\nb"
ESCAPED = "a\\x1b[2J\\u202e\\nb"
A = "a" * 32
STATE = State(account_id="acc", catalog_id="cat", service_id="key", project="studio", serial=7)


def found(address: str, **more: object) -> Found:
    return Found(address=address, name=HOSTILE, album_id=A, generation=0, **more)  # type: ignore[arg-type]


def test_hostile_names_are_escaped() -> None:
    photo = NamedPhoto(asset_id=A, file_name=HOSTILE, remote_id=HOSTILE)
    named = Named(
        address="albums.a",  # type: ignore[arg-type]
        kind=AlbumKind.ALBUM,
        standing=Standing.LIVE,
        album_id=A,  # type: ignore[arg-type]
        generation=0,
        remote_id=HOSTILE,
        photos=(photo,),
    )
    lines = [line.text for line in ids_text(Registry(project="p", named=(named,)), photos=True)]
    assert [line.count(ESCAPED) for line in lines] == [0, 1, 2]
    text = rebuilt_text(Rebuilt(state=STATE, found=(found("albums.a"),)), is_damaged=True, unreadable=())
    assert [line.text for line in text if ESCAPED in line.text] == [f"+ albums.a   {ESCAPED}"]
    assert HOSTILE not in "".join(line.text for line in state_text(STATE, unfinished=(), holder=HOSTILE))


def test_the_question_says_what_a_person_vouches_for() -> None:
    bound = (found("albums.a", put=1200), found("albums.b", put=3), found("sets.c"))
    claimed = (found("albums.~0be790792508", is_claimed=True), found("sets.~0be790792509", is_claimed=True))
    words = rebuild_question(Rebuilt(state=STATE, found=(*bound, *claimed)))
    assert "1,203 photos in 2 albums will count as put there by lrplan" in words
    assert "2 albums and sets that no manifest declares are claimed" in words
    assert rebuild_question(Rebuilt(state=STATE, found=bound[2:])) == ""


def test_a_generation_that_nobody_could_prove_is_none() -> None:
    state = State(
        account_id="acc",
        catalog_id="cat",
        service_id="key",
        project="p",
        bindings={"albums.a": Binding(album_id=A, generation=-1)},
    )
    lines = [line.text for line in state_text(state, unfinished=("r1",), holder=None)]
    assert "none proven" in lines[3]
    assert "Not yet part of the state: r1. `lrplan apply` goes on from there." in lines
