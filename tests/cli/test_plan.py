"""`lrplan plan` on a sandbox: its screen, its file, its exit codes."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Lrplan

SCREEN = """\
No state here, so nothing is removed or deleted: lrplan cannot tell which photos it put there itself.
Catalog: Sandbox Catalog (6 calls, N s)
+ albums.smith-jones              Smith & Jones               manifests/weddings.yaml:10   24 photos, cover DSC_0012.jpg
    parent: "Weddings 2026"
    publishInfo.remoteId: "gallery-1042"
    publishInfo.remoteLinks.view: "https://galleries.example.com/1042"
    publishInfo.remoteLinks.edit: "https://galleries.example.com/1042/edit"
+ albums.smith-jones-highlights   Smith & Jones, highlights   manifests/weddings.yaml:51   6 photos, cover DSC_0012.jpg
    parent: "Weddings 2026"
+ albums.smith-jones-party        Smith & Jones, the party    manifests/weddings.yaml:64   8 photos
    parent: "Weddings 2026"
    order: "captureDate"
+ sets.weddings-2026              Weddings 2026               manifests/weddings.yaml:5    set
Plan: 4 to create. 38 photos to add.
Cost: 6 calls to read, 16 to apply, about 1 second.
"""
LAST = "Nothing was changed. To do it: lrplan apply\n"


def _without_times(text: str) -> str:
    return re.sub(r"calls, [\d.]+ s\)", "calls, N s)", text)


def test_the_example_is_planned(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("plan")
    assert (ended.code, ended.err) == (0, "Reading the catalog …\n")
    assert _without_times(ended.out) == SCREEN + LAST
    assert not (studio / ".lrplan" / "state.json").exists()


def test_json_is_the_plan_file_and_nothing_else(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("-q", "plan", "--json", "-o", "plan.json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (studio / "plan.json").read_text()
    assert json.loads(ended.out)["summary"]["create"] == 4


def test_what_is_wrong_is_json_too_where_json_was_asked_for(lrplan: Lrplan, studio: Path) -> None:
    (studio / "manifests" / "z.yaml").write_text("lrplan: 1\nalbums: {z: {name: Z, members: [NOPE.jpg]}}\n")
    unknown = lrplan("-q", "plan", "--json")
    assert (unknown.code, unknown.err) == (3, "")
    (said,) = json.loads(unknown.out)["diagnostics"]
    assert (said["code"], said["source"]) == ("LRP204", "manifests/z.yaml:2:33")
    (studio / "manifests" / "z.yaml").write_text("albums: {}\n")
    unversioned = lrplan("plan", "--json")
    assert (unversioned.code, unversioned.err) == (3, "")
    (said,) = json.loads(unversioned.out)["diagnostics"]
    assert (said["code"], said["source"]) == ("LRP105", "manifests/z.yaml")
    (studio / "lrplan.yaml").unlink()
    nowhere = lrplan("plan", "--json")
    assert (nowhere.code, nowhere.err) == (3, "")
    assert json.loads(nowhere.out)["diagnostics"][0]["code"] == "LRP101"


def test_a_memory_that_is_a_pipe_is_not_waited_for(lrplan: Lrplan, studio: Path) -> None:
    os.mkfifo(studio / ".lrplan" / "state.json")
    ended = lrplan("plan")
    assert (ended.code, ended.out) == (3, "")
    assert ".lrplan/state.json: error[LRP101]: state cannot be read" in ended.err
    assert "It is not a regular file." in ended.err


def test_a_stored_plan_names_its_digest(lrplan: Lrplan, studio: Path) -> None:
    planned = lrplan("plan", "-o", "plan.json")
    digest = json.loads((studio / "plan.json").read_text())["digest"]
    assert planned.out.endswith(f"\nDigest: {digest}\n")
    assert lrplan("show", "plan.json").out.endswith(f"\nDigest: {digest}\n")
    assert lrplan("apply", "plan.json", "--expect-digest", digest).code == 0


def test_a_stored_plan_says_how_to_apply_it(lrplan: Lrplan, studio: Path) -> None:
    (studio / "sub").mkdir()
    ended = lrplan("-C", str(studio), "plan", "-o", "plan.json", cwd=studio / "sub")
    assert f"To do it: lrplan -C {studio} apply plan.json\n" in ended.out
    assert "The plan is in plan.json." in ended.err


def test_changes_exit_with_2_only_on_request(lrplan: Lrplan, studio: Path) -> None:
    assert lrplan("plan", "--detailed-exitcode").code == 2
    (studio / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {}\n")
    ended = lrplan("plan", "--detailed-exitcode")
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "No changes. The catalog matches the manifests.")


def test_what_is_only_to_be_remembered_is_a_change_too(lrplan: Lrplan, studio: Path) -> None:
    (studio / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {a: {name: A}}\n")
    assert lrplan("apply", "--auto-approve").code == 0
    (studio / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {a: {name: A, protect: true}}\n")
    ended = lrplan("plan", "--detailed-exitcode")
    assert ended.code == 2
    assert 'protect: "false" → "true"' in ended.out
    assert lrplan("apply", "--auto-approve").code == 0
    assert lrplan("plan", "--detailed-exitcode").code == 0


def test_a_plan_beyond_a_limit_is_shown_and_written_and_refused_with_the_words_that_lift_it(
    lrplan: Lrplan, studio: Path
) -> None:
    with (studio / "lrplan.yaml").open("a") as project:
        project.write("limits: {create: 2}\n")
    ended = lrplan("plan", "-o", "plan.json", "--detailed-exitcode")
    assert ended.code == 5
    assert "Plan: 4 to create." in ended.out
    assert "error[LRP401]" in ended.err
    assert "--allow create=4" in ended.err
    assert (studio / "plan.json").exists()
    allowed = lrplan("plan", "-o", "plan.json", "--allow", "create=4")
    assert allowed.code == 0
    assert json.loads((studio / "plan.json").read_text())["allowed"] == {"create": 4}


def test_manifests_are_judged_before_anybody_is_asked_for_credentials(lrplan: Lrplan, studio: Path) -> None:
    (studio / "lrplan.yaml").write_text("lrplan: 1\nproject: studio\n")
    ended = lrplan("plan")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("error[LRP301]: no API key")
    assert "error[LRP301]: no access token" in ended.err, "both are told at once"
    (studio / "manifests" / "weddings.yaml").write_text("lrplan: 1\nalbums: {a: {nam: A}}\n")
    assert lrplan("plan").code == 3


def test_photos_that_are_not_found_are_all_named_with_their_lines(lrplan: Lrplan, studio: Path) -> None:
    manifest = studio / "manifests" / "weddings.yaml"
    manifest.write_text(
        "lrplan: 1\nalbums:\n  a:\n    name: A\n    members:\n"
        "      - DSC_0001.jpg\n      - DSC_001.jpg\n      - x.jpg\n"
    )
    ended = lrplan("plan")
    assert (ended.code, ended.out) == (3, "")
    assert "manifests/weddings.yaml:7:9: error[LRP204]" in ended.err
    assert "manifests/weddings.yaml:8:9: error[LRP204]" in ended.err
    assert "7 |       - DSC_001.jpg\n   |         ^^^^^^^^^^^" in ended.err


def test_a_name_in_a_list_that_is_not_found_is_shown_with_its_line(lrplan: Lrplan, studio: Path) -> None:
    (studio / "manifests" / "z.yaml").write_text("lrplan: 1\nalbums: {z: {name: Z, members: [{from: picks.txt}]}}\n")
    (studio / "manifests" / "picks.txt").write_text("DSC_0001.jpg\n  NOPE_1.jpg\n")
    ended = lrplan("plan")
    assert ended.code == 3
    assert "manifests/picks.txt:2:3: error[LRP204]" in ended.err
    assert " 2 |   NOPE_1.jpg\n   |   ^^^^^^^^^^\n" in ended.err


def test_refused_credentials_and_another_account_exit_with_4(lrplan: Lrplan, studio: Path) -> None:
    with (studio / "lrplan.yaml").open("a") as project:
        project.write(f"account: {'a' * 32}\n")
    ended = lrplan("plan")
    assert ended.code == 4
    assert "lrplan.yaml:4:10: error[LRP304]" in ended.err


def test_names_from_elsewhere_do_not_act_on_the_terminal(lrplan: Lrplan, studio: Path) -> None:
    (studio / "manifests" / "weddings.yaml").write_text(
        'lrplan: 1\nalbums:\n  a:\n    name: "Ev\\e[31mil \\u202egpj"\n    members: ["\\e[2J.jpg"]\n'
    )
    ended = lrplan("plan", env={"FORCE_COLOR": "1"})
    assert ended.code == 3
    for bad in ("\x1b[2J", "\x1b[31m", "\u202e"):
        assert bad not in ended.out + ended.err
    (studio / "manifests" / "weddings.yaml").write_text('lrplan: 1\nalbums: {a: {name: "evil \\u202egpj"}}\n')
    ended = lrplan("plan")
    assert ended.code == 0
    assert "evil \\u202egpj" in ended.out


def test_a_plan_whose_file_cannot_be_written_is_shown_nevertheless(lrplan: Lrplan, studio: Path) -> None:
    file = "x" * 300
    ended = lrplan("plan", "-o", file)
    assert ended.code == 3
    assert f"{file}: error[LRP101]: plan file cannot be written: file name too long" in ended.err
    assert "Plan: 4 to create." in ended.out
    assert "To do it" not in ended.out
    as_json = lrplan("plan", "--json", "-o", file)
    assert (as_json.code, json.loads(as_json.out)["summary"]["create"]) == (3, 4)
    assert "error[LRP101]" in as_json.err
    assert not (studio / ".lrplan" / "state.json").exists()


@pytest.mark.parametrize("file", ["lrplan.yaml", "manifests/weddings.yaml", "link", "new/plan.json", "astray"])
def test_what_is_no_plan_is_never_replaced_by_one(lrplan: Lrplan, studio: Path, file: str) -> None:
    (studio / "link").symlink_to("lrplan.yaml")
    (studio / "astray").symlink_to("gone/plan.json")
    before = {path: path.read_bytes() for path in studio.rglob("*.yaml")}
    ended = lrplan("plan", "-o", file)
    assert (ended.code, ended.out) == (64, "")
    assert f"error[LRP901]: --out {file}: " in ended.err
    assert {path: path.read_bytes() for path in studio.rglob("*.yaml")} == before
    assert (studio / "link").is_symlink()


@pytest.mark.parametrize("file", ["-", "/dev/stdout"])
def test_standard_output_gets_the_plan_and_nothing_else(lrplan: Lrplan, studio: Path, file: str) -> None:
    ended = lrplan("plan", "-o", file)
    assert (ended.code, ended.err) == (0, "Reading the catalog …\n")
    assert json.loads(ended.out)["summary"]["create"] == 4
    assert not (studio / "-").exists()
    (studio / "plan.json").write_text(ended.out)
    assert lrplan("show", "plan.json").code == 0


def test_a_pipe_gets_the_plan_and_stays_a_pipe(lrplan: Lrplan, studio: Path) -> None:
    os.mkfifo(studio / "pipe")
    reading = os.open(studio / "pipe", os.O_RDONLY | os.O_NONBLOCK)  # a plan of the example fits into it
    ended = lrplan("plan", "-o", "pipe")
    plan = os.read(reading, 1 << 20)
    os.close(reading)
    assert ended.code == 0
    assert json.loads(plan)["summary"]["create"] == 4
    assert (studio / "pipe").is_fifo()
    assert ended.out.splitlines()[-2] == LAST.rstrip("\n"), "what went into a pipe cannot be applied from there"


@pytest.mark.parametrize(
    ("endpoint", "says"),
    [
        ("not an address", "It must be sandbox, or a scheme"),
        ("ftp://example.com", "It must be sandbox, or a scheme"),
        ("http://example.com", "Credentials would cross the network unprotected."),
        ("https://example.com/v2", "the paths of the API follow"),
        ("https://me:secret@example.com", "unset it"),
    ],
)
def test_an_endpoint_of_the_environment_is_judged_as_that_of_the_project_is(
    lrplan: Lrplan, studio: Path, endpoint: str, says: str
) -> None:
    env = {"LRPLAN_ENDPOINT": endpoint, "LRPLAN_API_KEY": "k", "LRPLAN_ACCESS_TOKEN": "t"}
    ended = lrplan("plan", env=env)
    assert (ended.code, ended.out) == (64, "")
    assert "error[LRP901]: LRPLAN_ENDPOINT is not an address of a service" in ended.err
    assert says in ended.err
    assert "secret" not in ended.err
    (studio / "lrplan.yaml").write_text(f"lrplan: 1\nproject: studio\nendpoint: {endpoint}\n")
    assert lrplan("validate").code == 3


def test_a_service_that_refuses_the_token_exits_with_4(lrplan: Lrplan, studio: Path, service: dict[str, str]) -> None:
    ended = lrplan("plan", env=service | {"LRPLAN_ACCESS_TOKEN": "wrong"})
    assert (ended.code, ended.out) == (4, "")
    assert "error[LRP302]" in ended.err
    assert "wrong" not in ended.err


def test_a_service_that_cannot_be_reached_exits_with_10(lrplan: Lrplan, studio: Path) -> None:
    env = {"LRPLAN_ENDPOINT": "http://127.0.0.1:9", "LRPLAN_API_KEY": "k", "LRPLAN_ACCESS_TOKEN": "t"}
    ended = lrplan("plan", env=env)
    assert (ended.code, ended.out) == (10, "")
    assert "error[LRP801]" in ended.err
    assert "LRPLAN_ENDPOINT is set to http://127.0.0.1:9, and beats lrplan.yaml." in ended.err
    assert "hint: see that the service runs there, and check the endpoint; if LRPLAN_ENDPOINT is left over" in ended.err


def test_a_part_is_planned_and_applied_and_the_rest_waits(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("plan", "--target", "albums.*-party")
    assert ended.code == 0
    assert "Only albums.*-party: other differences are not shown.\n" in ended.out
    assert "sets.weddings-2026" in ended.out
    assert "because albums.smith-jones-party goes into it" in ended.out
    assert "Plan: 2 to create. 8 photos to add." in ended.out
    assert ended.out.endswith("To do it: lrplan apply --target 'albums.*-party'\n")
    done = lrplan("apply", "--auto-approve", "--target", "albums.*-party")
    assert done.code == 0
    assert "Verified: the catalog matches the plan." in done.out
    again = lrplan("plan", "--target", "albums.*-party")
    assert again.out.splitlines()[-1] == "No changes to what was planned. The rest of the manifests was not compared."
    rest = json.loads(lrplan("plan", "--json", "--exclude", "albums.*-party", "--exclude", "sets.*").out)
    assert (rest["complete"], rest["origin"]["exclude"]) == (False, ["albums.*-party", "sets.*"])
    assert [one["address"] for one in rest["resources"]] == ["albums.smith-jones", "albums.smith-jones-highlights"]
    assert rest["summary"]["elsewhere"] == {"albums": 1, "sets": 1, "members": 8}


def test_a_pattern_that_names_nothing_is_wrong_usage(lrplan: Lrplan, studio: Path) -> None:
    ended = lrplan("plan", "--target", "smith-*")
    assert (ended.code, ended.out) == (64, "")
    assert "error[LRP901]: --target smith-*: no address matches" in ended.err
    assert "hint: did you mean albums.smith-*?" in ended.err
