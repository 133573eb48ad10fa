"""What lrplan accepts, the JSON Schema accepts; and it refuses the mistakes that a schema can know."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from lrplan.manifest.entries import SourceText
from lrplan.manifest.json_schema import json_schema
from lrplan.manifest.parse import parse_manifests
from lrplan.manifest.schema import TABLES
from lrplan.manifest.table import Where

VALIDATOR = Draft202012Validator(json_schema())
EXAMPLE = Path(__file__).parents[3] / "manifests" / "weddings.yaml"
PROJECT = SourceText("lrplan.yaml", b"lrplan: 1\nproject: studio-north\n")
ID = "5f0c8d1e2b3a49c0a1b2c3d4e5f60718"


def as_an_editor_reads(text: str) -> Any:
    """The values of YAML 1.2, in which a date is a text."""

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%dT%H:%M:%S}Z"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return {plain(key): plain(inner) for key, inner in value.items()}
        return [plain(inner) for inner in value] if isinstance(value, list) else value

    return plain(YAML(typ="safe", pure=True).load(text))


def album(body: str) -> str:
    """A manifest of one album."""
    return f"lrplan: 1\nalbums: {{x: {{{body}}}}}\n"


# How each table is reached from the top of a file.
HOLDERS = {
    "top": "lrplan: 1\nproject: studio-north\n{0}\n",
    "set": "lrplan: 1\nsets: {{weddings: {{}}, x: {{{0}}}}}\n",
    "album": "lrplan: 1\nsets: {{weddings: {{}}}}\nalbums: {{x: {{{0}}}}}\n",
    "member": "lrplan: 1\nalbums: {{x: {{members: [{{{0}}}]}}}}\n",
    "select": "lrplan: 1\nalbums: {{smith-raw: {{}}, x: {{members: [{{select: {{{0}}}}}]}}}}\n",
    "cover": "lrplan: 1\nalbums: {{x: {{cover: {{{0}}}}}}}\n",
    "develop": "lrplan: 1\nalbums: {{x: {{members: [{{fileName: a.jpg, develop: {{{0}}}}}]}}}}\n",
    "within": "lrplan: 1\nalbums: {{smith-raw: {{}}, x: {{within: {{{0}}}}}}}\n",
    "publishInfo": "lrplan: 1\nalbums: {{x: {{publishInfo: {{{0}}}}}}}\n",
    "remoteLinks": "lrplan: 1\nalbums: {{x: {{publishInfo: {{remoteLinks: {{{0}}}}}}}}}\n",
    "link": "lrplan: 1\nalbums: {{x: {{publishInfo: {{remoteLinks: {{view: {{{0}}}}}}}}}}}\n",
    "memberPublishInfo": "lrplan: 1\nalbums: {{x: {{members: [{{fileName: a.jpg, publishInfo: {{{0}}}}}]}}}}\n",
    "move": "lrplan: 1\nalbums: {{smith-jones: {{}}}}\nmoved: [{{{0}}}]\n",
    "defaults": "lrplan: 1\nproject: a\ndefaults: {{{0}}}\n",
    "limits": "lrplan: 1\nproject: a\nlimits: {{{0}}}\n",
    "auth": "lrplan: 1\nproject: a\nauth: {{{0}}}\n",
    "api": "lrplan: 1\nproject: a\napi: {{{0}}}\n",
}
EXAMPLES = [(name, key.name) for name, table in TABLES.items() for key in table.keys]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_the_example_is_valid() -> None:
    VALIDATOR.validate(as_an_editor_reads(EXAMPLE.read_text("utf-8")))


@pytest.mark.parametrize(("table_name", "key_name"), EXAMPLES)
def test_the_example_of_each_key_is_read_and_valid(table_name: str, key_name: str) -> None:
    key = TABLES[table_name].get(key_name)
    assert key is not None
    written = f"{key.name}: {key.example}"
    if table_name == "member" and key_name in ("xmp", "develop", "publishInfo"):
        written += ", fileName: a.jpg"
    if (table_name, key_name) == ("select", "flag"):
        written += ", album: smith-raw"
    if table_name == "move":
        written += f", {'to: albums.smith-jones' if key_name == 'from' else 'from: albums.old-key'}"
    if (table_name, key_name) == ("top", "moved"):
        written += "\nalbums: {smith-jones: {}}"
    text = HOLDERS[table_name].format(f"# {key.name}" if key.required and table_name == "top" else written)
    if (
        table_name != "top"
        and any(sign in written for sign in (":00", "//"))
        and "'" not in written
        and '"' not in written
    ):
        text = HOLDERS[table_name].format(f'{key.name}: "{key.example}"')
    is_project = "project:" in text
    sources = [] if is_project else [SourceText("a.yaml", text.encode())]
    _, said = parse_manifests(SourceText("lrplan.yaml", text.encode()) if is_project else PROJECT, sources)
    assert said == ()
    VALIDATOR.validate(as_an_editor_reads(text))


def test_every_table_has_a_way_from_the_top() -> None:
    assert HOLDERS.keys() == TABLES.keys()


@pytest.mark.parametrize(
    "text",
    [
        album("name: 2024"),
        album("name: yes"),
        album("members: [0123, 7.5, true]"),
        album("publishInfo: {version: '3', deleted: 'true'}"),
        album("members: [{upload: ./a.jpg, sha256: " + "a" * 64 + "}]"),
        album('publishInfo: {servicePayload: ""}'),
        'lrplan: "1"\nproject: a\nlimits: {delete: "14", upload: 1000}\napi: {rate: 0.5}\n',
    ],
)
def test_what_lrplan_reads_as_text_an_editor_accepts_as_it_guesses(text: str) -> None:
    sources = [] if "project" in text else [SourceText("a.yaml", text.encode())]
    _, said = parse_manifests(SourceText("lrplan.yaml", text.encode()) if not sources else PROJECT, sources)
    assert said == ()
    VALIDATOR.validate(as_an_editor_reads(text))


@pytest.mark.parametrize(
    "text",
    [
        "albums: {}\n",
        "lrplan: 2\n",
        "lrplan: 1\nlimits: {}\n",
        "lrplan: 1\nproject: Studio North\n",
        "lrplan: 1\nproject: a\naccount: abc\n",
        "lrplan: 1\nproject: a\nlimits: {delete: -1}\n",
        "lrplan: 1\nproject: a\nlimits: {create: 30%}\n",
        "lrplan: 1\nproject: a\nlimits: {upload: 50GX}\n",
        "lrplan: 1\nproject: a\napi: {concurrency: 0}\n",
        'lrplan: 1\nproject: a\nendpoint: "https://lr.adobe.io/v2"\n',
        "lrplan: 1\nalbums: {Smith Jones: {}}\n",
        album("members: [{select: {}}]"),
        album("members: [{select: {flag: pick}}]"),
        album("members: [{select: {subtype: image}, fileName: a.jpg}]"),
        album("members: [{select: {subtype: image}, publishInfo: {}}]"),
        "lrplan: 1\nalbums: {x: }\n",
        album("ordr: listed"),
        album("order: date"),
        album("name: null"),
        album('name: ""'),
        album("name: [A]"),
        album("within: {capturedAfter: yesterday}"),
        album("publishInfo: {deleted: 1}"),
        album("publishInfo: {created: '2026-05-01T10:00:00'}"),
        album("publishInfo: {remoteLinks: {view: galleries.example.com}}"),
        album("publishInfo: {remoteLinks: {view: {}}}"),
        album("members: a.jpg"),
        album("members: [[a.jpg]]"),
        album("members: [null]"),
        album("members: [{}]"),
        album("members: [{publishInfo: {remoteId: a}}]"),
        album(f"members: [{{fileName: a.jpg, id: {ID}}}]"),
        album("members: [{from: a.txt, publishInfo: {remoteId: a}}]"),
        album("cover: {from: a.txt}"),
        album(f"cover: {{fileName: a.jpg, id: {ID}}}"),
    ],
)
def test_a_mistake_that_a_schema_can_know_is_refused_by_both(text: str) -> None:
    is_project = "project:" in text
    sources = [] if is_project else [SourceText("a.yaml", text.encode())]
    manifest, _ = parse_manifests(SourceText("lrplan.yaml", text.encode()) if is_project else PROJECT, sources)
    assert manifest is None
    assert not VALIDATOR.is_valid(as_an_editor_reads(text))


def test_keys_of_the_project_are_offered_in_lrplan_yaml_only() -> None:
    project_keys = {key.name for key in TABLES["top"].keys if key.where is Where.PROJECT}
    definitions = json_schema()["$defs"]
    assert project_keys <= definitions["project"]["properties"].keys()
    assert not project_keys & definitions["manifest"]["properties"].keys()
