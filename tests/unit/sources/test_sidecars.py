"""XMP files as they lie on disks: what is one, whose it is, and that no file makes lrplan hang."""

import hashlib
from pathlib import Path

import pytest

from lrplan.diagnostics import Failure
from lrplan.model.develop import Beside, XmpFile
from lrplan.model.inventory import FileProblem
from lrplan.sources import sidecars
from lrplan.sources.files import LocalFiles
from lrplan.sources.xmp import NotXmpError, sidecar_extension

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
PLAIN = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {RDF}><rdf:Description/></rdf:RDF></x:xmpmeta>"
PACKET = "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>{}\n   \n<?xpacket end='w'?>"


def describing(inside: str, attributes: str = "") -> bytes:
    return PLAIN.replace("<rdf:Description/>", f"<rdf:Description {attributes}>{inside}</rdf:Description>").encode()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (PLAIN.encode(), ""),
        (b"\xef\xbb\xbf" + PLAIN.encode(), ""),
        (PACKET.format(PLAIN).encode(), ""),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + PLAIN.encode(), ""),
        (f"<rdf:RDF {RDF}/>".encode(), ""),
        (describing("", 'photoshop:SidecarForExtension="CR3"'), "CR3"),
        (describing("<photoshop:SidecarForExtension> .nef </photoshop:SidecarForExtension>"), "nef"),
        (describing("<a><photoshop:SidecarForExtension>NEF</photoshop:SidecarForExtension></a>"), ""),
        (describing("", f'photoshop:SidecarForExtension="{"x" * 99}"'), ""),
        (describing(f"<photoshop:SidecarForExtension>{'x' * 99}</photoshop:SidecarForExtension>"), ""),
    ],
)
def test_an_xmp_document_says_which_file_it_belongs_to(content: bytes, extension: str) -> None:
    assert sidecar_extension(content) == extension


BOMB = '<!DOCTYPE l [<!ENTITY a0 "lol">{}]>' + "<rdf:RDF {}>&a9;</rdf:RDF>"
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not XML in UTF-8 (line 1: no element found)"),
        (b"\xff\xd8\xff\xe0", "is not XML in UTF-8 (line 1: not well-formed (invalid token))"),
        (PLAIN.encode("utf-16"), "is not XML in UTF-8: it has bytes that are 0"),
        (PLAIN.encode("utf-16-le"), "is not XML in UTF-8"),
        (describing("<a>\xe9</a>").decode().encode("latin-1"), "is not XML in UTF-8"),
        (
            b"<?xml version='1.0' encoding='ISO-8859-1'?>" + PLAIN.encode(),
            "is not UTF-8: it says that it is ISO-8859-1",
        ),
        (PLAIN.encode()[:-5], "is not XML in UTF-8"),
        (b"<html><body/></html>", "is XML, but not XMP: it has no rdf:RDF"),
        (b"<a>" * 9 + b"</a>" * 9, "is XML, but not XMP: it has no rdf:RDF"),
        (f"<html><rdf:RDF {RDF}/></html>".encode(), "is XML, but not XMP: it has no rdf:RDF"),
        (BOMB.format(ENTITIES, RDF).encode(), "is not XMP: it has a document type"),
        (f'<!DOCTYPE a SYSTEM "file:///etc/passwd"><rdf:RDF {RDF}/>'.encode(), "is not XMP: it has a document type"),
    ],
)
def test_what_is_no_xmp_says_why(content: bytes, why: str) -> None:
    with pytest.raises(NotXmpError) as caught:
        sidecar_extension(content)
    assert str(caught.value).startswith(why)


def test_elements_may_lie_as_deep_as_they_like() -> None:
    assert sidecar_extension(describing("<a>" * 100_000 + "</a>" * 100_000)) == ""


def test_files_with_settings_are_read_or_say_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = describing("", 'photoshop:SidecarForExtension="CR3"')
    monkeypatch.setattr(sidecars, "DEVELOP_BYTES_MAX", len(good))
    (tmp_path / "a.xmp").write_bytes(good)
    (tmp_path / "b.xmp").write_bytes(good + b" ")
    (tmp_path / "c.xmp").write_bytes(b"{}")
    found = LocalFiles(tmp_path).xmp_files(["a.xmp", "b.xmp", "c.xmp", "d.xmp", "."])
    assert found["a.xmp"] == XmpFile(path="a.xmp", sha256=hashlib.sha256(good).hexdigest(), extension="CR3")
    reasons = {path: one.reason for path, one in found.items() if isinstance(one, FileProblem)}
    assert reasons["b.xmp"] == "is larger than 200,000,000 bytes"
    assert reasons["c.xmp"].startswith("is not XML")
    assert (reasons["d.xmp"], reasons["."]) == ("no such file", "is a folder")


def test_a_sidecar_lies_beside_files_of_its_name_in_any_case_of_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    names = (
        "A.CR3",
        "A.JPG",
        "A.xmp",
        "B.nef",
        "B.XMP",
        "B.xmp",
        "B.DNG",
        "C.CR3",
        "C.CR3.xmp",
        "D.xmp",
        "E\u0301.xmp",
    )
    for name in names:
        (tmp_path / "in" / name).touch()
    (tmp_path / "top.xmp").touch()
    uploads = ["in/A.CR3", "in/A.JPG", "in/B.nef", "in/C.CR3", "in/\u00c9.jpg", "top.jpg", "nowhere/F.CR3"]
    a = ("in/A.xmp",)
    assert LocalFiles(tmp_path).sidecars(uploads) == {
        "in/A.CR3": Beside(sidecars=a, raw_files=("in/A.CR3",)),
        "in/A.JPG": Beside(sidecars=a, raw_files=("in/A.CR3",)),
        "in/B.nef": Beside(sidecars=("in/B.XMP", "in/B.xmp"), raw_files=("in/B.DNG", "in/B.nef")),
        "in/\u00c9.jpg": Beside(sidecars=("in/E\u0301.xmp",)),
        "top.jpg": Beside(sidecars=("top.xmp",)),
    }


def test_only_the_bytes_that_were_planned_are_given_away(tmp_path: Path) -> None:
    files, sha256 = LocalFiles(tmp_path), hashlib.sha256(PLAIN.encode()).hexdigest()
    for content, why in ((None, "no such file"), (b"other", "not those that were planned")):
        if content is not None:
            (tmp_path / "a.xmp").write_bytes(content)
        with pytest.raises(Failure) as caught:
            files.xmp("a.xmp", sha256)
        (said,) = caught.value.diagnostics
        assert said.code == "LRP502"
        assert why in said.why
    (tmp_path / "a.xmp").write_text(PLAIN)
    assert files.xmp("a.xmp", sha256) == PLAIN.encode()
