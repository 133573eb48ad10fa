"""The index of a catalog on disk: what was kept is found again, and nothing that happens to the file matters."""

from pathlib import Path

import pytest

from lrplan.model.asset import Asset
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.ids import AccountId, AssetId, CatalogId
from lrplan.model.window import EVERYTHING
from lrplan.sources import catalog_index
from lrplan.sources.catalog_index import LocalIndex

ACCOUNT, CATALOG, PHOTO = AccountId("a" * 32), CatalogId("c" * 32), AssetId("1" * 32)


def index(name: str = "P.jpg") -> CatalogIndex:
    return CatalogIndex(
        account_id=ACCOUNT,
        catalog_id=CATALOG,
        as_of="2026-05-04T10:00:00.000000Z",
        windows=(EVERYTHING,),
        assets={PHOTO: Asset(id=PHOTO, file_name=name)},
    )


def test_what_was_kept_is_found_again_and_stays_out_of_git(tmp_path: Path) -> None:
    store = LocalIndex(tmp_path / "cache")
    assert store.load(ACCOUNT, CATALOG) is None
    store.save(index())
    assert store.load(ACCOUNT, CATALOG) == index()
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == [".gitignore", "catalog.json"]
    assert (tmp_path / "cache" / ".gitignore").read_text() == "*\n"


def test_an_index_of_another_account_or_catalog_is_not_found(tmp_path: Path) -> None:
    store = LocalIndex(tmp_path)
    store.save(index())
    assert store.load(AccountId("b" * 32), CATALOG) is None
    assert store.load(ACCOUNT, CatalogId("d" * 32)) is None


@pytest.mark.parametrize("damage", ["nothing", "half", "a bit", "another format", "not JSON", "a folder"])
def test_a_damaged_file_is_no_index_and_is_written_anew(damage: str, tmp_path: Path) -> None:
    store = LocalIndex(tmp_path)
    store.save(index())
    file = tmp_path / "catalog.json"
    content = file.read_bytes()
    if damage == "a folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(
            {
                "nothing": b"",
                "half": content[: len(content) // 2],
                "a bit": content.replace(b"P.jpg", b"Q.jpg"),
                "another format": content.replace(b'"index":1', b'"index":2'),
                "not JSON": b"\xff\xfe",
            }[damage]
        )
    assert store.load(ACCOUNT, CATALOG) is None
    store.save(index("Q.jpg"))
    assert store.load(ACCOUNT, CATALOG) == (None if damage == "a folder" else index("Q.jpg"))
    assert not list(tmp_path.glob("*.new"))
    assert not list(tmp_path.glob(".*.new"))


def test_what_cannot_be_written_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    LocalIndex(tmp_path / "cache").save(index())
    assert LocalIndex(tmp_path / "cache").load(ACCOUNT, CATALOG) is None
    LocalIndex(tmp_path).save(index("\ud800.jpg"))
    assert LocalIndex(tmp_path).load(ACCOUNT, CATALOG) is None


def test_an_index_that_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog_index, "ASSETS_MAX", 0)
    LocalIndex(tmp_path).save(index())
    assert not list(tmp_path.iterdir())
