"""What a project says comes out as values with their places."""

from pathlib import Path

import pytest

from lrplan.diagnostics import SourceSpan
from lrplan.manifest.entries import AlbumEntry, Manifest, MemberExtra, PhotoRef, RefKind, Share, SourceText, Within
from lrplan.manifest.parse import parse_manifests, parse_project
from lrplan.manifest.pausing import without_paused
from lrplan.model.address import album_address, set_address
from lrplan.model.album import Flag, MemberInfo, Order
from lrplan.model.policy import Reorder, Replace, Unlisted
from lrplan.model.state import WhenGone

PROJECT = SourceText("lrplan.yaml", b"lrplan: 1\nproject: studio-north\n")
EXAMPLE = Path(__file__).parents[3] / "manifests" / "weddings.yaml"
ID = "5f0c8d1e2b3a49c0a1b2c3d4e5f60718"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def manifest_of(*texts: str, project: SourceText = PROJECT) -> Manifest:
    """The manifest that these files make, which are without a mistake."""
    sources = [SourceText(f"manifests/{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    manifest, said = parse_manifests(project, sources)
    assert said == ()
    assert manifest is not None
    return manifest


def album_of(body: str, project: SourceText = PROJECT) -> AlbumEntry:
    """The one album with this body."""
    manifest = manifest_of(f"lrplan: 1\nalbums:\n  x:\n    {body}\n  y: {{}}\n", project=project)
    return manifest.albums[album_address("x")]


def test_the_example_says_what_it_seems_to_say() -> None:
    manifest, said = parse_manifests(PROJECT, [SourceText("manifests/weddings.yaml", EXAMPLE.read_bytes())])
    assert said == ()
    assert manifest is not None
    assert list(manifest.sets) == ["sets.weddings-2026"]
    assert list(manifest.albums) == ["albums.smith-jones", "albums.smith-jones-highlights", "albums.smith-jones-party"]
    gallery = manifest.albums[album_address("smith-jones")]
    assert gallery.name is not None
    assert gallery.name.value == "Smith & Jones"
    assert gallery.order is not None
    assert gallery.order.value is Order.LISTED
    assert gallery.cover is not None
    assert gallery.cover.value == PhotoRef(kind=RefKind.NAME, value="DSC_0012.jpg")
    assert gallery.publish_info is not None
    assert gallery.publish_info.view is not None
    assert gallery.publish_info.view.value == "https://galleries.example.com/1042"
    assert gallery.members is not None
    assert sorted(gallery.members.values) == [f"DSC_{number:04d}.jpg" for number in range(1, 25)]


def test_a_project_without_options_has_the_defaults_of_the_reference_page() -> None:
    project, said = parse_project(PROJECT)
    assert said == ()
    assert project is not None
    assert (project.name, project.manifests, project.state) == ("studio-north", "manifests", ".lrplan")
    assert project.limits.delete == Share(of_live=0.3)
    assert (project.limits.create, project.limits.add, project.limits.upload) == (200, 5000, 50_000_000_000)
    assert (project.api.concurrency, project.api.rate, project.api.part_size_bytes) == (8, 20, 20_000_000)


def test_every_option_of_a_project_is_read() -> None:
    text = f"""\
lrplan: 1
project: studio-north
account: {ID.upper()}
catalog: {ID}
endpoint: http://127.0.0.1:8765/
manifests: ./wishes/
state: ../state
defaults: {{order: captureDate, within: {{capturedAfter: 2026-01-01}}}}
limits: {{delete: 2.5%, replace: 7, remove: 100%, create: 0, add: 12, upload: 1.5 GiB}}
api: {{concurrency: 2, rate: 0.5, partSize: 32KiB}}
auth: {{command: [./token.sh, "$HOME", 7, ""]}}
"""
    project, said = parse_project(SourceText("lrplan.yaml", text.encode()))
    assert said == ()
    assert project is not None
    assert project.account is not None
    assert project.account.value == ID
    assert project.endpoint is not None
    assert project.endpoint.value == "http://127.0.0.1:8765"
    assert project.auth_command is not None
    assert project.auth_command.value == ("./token.sh", "$HOME", "7", "")
    assert (project.manifests, project.state) == ("wishes", "../state")
    assert project.limits.delete == Share(of_live=0.025)
    assert (project.limits.replace, project.limits.remove) == (7, Share(of_live=1.0))
    assert (project.limits.create, project.limits.add, project.limits.upload) == (0, 12, 1_610_612_736)
    assert (project.api.concurrency, project.api.rate, project.api.part_size_bytes) == (2, 0.5, 32768)


@pytest.mark.parametrize(
    ("written", "size_bytes"),
    [("0", 0), ("7B", 7), ("50GB", 50 * 10**9), ("50 GB", 50 * 10**9), ("1kB", 1000), ("1KB", 1000), ("1KiB", 1024)],
)
def test_a_size_is_in_bytes(written: str, size_bytes: int) -> None:
    project, _ = parse_project(
        SourceText("lrplan.yaml", f"lrplan: 1\nproject: a\nlimits: {{upload: {written}}}".encode())
    )
    assert project is not None
    assert project.limits.upload == size_bytes


@pytest.mark.parametrize("endpoint", ["sandbox", "https://lr.adobe.io", "http://localhost:1", "http://[::1]:80"])
def test_an_endpoint_is_a_host_or_the_sandbox(endpoint: str) -> None:
    text = f"lrplan: 1\nproject: a\nendpoint: {endpoint!r}\n"
    project, said = parse_project(SourceText("lrplan.yaml", text.encode()))
    assert said == ()
    assert project is not None
    assert project.endpoint is not None
    assert project.endpoint.value == endpoint


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("2024", "2024"),
        ("yes", "yes"),
        ("0123", "0123"),
        ("1e3", "1e3"),
        ("2026-05-01", "2026-05-01"),
        ('"null"', "null"),
        ("!!str 7", "7"),
        ("!!str", None),
        ("'it''s'", "it's"),
        ('"{{ vars.year }}"', "{{ vars.year }}"),
        ("Größe 😀", "Größe 😀"),
    ],
)
def test_a_value_is_the_text_that_is_written(written: str, name: str | None) -> None:
    if name is None:
        _, said = parse_manifests(
            PROJECT, [SourceText("a.yaml", f"lrplan: 1\nalbums: {{x: {{name: {written} }}}}".encode())]
        )
        assert [one.code for one in said] == ["LRP203"]
        return
    album = album_of(f"name: {written}")
    assert album.name is not None
    assert album.name.value == name


