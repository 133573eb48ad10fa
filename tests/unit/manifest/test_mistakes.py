"""
Every mistake has its code, its place and its words.

In these texts ⟦ stands before the place that the complaint must name; it is taken out before the text is read.
"""

import re
from pathlib import Path

import pytest

import lrplan.manifest
from lrplan.diagnostics import Diagnostic
from lrplan.manifest.entries import SourceText
from lrplan.manifest.parse import parse_manifests, parse_project

PROJECT = SourceText("lrplan.yaml", b"lrplan: 1\nproject: studio-north\n")
ID = "5f0c8d1e2b3a49c0a1b2c3d4e5f60718"


def complaints(text: str) -> tuple[Diagnostic, ...]:
    """What is said of a manifest."""
    manifest, said = parse_manifests(PROJECT, [SourceText("manifests/a.yaml", text.encode())])
    assert (manifest is None) == bool(said)
    return said


def place_of_mark(marked: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and column, from 1, of the mark."""
    before, _, after = marked.partition("⟦")
    return before + after, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1


def album(body: str) -> str:
    """A manifest of one album."""
    return f"lrplan: 1\nalbums: {{x: {{{body}}}}}\n"


MISTAKES = {
    # What is not accepted of YAML
    "not closed": ("LRP103", "lrplan: 1\nalbums: [a⟦"),
    "a tab": ("LRP103", "lrplan: 1\nalbums:\n⟦\tx: {}\n"),
    "bad indentation": ("LRP103", "lrplan: 1\nalbums:\n  x:\n    name: A\n   ⟦parent: b\n"),
    "a control character": ("LRP103", "lrplan: 1\nalbums: {é: ⟦\x07}\n"),
    "an unknown alias": ("LRP103", album("name: ⟦*nobody")),
    "an alias inside itself": ("LRP104", "lrplan: 1\nalbums: {x: &a {members: [⟦*a]}}\n"),
    "a merge key": ("LRP104", "lrplan: 1\nalbums:\n  x:\n    ⟦<<: {name: A}\n"),
    "an unknown tag": ("LRP104", album("name: ⟦!foo A")),
    "a standard tag": ("LRP104", album("name: ⟦!!binary aGFsbG8=")),
    "a tag on a mapping": ("LRP104", album("publishInfo: ⟦!!set {remoteId: a}")),
    "a tag on a list": ("LRP104", album("members: ⟦!!omap [a.jpg]")),
    "a second document": ("LRP104", "lrplan: 1\n⟦---\nlrplan: 1\n"),
    "a directive": ("LRP104", "⟦%YAML 1.2\n---\nlrplan: 1\n"),
    "too deep": ("LRP104", "lrplan: 1\nalbums: " + "[" * 19 + "⟦[" + "]" * 20),
    # The version of the format
    "a version that is no number": ("LRP105", "lrplan: ⟦one\n"),
    "version 0": ("LRP105", "lrplan: ⟦0\n"),
    "a newer version": ("LRP107", "lrplan: ⟦2\nnewKey: 1\n"),
    # Keys
    "an unknown key": ("LRP201", album("⟦ordr: listed")),
    "a key of lrplan.yaml": ("LRP201", "lrplan: 1\n⟦limits: {delete: 3}\n"),
    "a key of a later version": ("LRP201", album("⟦sticky: true")),
    "a policy of a set": ("LRP201", "lrplan: 1\nsets: {x: {⟦replace: never}}\n"),
    "a word that nobody knows for unlisted": ("LRP203", album("unlisted: ⟦Remove")),
    "a word that nobody knows for replace": ("LRP203", album("replace: ⟦false")),
    "a reorder without a value": ("LRP203", album("⟦reorder: ")),
    "a duplicate key": ("LRP202", album("name: A, ⟦name: B")),
    "a duplicate album": ("LRP202", "lrplan: 1\nalbums:\n  x: {}\n  ⟦x: {}\n"),
    "a key that is a list": ("LRP203", "lrplan: 1\n? ⟦[a]\n: b\n"),
    "a key that is nothing": ("LRP203", "lrplan: 1\nalbums: {⟦~: {}}\n"),
    "a bad key": ("LRP203", "lrplan: 1\nalbums: {⟦Smith Jones: {}}\n"),
    "a key that is too long": ("LRP203", f"lrplan: 1\nalbums: {{⟦{'a' * 81}: {{}}}}\n"),
    # Values
    "an id that two entries adopt": (
        "LRP221",
        f"lrplan: 1\nalbums: {{x: {{adopt: {ID}}}}}\nsets: {{y: {{adopt: ⟦{ID.upper()}}}}}\n",
    ),
    "an id to adopt that is none": ("LRP203", album("adopt: ⟦my-album")),
    # moved
    "moves that are no list": ("LRP203", "lrplan: 1\nmoved: ⟦all\n"),
    "a move that is a text": ("LRP203", "lrplan: 1\nmoved: [⟦albums.a]\n"),
    "a move that is a list": ("LRP203", "lrplan: 1\nmoved: [⟦[albums.a]]\n"),
    "a move from a bare key": ("LRP203", "lrplan: 1\nalbums: {b: {}}\nmoved: [{from: ⟦a, to: albums.b}]\n"),
    "a move to nowhere in particular": ("LRP209", "lrplan: 1\nmoved: [⟦{from: albums.a}]\n"),
    "a move with an unknown key": (
        "LRP201",
        "lrplan: 1\nalbums: {b: {}}\nmoved: [{from: albums.a, to: albums.b, ⟦on: monday}]\n",
    ),
    "a move to another kind": ("LRP222", "lrplan: 1\nsets: {b: {}}\nmoved: [{from: albums.a, to: ⟦sets.b}]\n"),
    "a move to what nothing declares": ("LRP222", "lrplan: 1\nmoved: [{from: albums.a, to: ⟦albums.b}]\n"),
    "two moves from one address": (
        "LRP222",
        "lrplan: 1\nalbums: {b: {}, c: {}}\nmoved: [{from: albums.a, to: albums.b}, {from: ⟦albums.a, to: albums.c}]\n",
    ),
    "two moves to one address": (
        "LRP222",
        "lrplan: 1\nalbums: {c: {}}\nmoved: [{from: albums.a, to: albums.c}, {from: albums.b, to: ⟦albums.c}]\n",
    ),
    "a move to where it comes from": (
        "LRP222",
        "lrplan: 1\nalbums: {a: {}}\nmoved: [{from: ⟦albums.a, to: albums.a}]\n",
    ),
    "moves in a circle": (
        "LRP222",
        "lrplan: 1\nmoved: [{from: ⟦albums.a, to: albums.b}, {from: albums.b, to: albums.a}]\n",
    ),
    "null": ("LRP203", album("⟦name: null")),
    "a tilde": ("LRP203", album("⟦name: ~")),
    "no value": ("LRP203", "lrplan: 1\nalbums:\n  x:\n    ⟦name:\n    parent: /\n"),
    "a colon in braces": ("LRP103", album("publishInfo: {created: 2026-05-01T10⟦:00:00Z}")),
    "no members": ("LRP203", "lrplan: 1\nalbums:\n  x:\n    ⟦members:\n"),
    "an empty album": ("LRP203", "lrplan: 1\nalbums:\n  ⟦x:\n"),
    "a list for a name": ("LRP203", album("name: ⟦[A]")),
    "a mapping for a name": ("LRP203", album("name: ⟦{a: b}")),
    "a text for albums": ("LRP203", "lrplan: 1\nalbums: ⟦all\n"),
    "a list at the top": ("LRP203", "⟦- lrplan: 1\n"),
    "an empty name": ("LRP203", album('name: ⟦""')),
    "a name that is too long": ("LRP203", album(f"name: ⟦{'a' * 1025}")),
    "a control character in a name": ("LRP203", album('name: ⟦"a\\x1b[31m"')),
    "a line break in a name": ("LRP203", album('name: ⟦"a\\nb"')),
    "an unknown order": ("LRP203", album("order: ⟦captureDat")),
    "a parent that is no key": ("LRP203", album("parent: ⟦My Sets")),
    "a payload that is too long": ("LRP203", album(f"publishInfo: {{servicePayload: ⟦{'a' * 1025}}}")),
    "a word for true": ("LRP203", album("publishInfo: {deleted: ⟦yes}")),
    "an unknown end": ("LRP203", album("whenGone: ⟦hide")),
    "a protection that is neither": ("LRP203", album("protect: ⟦on")),
    "a pause without a value": ("LRP203", album("⟦paused: ")),
    "a set with an unknown end": ("LRP203", "lrplan: 1\nsets: {s: {whenGone: ⟦remove}}\n"),
    "a negative version": ("LRP203", album("publishInfo: {version: ⟦-1}")),
    "a local time": ("LRP203", album("publishInfo: {created: ⟦'2026-05-01T10:00:00'}")),
    "a link that is no URL": ("LRP203", album("publishInfo: {remoteLinks: {view: ⟦galleries.example.com}}")),
    "a link without href": ("LRP209", album("publishInfo: {remoteLinks: {⟦view: {}}}")),
    "a day that does not exist": ("LRP203", album("within: {capturedAfter: ⟦2026-02-30}")),
    "no date at all": ("LRP203", album("within: {capturedAfter: ⟦yesterday}")),
    "dates the wrong way round": (
        "LRP203",
        album("within: {capturedAfter: 2026-05-03, capturedBefore: ⟦'2026-05-02T23:59:59'}"),
    ),
    "a within that is no key": ("LRP203", album("within: {album: ⟦Smith Raw}")),
    # Photos
    "an empty member": ("LRP203", album('members: [⟦""]')),
    "a null member": ("LRP203", album("members: [⟦~]")),
    "a list of lists": ("LRP203", album("members: [⟦[a.jpg]]")),
    "a URL as a member": ("LRP203", album("members: [⟦'https://example.com/a.jpg']")),
    "a folder as a member": ("LRP203", album("members: [⟦../originals/]")),
    "a folder among files": ("LRP203", album("members: [a/b.jpg, ⟦../..]")),
    "a control character in a member": ("LRP203", album('members: [a.jpg, ⟦"b\\e.jpg"]')),
    "a member that says nothing": ("LRP209", album("members: [⟦{}]")),
    "a member with only publishInfo": ("LRP209", album("members: [{⟦publishInfo: {remoteId: a}}]")),
    "a member with only settings": ("LRP209", album("members: [{⟦xmp: a.xmp}]")),
    "settings of two kinds": ("LRP203", album(f"members: [{{id: {ID}, xmp: a.xmp, ⟦develop: {{copyFrom: b.jpg}}}}]")),
    "settings beside a list file": ("LRP203", album("members: [{from: a.txt, ⟦xmp: a.xmp}]")),
    "copied settings beside a list file": ("LRP203", album("members: [{from: a.txt, ⟦develop: {copyFrom: b.jpg}}]")),
    "a folder of settings": ("LRP203", album("members: [{fileName: a.jpg, xmp: ⟦settings/}]")),
    "settings that are a text": ("LRP203", album("members: [{fileName: a.jpg, develop: ⟦b.jpg}]")),
    "settings copied from nothing": ("LRP209", album("members: [{fileName: a.jpg, ⟦develop: {}}]")),
    "settings copied from a list file": (
        "LRP201",
        album(f"members: [{{fileName: a.jpg, develop: {{copyFrom: {{⟦from: a.txt, id: {ID}}}}}}}]"),
    ),
    "settings copied from two photos": (
        "LRP203",
        album(f"members: [{{fileName: a.jpg, develop: {{copyFrom: ⟦{{fileName: b.jpg, id: {ID}}}}}}}]"),
    ),
    "two photos in a member": ("LRP203", album(f"members: [{{fileName: a.jpg, ⟦id: {ID}}}]")),
    "an id of 31 digits": ("LRP203", album(f"members: [{{id: ⟦{ID[1:]}}}]")),
    "a hash of 63 digits": ("LRP203", album(f"members: [{{sha256: ⟦{'a' * 63}}}]")),
    "an unknown key of a member": ("LRP201", album("members: [{⟦filename: a.jpg, id: " + ID + "}]")),
    "publishInfo of a list": ("LRP203", album("members: [{from: a.txt, ⟦publishInfo: {remoteId: a}}]")),
    "remoteLinks of a member": ("LRP201", album("members: [{id: " + ID + ", publishInfo: {⟦remoteLinks: {}}}]")),
    "a photo twice": ("LRP210", album("members: [a.jpg, b.jpg, ⟦a.jpg]")),
    "a photo twice in two forms": ("LRP210", album(f"members: [{ID}, {{id: ⟦{ID.upper()}}}]")),
    "an upload twice": ("LRP210", album("members: [./a.jpg, ⟦b/../a.jpg]")),
    "a list twice": ("LRP210", album("members: [{from: a.txt}, {from: ⟦a.txt}]")),
    "a select of nothing": ("LRP209", album("members: [{⟦select: {}}]")),
    "a select without keys": ("LRP203", album("members: [{⟦select: }]")),
    "a select that is a text": ("LRP203", album('members: [{select: ⟦"*.jpg"}]')),
    "an unknown key of a select": ("LRP201", album("members: [{select: {⟦filename: a, subtype: image}}]")),
    "a select of another subtype": ("LRP203", album("members: [{select: {subtype: ⟦preset}}]")),
    "a select of another flag": (
        "LRP203",
        "lrplan: 1\nalbums: {y: {}, x: {members: [{select: {album: y, flag: ⟦picked}}]}}\n",
    ),
    "a flag of no album": ("LRP209", album("members: [{select: {fileName: a, flag: ⟦pick}}]")),
    "a select between no dates": (
        "LRP203",
        album("members: [{select: {capturedAfter: 2026-05-03, capturedBefore: ⟦2026-05-03}}]"),
    ),
    "a select beside a photo": ("LRP203", album("members: [{fileName: a.jpg, ⟦select: {subtype: image}}]")),
    "publishInfo of a select": ("LRP203", album("members: [{select: {subtype: image}, ⟦publishInfo: {remoteId: a}}]")),
    "a select as a cover": ("LRP201", album("cover: {⟦select: {subtype: image}, fileName: b.jpg}")),
    "an album that may be empty or not": ("LRP203", album("allowEmpty: ⟦perhaps")),
    "a cover that is a list": ("LRP203", album("cover: ⟦[a.jpg]")),
    "two covers": ("LRP203", album(f"cover: ⟦{{fileName: a.jpg, id: {ID}}}")),
    "no cover in a cover": ("LRP209", album("⟦cover: {}")),
    "a list file as a cover": ("LRP201", album("cover: {⟦from: a.txt, fileName: b.jpg}")),
    "a cover that is no photo": ("LRP203", album("cover: ⟦a/..")),
    "a cover that is no member": ("LRP206", album("cover: ⟦c.jpg, members: [a.jpg, b.jpg]")),
    "a cover of nothing": ("LRP206", album("cover: ⟦c.jpg, members: []")),
    # What entries say of each other
    "no such parent": ("LRP207", "lrplan: 1\nsets: {weddings: {}}\nalbums: {x: {parent: ⟦wedding}}\n"),
    "an album as parent": ("LRP207", "lrplan: 1\nalbums: {x: {parent: ⟦y}, y: {}}\n"),
    "an address as parent": ("LRP207", "lrplan: 1\nsets: {a: {parent: ⟦sets.b}, b: {}}\n"),
    "a set in itself": ("LRP208", "lrplan: 1\nsets: {a: {parent: ⟦a}}\n"),
    "sets in each other": (
        "LRP208",
        "lrplan: 1\nsets: {b: {parent: c}, c: {parent: a}, a: {parent: ⟦b}, d: {parent: a}}\n",
    ),
    "within no album": ("LRP214", album("within: {album: ⟦y}")),
    "within itself": ("LRP214", album("within: {album: ⟦x}")),
    "within each other": (
        "LRP214",
        "lrplan: 1\nalbums: {y: {within: {album: x}}, x: {within: {album: ⟦y}}}\n",
    ),
    "a select of no album": ("LRP214", album("members: [{select: {album: ⟦y}}]")),
    "a select of itself": ("LRP214", album("members: [a.jpg, {select: {album: ⟦x}}]")),
    "selects of each other": (
        "LRP214",
        "lrplan: 1\nalbums: {z: {members: [{select: {album: y}}]}, y: {members: [{select: {album: x}}]},"
        " x: {members: [{select: {album: ⟦z, subtype: image}}, {select: {album: z}}]}}\n",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_by_code_and_place(mistake: str) -> None:
    code, marked = MISTAKES[mistake]
    text, line, column = place_of_mark(marked)
    said = complaints(text)
    assert [(one.code, str(one.span)) for one in said] == [(code, f"manifests/a.yaml:{line}:{column}")]
    assert said[0].what
    assert said[0].why


PROJECT_MISTAKES = {
    "no name": ("LRP209", "lrplan: 1\n"),
    "a bad name": ("LRP203", "lrplan: 1\nproject: ⟦Studio North\n"),
    "a name that is too long": ("LRP203", f"lrplan: 1\nproject: ⟦{'a' * 41}\n"),
    "a short account": ("LRP203", "account: ⟦abc"),
    "a catalog that is no id": ("LRP203", f"catalog: ⟦{'g' * 32}"),
    "an unknown key": ("LRP201", "⟦limit: {delete: 3}"),
    "a token": ("LRP201", "⟦accessToken: abc"),
    "a previous project that is this one": ("LRP203", "previousProjects: [old, ⟦studio-north]"),
    "a previous project twice": ("LRP203", "previousProjects: [old, ⟦old]"),
    "a bad previous project": ("LRP203", "previousProjects: [⟦Studio North]"),
    "a previous project that is a list": ("LRP203", "previousProjects: [⟦[old]]"),
    "a previous project without a list": ("LRP203", "previousProjects: ⟦old"),
    "no previous projects": ("LRP203", "⟦previousProjects:"),
    "an unknown limit": ("LRP201", "limits: {⟦deletes: 3}"),
    "more than all": ("LRP203", "limits: {delete: ⟦101%}"),
    "a share of nothing": ("LRP203", "limits: {remove: ⟦0%}"),
    "a negative limit": ("LRP203", "limits: {replace: ⟦-1}"),
    "a share of what is new": ("LRP203", "limits: {create: ⟦30%}"),
    "a count that is too large": ("LRP203", "limits: {add: ⟦1000000001}"),
    "an unknown unit": ("LRP203", "limits: {upload: ⟦50GX}"),
    "a size that is too large": ("LRP203", "limits: {upload: ⟦1001PB}"),
    "a part that is too small": ("LRP203", "api: {partSize: ⟦32767}"),
    "a part that is too large": ("LRP203", "api: {partSize: ⟦201MB}"),
    "no calls at all": ("LRP203", "api: {concurrency: ⟦0}"),
    "half a call": ("LRP203", "api: {concurrency: ⟦1.5}"),
    "a rate that is no number": ("LRP203", "api: {rate: ⟦fast}"),
    "a bad default": ("LRP203", "defaults: {order: ⟦date}"),
    "a default for unlisted photos that is none": ("LRP203", "defaults: {unlisted: ⟦delete}"),
    "a default for replacements that is none": ("LRP203", "defaults: {replace: ⟦no}"),
    "a default for orders that is none": ("LRP203", "defaults: {reorder: ⟦true}"),
    "defaults the wrong way round": (
        "LRP203",
        "defaults: {within: {capturedAfter: 2026-05-03, capturedBefore: ⟦2026-05-03}}",
    ),
    "an endpoint with a path": ("LRP203", "endpoint: ⟦https://lr.adobe.io/v2"),
    "an endpoint with a password": ("LRP203", "endpoint: ⟦https://me:secret@lr.adobe.io"),
    "an endpoint without protection": ("LRP203", "endpoint: ⟦http://lr.adobe.io"),
    "an endpoint that is no URL": ("LRP203", "endpoint: ⟦lr.adobe.io"),
    "an endpoint with a bad port": ("LRP203", "endpoint: ⟦https://lr.adobe.io:port"),
    "an endpoint with a broken bracket": ("LRP203", 'endpoint: ⟦"https://[lr"'),
    "no command": ("LRP209", "⟦auth: {}"),
    "a command that is a text": ("LRP203", "auth: {command: ⟦./token.sh}"),
    "a command that is nothing": ("LRP203", "auth: {⟦command: }"),
    "a command that is empty": ("LRP203", "auth: {command: ⟦[]}"),
    "a program without a name": ("LRP203", 'auth: {command: [⟦"", a]}'),
    "an argument that is a list": ("LRP203", "auth: {command: [./token.sh, ⟦[a]]}"),
    "an argument that is nothing": ("LRP203", "auth: {command: [./token.sh, ⟦null]}"),
    "too many arguments": ("LRP203", f"auth: {{command: ⟦[{'a, ' * 65}]}}"),
    "a token in the project": ("LRP201", "auth: {command: [a], ⟦token: b}"),
    "an endpoint with a query": ("LRP203", 'endpoint: ⟦"https://lr.adobe.io?a=b"'),
    "a state elsewhere": ("LRP203", "state: ⟦s3://bucket/state"),
    "a state in git": ("LRP203", "state: ⟦git"),
    "an empty folder": ("LRP203", 'manifests: ⟦""'),
}


@pytest.mark.parametrize("mistake", PROJECT_MISTAKES)
def test_a_mistake_of_the_project_is_named_by_code_and_place(mistake: str) -> None:
    code, body = PROJECT_MISTAKES[mistake]
    marked = body if "lrplan: 1" in body else f"lrplan: 1\nproject: studio-north\n{body}\n"
    text, line, column = place_of_mark(marked)
    project, said = parse_project(SourceText("lrplan.yaml", text.encode()))
    place = "lrplan.yaml" if "⟦" not in marked else f"lrplan.yaml:{line}:{column}"
    assert project is None
    assert [(one.code, str(one.span)) for one in said] == [(code, place)]
    assert "secret" not in said[0].why


@pytest.mark.parametrize(("state", "mentions_git"), [("s3://bucket/state", False), ("git", True)])
def test_only_who_wrote_git_is_told_how_to_name_a_folder_git(state: str, *, mentions_git: bool) -> None:
    text = f"lrplan: 1\nproject: studio-north\nstate: {state}\n"
    _, (said,) = parse_project(SourceText("lrplan.yaml", text.encode()))
    assert ("./git" in said.hint) is mentions_git


def test_the_nearest_known_word_is_named() -> None:
    assert complaints(album("ordr: listed"))[0].hint == 'did you mean "order"?'
    assert complaints("lrplan: 1\nsets: {weddings: {}}\nalbums: {x: {parent: wedding}}\n")[0].hint == (
        'did you mean "weddings"?'
    )
    assert (
        complaints(album("cover: IMG_1.jpg, members: [IMG_2.jpg, IMG_33.jpg]"))[0].hint == 'did you mean "IMG_2.jpg"?'
    )


def test_every_circle_of_selects_is_named_with_its_way() -> None:
    members = {"a": "b", "b": "a", "c": "d", "d": "c", "e": "a"}
    albums = ", ".join(f"{key}: {{members: [{{select: {{album: {other}}}}}]}}" for key, other in members.items())
    said = complaints(f"lrplan: 1\nalbums: {{{albums}}}\n")
    assert [one.why for one in said] == [
        "albums.a selects from albums.b selects from albums.a, and none of them could be known first.",
        "albums.c selects from albums.d selects from albums.c, and none of them could be known first.",
    ]


def test_a_select_may_stand_twice_and_lead_to_one_album_on_many_ways() -> None:
    assert complaints(album("members: [{select: {subtype: image}}, {select: {subtype: image}}]")) == ()
    ways = "a: {members: [{select: {album: b}}, {select: {album: c}}]}, b: {members: [{select: {album: c}}]}, c: {}"
    assert complaints(f"lrplan: 1\nalbums: {{{ways}}}\n") == ()


def test_any_album_may_be_selected_from_by_its_id() -> None:
    assert complaints(album("members: [{select: {album: " + ID + ", flag: pick}}]")) == ()


def test_of_what_stands_twice_both_places_are_named() -> None:
    (key,) = complaints(album("name: A, name: B"))
    assert "manifests/a.yaml:2:14" in key.why
    (photo,) = complaints(album("members: [a.jpg, a.jpg]"))
    assert "manifests/a.yaml:2:24" in photo.why


def test_an_address_is_unique_over_all_files() -> None:
    files = [SourceText(f"manifests/{name}.yaml", b"lrplan: 1\nalbums: {x: {}}\n") for name in "ab"]
    _, said = parse_manifests(PROJECT, files)
    assert [(one.code, str(one.span)) for one in said] == [("LRP202", "manifests/b.yaml:2:10")]
    assert "manifests/a.yaml:2:10" in said[0].why


def test_without_a_version_the_file_as_a_whole_is_named() -> None:
    for text in ("", "# nothing\n", "albums: {}\n"):
        (said,) = complaints(text)
        assert (said.code, str(said.span)) == ("LRP105", "manifests/a.yaml")


def test_of_a_newer_file_nothing_else_is_said() -> None:
    (said,) = complaints("lrplan: 7\nalbums: {x: {parent: nobody, newKey: 1}}\n")
    assert said.code == "LRP107"
    assert "7" in said.what


def test_bytes_that_are_not_utf8_are_named_by_place() -> None:
    _, said = parse_manifests(PROJECT, [SourceText("manifests/a.yaml", b"lrplan: 1\nn\xc3\xa4me: \xff")])
    assert [(one.code, str(one.span)) for one in said] == [("LRP102", "manifests/a.yaml:2:7")]
    _, said = parse_manifests(PROJECT, [SourceText("manifests/a.yaml", "lrplan: 1".encode("utf-16"))])
    assert said[0].code == "LRP102"
    assert "UTF-16" in said[0].why


def test_all_mistakes_of_all_files_come_at_once_in_the_order_of_files_and_places() -> None:
    one = SourceText("manifests/1.yaml", b"lrplan: 1\nalbums: {x: {nam: A, parent: nobody}}\n")
    two = SourceText("manifests/2.yaml", b"lrplan: 1\nalbums: {x: {name: [], order: up}}\n")
    _, said = parse_manifests(PROJECT, [two, one])
    assert [(said_one.code, str(said_one.span)) for said_one in said] == [
        ("LRP201", "manifests/1.yaml:2:14"),
        ("LRP207", "manifests/1.yaml:2:30"),
        ("LRP202", "manifests/2.yaml:2:10"),
        ("LRP203", "manifests/2.yaml:2:20"),
        ("LRP203", "manifests/2.yaml:2:31"),
    ]


def test_a_file_that_cannot_be_read_makes_nobody_miss_what_it_may_hold() -> None:
    broken = SourceText("manifests/sets.yaml", b"lrplan: 1\nsets: {weddings: {}\n")
    album_file = SourceText("manifests/a.yaml", b"lrplan: 1\nalbums: {x: {parent: weddings, within: {album: y}}}\n")
    _, said = parse_manifests(PROJECT, [broken, album_file])
    assert [one.code for one in said] == ["LRP103"]


def test_every_code_that_the_package_uses_has_a_mistake_here() -> None:
    package = Path(lrplan.manifest.__file__).parent
    used = {code for module in package.glob("*.py") for code in re.findall("LRP[0-9]{3}", module.read_text("utf-8"))}
    assert used == {code for code, _ in MISTAKES.values()} | {"LRP102"}


def test_the_project_file_is_called_by_its_name() -> None:
    _, said = parse_manifests(SourceText("lrplan.yaml", b"lrplan: 1\nreplace: 1\nalbums: {}"), [])
    unknown, missing = sorted(said, key=lambda one: one.code)
    assert unknown.why.startswith("lrplan.yaml can have lrplan, project,")
    assert unknown.hint == ""
    assert missing.why.startswith("lrplan.yaml needs it.")


@pytest.mark.parametrize("blank", ["' '", '"   "', '"\u3000"'])
def test_a_text_of_white_space_is_none(blank: str) -> None:
    for keys in (f"name: {blank}", f"members: [{blank}]", f"members: [a.jpg, {blank}]", f"cover: {blank}"):
        (said,) = complaints(album(keys))
        assert said.code == "LRP203"
        assert "nothing but white space" in said.why


def test_one_member_is_spoken_of_as_one() -> None:
    (said,) = complaints(album("cover: a.jpg, members: [b.jpg]"))
    assert said.why == 'Its only member is not "a.jpg".'
