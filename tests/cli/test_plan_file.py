"""Where a plan is written to: in place of a plan or of nothing, into a pipe or a device, and over nothing else."""

import errno
import os
import stat
from pathlib import Path

import pytest

from lrplan.cli.plan_file import objection, write_plan
from lrplan.diagnostics import Failure
from lrplan.formats.plan import encode_plan
from lrplan.storage.disk import Disk
from tests.unit.render import plans

PLAN = encode_plan(plans.wedding(), version="0")
OTHER = encode_plan(plans.hostile(), version="0")


def _full(descriptor: int, content: bytes | memoryview) -> int:
    del descriptor, content
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_plan_takes_the_place_of_an_older_one_and_keeps_who_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    write_plan(str(file), OTHER)
    file.chmod(0o600)
    assert objection(str(file)) == ""
    write_plan(str(file), PLAN)
    assert file.read_bytes() == PLAN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["plan.json"]


@pytest.mark.parametrize("content", [b"", OTHER, OTHER.replace(b"1.0", b"7.0"), OTHER.replace(b"true", b"false")])
def test_what_is_empty_or_a_plan_of_any_kind_may_be_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.json").write_bytes(content)
    assert objection(str(tmp_path / "plan.json")) == ""


@pytest.mark.parametrize(
    "content", [b"lrplan: 1\n", b"{}", b"[]", b"\xff\xd8\xff", OTHER[:-9], b'{"formatVersion": "1.0"}']
)
def test_whatever_else_there_is_stays(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine").write_bytes(content)
    assert "is no plan" in objection(str(tmp_path / "mine"))


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    link, file = tmp_path / "plan.json", tmp_path / "plans" / "today.json"
    link.symlink_to("plans/today.json")
    for content in (OTHER, PLAN):
        assert objection(str(link)) == ""
        write_plan(str(link), content)
        assert link.is_symlink()
        assert file.read_bytes() == content
        assert not file.is_symlink()


def test_a_full_disk_leaves_the_old_plan_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(OTHER)
    with pytest.raises(Failure) as failed:
        write_plan(str(file), PLAN, disk=Disk(write=_full))
    assert failed.value.diagnostics[0].what == "plan file cannot be written: no space left on device"
    assert file.read_bytes() == OTHER
    assert os.listdir(tmp_path) == ["plan.json"]


def test_the_work_of_others_beside_it_stays(tmp_path: Path) -> None:
    (tmp_path / "plan.json.part").write_text("mine")
    write_plan(str(tmp_path / "plan.json"), PLAN)
    assert (tmp_path / "plan.json.part").read_text() == "mine"


def test_a_device_stays_a_device_and_its_refusal_is_told(tmp_path: Path) -> None:
    full = tmp_path / "full"
    try:
        os.mknod(full, stat.S_IFCHR | 0o600, os.makedev(1, 7))  # Linux: what /dev/full is
        os.close(os.open(full, os.O_WRONLY))
    except OSError:
        pytest.skip("devices can be made by root only")
    assert objection(str(full)) == ""
    with pytest.raises(Failure) as failed:
        write_plan(str(full), PLAN)
    assert "no space left on device" in failed.value.diagnostics[0].what
    assert full.is_char_device()
    assert os.listdir(tmp_path) == ["full"]


def test_a_name_without_a_name_is_refused_before_anything(tmp_path: Path) -> None:
    for name in ("", f"{tmp_path}/"):
        assert objection(name) == "that names no file"