def test_members_take_five_forms() -> None:
    album = album_of(f"""members:
      - DSC_0007.jpg
      - {ID.upper()}
      - {SHA256}
      - ../originals/./DSC_0100.CR3
      - /photos/a.jpg
      - 0123
      - fileName: {"a" * 32}
        publishInfo: {{remoteId: p-42, servicePayload: hero}}
      - id: 6f0c8d1e2b3a49c0a1b2c3d4e5f60718
      - sha256: {"b" * 64}
      - upload: DSC_0101.CR3
        sha256: {"C" * 64}
      - from: picks.txt""")
    members = album.members
    assert members is not None
    assert list(zip(members.kinds, members.values, strict=True)) == [
        (RefKind.NAME, "DSC_0007.jpg"),
        (RefKind.ID, ID),
        (RefKind.SHA256, SHA256),
        (RefKind.UPLOAD, "originals/DSC_0100.CR3"),
        (RefKind.UPLOAD, "/photos/a.jpg"),
        (RefKind.NAME, "0123"),
        (RefKind.NAME, "a" * 32),
        (RefKind.ID, "6f0c8d1e2b3a49c0a1b2c3d4e5f60718"),
        (RefKind.SHA256, "b" * 64),
        (RefKind.UPLOAD, "manifests/DSC_0101.CR3"),
        (RefKind.LIST, "manifests/picks.txt"),
    ]
    assert members.extras == {
        6: MemberExtra(info=MemberInfo(remote_id="p-42", service_payload="hero")),
        9: MemberExtra(sha256="c" * 64),
    }
    assert members.span_of(3) == SourceSpan(file="manifests/0.yaml", line=8, column=9, width=27)


