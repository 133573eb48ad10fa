"""From what a person wrote to the photo that is meant, or to why there is none."""

from collections.abc import Mapping

import pytest

from lrplan.diagnostics import Diagnostic, SourceSpan
from lrplan.manifest.entries import PhotoRef, RefKind
from lrplan.model.asset import Asset
from lrplan.model.ids import Sha256, asset_id
from lrplan.model.inventory import FileProblem, Inventory, Original
from lrplan.resolve.desired import MissingPhoto
from lrplan.resolve.generations import find_generations
from lrplan.resolve.index import index_assets
from lrplan.resolve.lookup import place_of
from lrplan.resolve.photos import SUGGESTIONS_MAX, Found, Resolution, Surroundings, find_photo
from tests.unit.resolve.test_lookup import HERE, OWNER, catalog, photo

SPAN = SourceSpan(file="a.yaml", line=1, column=1)
HASH, OTHER_HASH = Sha256("1" * 64), Sha256("2" * 64)
UPLOAD_ID = asset_id(OWNER.account_id, OWNER.service_id, HASH, 0)
ORIGINAL = Original(
    path="o/a.CR3",
    file_name="a.CR3",
    size_bytes=1,
    sha256=HASH,
    part_size_bytes=32768,
    part_checks=("0" * 16,),
    subtype="image",
    content_type="application/octet-stream",
)


def around(
    *assets: Asset,
    original: Original | FileProblem | None = ORIGINAL,
    beside: Mapping[str, tuple[str, ...]] | None = None,
) -> Surroundings:
    snapshot = catalog(*assets)
    originals = {} if original is None else {"o/a.CR3": original}
    inventory = Inventory(originals=originals, beside=beside or {})
    return Surroundings(snapshot=snapshot, index=index_assets(snapshot), inventory=inventory, owner=OWNER)


def find(kind: RefKind, value: str, surroundings: Surroundings, sha256: str | None = None) -> Resolution:
    generations = find_generations(OWNER, surroundings.snapshot.albums)
    place = place_of(generations.of(HERE), None, surroundings.snapshot, generations)
    return find_photo(PhotoRef(kind=kind, value=value), sha256=sha256, span=SPAN, place=place, around=surroundings)


def upload(*assets: Asset, sha256: str | None = None, original: Original | FileProblem | None = ORIGINAL) -> Resolution:
    return find(RefKind.UPLOAD, "o/a.CR3", around(*assets, original=original), sha256)


def code(found: Resolution) -> str:
    assert isinstance(found, Diagnostic)
    return found.code


def test_an_original_that_the_catalog_lacks_is_uploaded_under_its_derived_id() -> None:
    assert upload() == Found(asset_id=UPLOAD_ID, original=ORIGINAL)


def test_an_original_that_the_catalog_has_is_used() -> None:
    assert upload(photo(1, sha256=HASH)) == Found(asset_id=photo(1).id)


def test_an_upload_of_ours_that_was_cut_off_is_finished() -> None:
    begun = Asset(id=UPLOAD_ID, is_complete=False, imported_on=OWNER.service_id)
    assert upload(begun) == Found(asset_id=UPLOAD_ID, original=ORIGINAL)
    hashed = photo(7, sha256=HASH, is_complete=False, imported_on=OWNER.service_id)
    assert upload(hashed) == Found(asset_id=hashed.id, original=ORIGINAL)


def test_an_upload_that_somebody_else_has_begun_is_left_alone() -> None:
    assert upload(photo(7, sha256=HASH, is_complete=False, imported_on="phone")) == Found(
        asset_id=UPLOAD_ID, original=ORIGINAL
    )


def test_an_upload_of_ours_without_a_hash_is_known_by_its_id() -> None:
    assert upload(Asset(id=UPLOAD_ID, is_complete=True)) == Found(asset_id=UPLOAD_ID)


def test_an_original_in_the_trash_is_not_sent_again() -> None:
    found = upload(photo(1, sha256=HASH, subtype="deleted_image"))
    assert isinstance(found, MissingPhoto)
    assert (found.asset_id, found.path) == (photo(1).id, ORIGINAL.path)


def test_a_copy_that_is_not_in_the_trash_is_used_instead() -> None:
    assert upload(photo(1, sha256=HASH, subtype="deleted_image"), photo(2, sha256=HASH)) == Found(asset_id=photo(2).id)


