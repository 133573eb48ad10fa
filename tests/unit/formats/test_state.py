"""The state file: nothing is lost, equal columns are written once, damage and novelty are told apart."""

import pytest
from hypothesis import given, settings

from lrplan.diagnostics import Failure
from lrplan.formats.state import decode_state, encode_state
from lrplan.model.state import Binding, State
from tests.unit.formats.generated import values

STATES = values(State)
IDS = tuple(f"{number:032x}" for number in range(3))


def state(**changes: object) -> State:
    return State(account_id="a", catalog_id="c", service_id="s", project="p", **changes)


@settings(deadline=None)
@given(state=STATES)
def test_a_state_survives_its_file(state: State) -> None:
    assert decode_state(encode_state(state)) == state


def test_equal_columns_are_written_once() -> None:
    binding = Binding(album_id="0" * 32, generation=1, put=IDS, arranged=IDS)
    written = encode_state(state(bindings={"albums.a": binding}))
    assert written.count(IDS[1].encode()) == 1
    assert decode_state(written).bindings["albums.a"] == binding


@pytest.mark.parametrize("arranged", [None, (), IDS[::-1]])
def test_other_columns_are_kept_apart(arranged: tuple[str, ...] | None) -> None:
    kept = state(bindings={"albums.a": Binding(album_id="0" * 32, generation=1, put=IDS, arranged=arranged)})
    assert decode_state(encode_state(kept)) == kept


def test_a_state_file_that_was_cut_anywhere_is_damaged() -> None:
    written = encode_state(state(folded=("r1",))).rstrip()
    for cut in range(len(written)):
        with pytest.raises(Failure) as failure:
            decode_state(written[:cut], file=".lrplan/state.json")
        (said,) = failure.value.diagnostics
        assert (said.code, said.span and said.span.file) == ("LRP106", ".lrplan/state.json")


def test_a_newer_state_is_refused_by_name() -> None:
    newer = encode_state(state()).replace(b'"formatVersion": 1', b'"formatVersion": 2, "novelty": []')
    with pytest.raises(Failure) as failure:
        decode_state(newer, file=".lrplan/state.json")
    (said,) = failure.value.diagnostics
    assert (said.code, said.span and said.span.file) == ("LRP107", ".lrplan/state.json")
    assert failure.value.exit_code == 3