@pytest.mark.parametrize(
    "texts",
    [
        ["a.jpg", "b.jpg", "ü.jpg"],
        [f"{number:032x}" for number in range(3)],
        [f"{number:032X}" for number in range(170, 173)],
        [f"{number:064x}" for number in range(3)],
        ["z" * 32, "a" * 32, "b" * 64, "y" * 64, "c.jpg"],
        ["../a/b.jpg", "../a/c.jpg"],
        ["./a.jpg", "./b.jpg"],
        ["/f.jpg", "/g.jpg"],
        ["//f.jpg", "//g.jpg"],
        ["x/../e.jpg", "x/../f.jpg"],
        ["a/b.jpg", "a/c/d.jpg"],
        ["a/b.jpg", "b/a/b.jpg"],
        ["../a/b.jpg", "../a/c.jpg", "d.jpg", "x/../e.jpg", "/f.jpg", "//g.jpg", "../../h.jpg", "i//j.jpg"],
    ],
)
def test_the_short_way_and_the_long_way_give_the_same(texts: list[str]) -> None:
    short = album_of("members: [" + ", ".join(texts) + "]").members
    long = album_of("members: [" + ", ".join(texts) + ", {from: a.txt}]").members
    assert short is not None
    assert long is not None
    assert short.kinds == long.kinds[:-1]
    assert short.values == long.values[:-1]


def test_the_column_of_a_value_points_at_its_text() -> None:
    text = "lrplan: 1\nalbums:\n  x: {name: '😀é', cover:\t日本.jpg, members: [日本.jpg, &a \"q\"]}\n"
    manifest = manifest_of(text)
    album = manifest.albums[album_address("x")]
    line = text.splitlines()[2]
    assert album.name is not None
    assert album.cover is not None
    assert album.members is not None
    spans = [album.name.span, album.cover.span, album.members.span_of(0), album.span]
    shown = [line[span.column - 1 :][: span.width] for span in spans]
    assert shown == ["'😀é'", "日本.jpg", "日本.jpg", "x"]
    assert {span.line for span in spans} == {3}


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    plain = b"lrplan: 1\nalbums:\n  x: {name: A, members: [a.jpg]}\n"
    windows = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    one, two = (parse_manifests(PROJECT, [SourceText("a.yaml", content)])[0] for content in (plain, windows))
    assert one is not None
    assert two is not None
    assert one.albums == two.albums


def test_the_order_of_the_files_does_not_matter() -> None:
    files = [SourceText(f"manifests/{key}.yaml", f"lrplan: 1\nalbums: {{{key}: {{}}}}\n".encode()) for key in "cab"]
    one, two = parse_manifests(PROJECT, files)[0], parse_manifests(PROJECT, files[::-1])[0]
    assert one is not None
    assert one == two
    assert list(one.albums) == ["albums.a", "albums.b", "albums.c"]


def test_the_digest_changes_with_any_byte_of_any_file_and_with_its_name() -> None:
    def digest(file: str, content: bytes) -> str:
        manifest, _ = parse_manifests(PROJECT, [SourceText(file, content)])
        assert manifest is not None
        return manifest.digest

    digests = {digest("a.yaml", b"lrplan: 1"), digest("a.yaml", b"lrplan: 1\n"), digest("b.yaml", b"lrplan: 1")}
    assert len(digests) == 3


def test_a_small_project_needs_no_other_file() -> None:
    text = "lrplan: 1\nproject: small\nsets: {s: {name: S}}\nalbums: {x: {name: A, parent: s, members: [pics/a.jpg]}}\n"
    manifest = manifest_of(project=SourceText("lrplan.yaml", text.encode()))
    assert list(manifest.sets) == [set_address("s")]
    members = manifest.albums[album_address("x")].members
    assert members is not None
    assert members.values == ("pics/a.jpg",)