def test_a_file_that_is_not_there_is_missed_only_where_the_catalog_lacks_its_hash() -> None:
    gone = FileProblem(path="o/a.CR3", reason="no such file")
    assert code(upload(original=gone)) == "LRP211"
    assert code(upload(original=gone, sha256=HASH)) == "LRP211"
    assert upload(photo(1, sha256=HASH), original=gone, sha256=HASH) == Found(asset_id=photo(1).id)
    assert code(upload(photo(1, sha256=HASH, is_complete=False), original=gone, sha256=HASH)) == "LRP211"


GONE = FileProblem(path="o/a.CR3", reason="no such file")


def mistake(found: Resolution) -> Diagnostic:
    assert isinstance(found, Diagnostic)
    return found


def test_of_a_file_that_is_gone_only_its_sha256_tells_that_the_catalog_lacks_it() -> None:
    assert mistake(upload(original=GONE, sha256=HASH)).why == "The catalog lacks this original, so the file is needed."
    said = mistake(upload(photo(1, sha256=HASH), original=GONE))
    assert said.why == "Without the file, or a sha256 beside it, nobody can tell whether the catalog has this photo."
    assert said.hint.endswith("a photo that was uploaded before can be named by its file name alone")


def test_of_a_file_that_is_gone_the_photo_of_its_name_is_told_where_there_is_one() -> None:
    one, other = photo(1, "a.CR3"), photo(2, "a.CR3")
    said = mistake(upload(one, original=GONE))
    assert said.hint.endswith("; if the photo a.CR3 of the catalog is meant, write a.CR3, without a path")
    assert "is meant" not in mistake(upload(one, other, original=GONE)).hint
    assert "is meant" not in mistake(upload(one, original=GONE, sha256=HASH)).hint
    refused = mistake(upload(one, original=FileProblem(path="o/a.CR3", reason="permission denied")))
    assert refused.hint == "", "the path is right, and so is the wish to upload it"


def test_a_file_that_is_not_what_the_manifest_says_is_an_error() -> None:
    assert code(upload(sha256=OTHER_HASH)) == "LRP212"
    assert upload(sha256=HASH) == Found(asset_id=UPLOAD_ID, original=ORIGINAL)


def test_an_id_is_itself_a_photo_that_is_gone_or_one_in_the_trash() -> None:
    assert find(RefKind.ID, photo(1).id, around(photo(1))) == Found(asset_id=photo(1).id)
    gone = find(RefKind.ID, photo(1).id, around())
    assert isinstance(gone, MissingPhoto)
    assert (gone.name, gone.text) == (photo(1).id, "is not in the catalog")
    trashed = find(RefKind.ID, photo(1).id, around(photo(1, subtype="deleted_video")))
    assert isinstance(trashed, MissingPhoto)
    assert (trashed.name, trashed.text) == ("P.jpg", "was deleted in Lightroom")


def test_a_hash_is_found_or_the_hint_says_how_to_send_it() -> None:
    assert find(RefKind.SHA256, HASH, around(photo(1, sha256=HASH))) == Found(asset_id=photo(1).id)
    found = find(RefKind.SHA256, HASH, around())
    assert isinstance(found, Diagnostic)
    assert found.code == "LRP204"
    assert found.hint.startswith("write upload:")


def test_a_name_that_two_photos_have_lists_both() -> None:
    found = find(RefKind.NAME, "P.jpg", around(photo(1), photo(2)))
    assert isinstance(found, Diagnostic)
    assert found.code == "LRP205"
    assert photo(1).id in found.why
    assert photo(2).id in found.why
    assert "within" in found.hint


def test_a_name_on_disk_is_told_how_to_be_uploaded() -> None:
    found = find(RefKind.NAME, "new.jpg", around(photo(1), beside={"new.jpg": ("manifests/new.jpg", "new.jpg")}))
    assert isinstance(found, Diagnostic)
    assert found.hint == "write ./new.jpg to upload it", "beside the file that names it"


def test_only_so_many_nearest_names_are_looked_for() -> None:
    surroundings = around(photo(1, "DSC_0001.jpg"))
    hints = []
    for number in range(SUGGESTIONS_MAX + 5):
        found = find(RefKind.NAME, f"DSC_0001.jp{number}", surroundings)
        assert isinstance(found, Diagnostic)
        hints.append(found.hint)
    assert all(hints[:SUGGESTIONS_MAX])
    assert not any(hints[SUGGESTIONS_MAX:])


def test_a_list_is_no_photo() -> None:
    with pytest.raises(ValueError, match="expand"):
        find(RefKind.LIST, "picks.txt", around())