def test_defaults_are_filled_in_where_an_album_says_nothing() -> None:
    text = "lrplan: 1\nproject: a\ndefaults: {order: captureDate, within: {album: y}}\n"
    project = SourceText("lrplan.yaml", text.encode())
    silent = album_of("name: A", project)
    assert silent.order is not None
    assert silent.order.value is Order.CAPTURE_DATE
    assert silent.within is not None
    assert silent.within.album is not None
    assert silent.within.album.value == "y"
    speaking = album_of("order: listed\n    within: {}", project)
    assert speaking.order is not None
    assert speaking.order.value is Order.LISTED
    assert speaking.within == Within()


def test_what_a_manifest_lets_lrplan_do_is_read_and_filled_in() -> None:
    text = "lrplan: 1\nproject: a\ndefaults: {unlisted: remove, replace: never, reorder: restore}\n"
    project = SourceText("lrplan.yaml", text.encode())
    silent = album_of("name: A", project)
    assert silent.replace is not None
    assert (silent.replace.value, str(silent.replace.span)) == (Replace.NEVER, "lrplan.yaml:3:39")
    speaking = album_of("{unlisted: keep, replace: allow, reorder: keep}", project)
    found = [[one.value for one in (a.unlisted, a.replace, a.reorder) if one is not None] for a in (silent, speaking)]
    assert found == [
        [Unlisted.REMOVE, Replace.NEVER, Reorder.RESTORE],
        [Unlisted.KEEP, Replace.ALLOW, Reorder.KEEP],
    ]
    plain = album_of("name: A")
    assert (plain.unlisted, plain.replace, plain.reorder) == (None, None, None)


def test_the_album_that_the_default_names_is_not_looked_up_in_itself() -> None:
    text = "lrplan: 1\nproject: a\ndefaults: {within: {album: x}}\n"
    assert album_of("name: A", SourceText("lrplan.yaml", text.encode())).within is None


def test_what_is_not_written_is_none() -> None:
    album = album_of("name: A")
    assert (album.parent, album.order, album.cover, album.within, album.publish_info, album.members) == (None,) * 6
    empty = album_of("members: []").members
    assert empty is not None
    assert empty.values == ()


def test_a_link_may_have_the_form_of_the_api() -> None:
    short = album_of('publishInfo: {remoteLinks: {view: "https://a.example/1"}}').publish_info
    long = album_of('publishInfo: {remoteLinks: {view: {href: "https://a.example/1"}}}').publish_info
    assert short is not None
    assert long is not None
    assert short.view is not None
    assert long.view is not None
    assert short.view.value == long.view.value == "https://a.example/1"


def test_what_an_entry_says_for_the_time_after_it_is_read() -> None:
    text = "lrplan: 1\nsets: {s: {whenGone: keep, protect: false, paused: true}}\nalbums: {a: {whenGone: tombstone}}\n"
    manifest = manifest_of(text)
    inside, album = manifest.sets[set_address("s")], manifest.albums[album_address("a")]
    assert inside.when_gone is not None
    assert inside.protect is not None
    assert (inside.when_gone.value, inside.protect.value, inside.paused) == (WhenGone.KEEP, False, True)
    assert album.when_gone is not None
    assert (album.when_gone.value, album.protect, album.paused) == (WhenGone.TOMBSTONE, None, False)


def test_a_paused_entry_asks_for_nothing_once_it_was_checked() -> None:
    text = "lrplan: 1\nalbums: {a: {name: A, paused: true, members: [x.jpg]}, b: {paused: false, members: [y.jpg]}}\n"
    manifest = without_paused(manifest_of(text))
    paused, other = manifest.albums[album_address("a")], manifest.albums[album_address("b")]
    assert (paused.name, paused.members, paused.paused, paused.span.line) == (None, None, True, 2)
    assert other.members is not None


def test_every_key_of_publish_info_is_read() -> None:
    info = album_of("""publishInfo:
      remoteId: gallery-1042
      servicePayload: |
        {"tier": "gold"}
      deleted: true
      version: 3
      created: 2026-05-01T10:00:00Z
      updated: 2026-05-01T10:00:00.123Z""").publish_info
    assert info is not None
    values = [info.remote_id, info.service_payload, info.deleted, info.version, info.created, info.updated]
    assert [value.value if value is not None else None for value in values] == [
        "gallery-1042",
        '{"tier": "gold"}\n',
        True,
        3,
        "2026-05-01T10:00:00Z",
        "2026-05-01T10:00:00.123Z",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "cover: a.jpg\n    members: [A.JPG]",  # whether case matters is for the catalog to say
        "cover: e\u0301.jpg\n    members: [\u00e9.jpg]",  # one name in two forms
        "cover: \u00e9.jpg\n    members: [E\u0301.jpg]",
        f"cover: a.jpg\n    members: [b.jpg, {ID}]",
        "cover: a.jpg\n    members: [{from: a.txt}]",
        "cover: ./a.jpg\n    members: [./b.jpg]",
        f"cover: {{upload: a.jpg}}\n    members: [{ID}]",
        "cover: a.jpg",
    ],
)
def test_a_cover_that_only_the_catalog_can_judge_is_left_to_it(body: str) -> None:
    assert album_of(body).cover is not None


def test_an_album_may_be_looked_up_in_by_its_id() -> None:
    within = album_of(f"within: {{album: {ID}}}").within
    assert within is not None
    assert within.album is not None
    assert within.album.value == ID


def test_an_alias_repeats_and_stands_where_it_is_written() -> None:
    manifest = manifest_of("lrplan: 1\nalbums:\n  x: {members: &m [a.jpg, {id: " + ID + "}]}\n  y:\n    members: *m\n")
    one, two = manifest.albums[album_address("x")].members, manifest.albums[album_address("y")].members
    assert one is not None
    assert two is not None
    assert one.values == two.values == ("a.jpg", ID)
    assert (two.lines[0], two.columns[1]) == (5, 14)


def test_aliases_that_multiply_are_refused_at_once() -> None:
    lines = ["lrplan: 1", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    _, said = parse_manifests(PROJECT, [SourceText("a.yaml", "\n".join(lines).encode())])
    assert [one.code for one in said] == ["LRP104"]
    assert "multiply" in said[0].what


def test_a_chain_of_aliases_may_not_go_deeper_than_written_brackets() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 400))]
    _, said = parse_manifests(PROJECT, [SourceText("a.yaml", "\n".join(lines).encode())])
    assert [one.code for one in said] == ["LRP104"]


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{a: " * 50_000, b"- " * 50_000, b"? " * 50_000, b"&a " * 9000])
def test_brackets_without_end_are_refused_at_once(content: bytes) -> None:
    _, said = parse_manifests(PROJECT, [SourceText("a.yaml", content)])
    assert said[0].code in ("LRP103", "LRP104")


def test_every_key_of_a_select_is_read_and_told() -> None:
    keys = "fileName: 'DSC_03*', capturedAfter: 2026-05-01, capturedBefore: 2026-05-03, subtype: video"
    album = album_of(f"allowEmpty: true\n    members: [a.jpg, {{select: {{flag: pick, album: {ID}, {keys}}}}}]")
    assert album.allow_empty
    members = album.members
    assert members is not None
    assert members.kinds == (RefKind.NAME, RefKind.SELECT)
    select = members.extras[1].select
    assert select is not None
    assert select.album is not None
    assert (select.file_name, select.captured_after, select.captured_before) == ("DSC_03*", "2026-05-01", "2026-05-03")
    assert (select.subtype, select.album.value, select.flag) == ("video", ID, Flag.PICK)
    assert members.values[1] == (
        "fileName: DSC_03*, capturedAfter: 2026-05-01, capturedBefore: 2026-05-03, subtype: video, "
        f"album: {ID}, flag: pick"
    )
    assert (members.span_of(1).column, members.span_of(1).width) == (23, len("select"))


def test_an_album_that_does_not_say_so_may_not_be_empty() -> None:
    assert not album_of("name: A").allow_empty
    assert not album_of("allowEmpty: false").allow_empty
