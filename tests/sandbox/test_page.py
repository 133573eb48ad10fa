"""The page for people: what it shows, in which order, and that nothing a client made up can break out of it."""

import html.parser
import re

import pytest

from lrplan.sandbox import page

A, B, C = "a" * 32, "b" * 32, "c" * 32
EVIL = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>"


async def look(client, path="/"):
    """Fetch a page as a browser without a token does."""
    async with client.session.get(client.box.endpoint + path) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        return await response.text()


class Pictures(html.parser.HTMLParser):
    """Gathers the elements of a page, the sources of its pictures and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.sources, self.alternatives, self.words = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "img":
            self.sources.append(dict(attributes)["src"])
            self.alternatives.append(dict(attributes)["alt"])

    def handle_data(self, data):
        self.words.append(data)


def test_an_empty_catalog_has_a_page(serve):
    async def scenario(client):
        for path in ("/", "/sandbox", "/sandbox/"):
            text = await look(client, path)
            assert "No albums yet." in text
            assert "Nothing was changed yet." in text

    serve(scenario)


def test_albums_stand_in_their_sets_with_photos_in_order(serve, make_id, jpeg):
    async def scenario(client):
        await client.upload(make_id(9), jpeg(), importSource={"fileName": "real.jpg"})
        await client.seed(assets=[{"id": make_id(n), "fileName": f"P{n}.jpg"} for n in range(4)])
        await client.put(f"albums/{A}", client.album("Weddings", "project_set"))
        await client.put(f"albums/{B}", client.album("Smith", parent={"id": A}))
        members = [(2, "a"), (9, "b"), (0, "c"), (1, None)]
        resources = [{"id": make_id(n), "payload": {"order": order} if order else {}} for n, order in members]
        resources[1]["payload"]["cover"] = True
        (await client.put(f"albums/{B}/assets", {"resources": resources})).says(201)
        text = await look(client)
        seen = Pictures(text)
        assert re.search(r"Weddings</span>.*<ul><li><a[^>]*>Smith</a>", text)
        assert seen.alternatives == ["", "P2.jpg", "real.jpg", "P0.jpg", "P1.jpg", "P3.jpg"]
        assert seen.sources[0] == seen.sources[2]  # the cover is the chosen photo
        assert "4 photos in Weddings" in text
        for source in seen.sources:
            async with client.session.get(client.box.endpoint + source) as response:
                assert (response.status, response.content_type) == (200, "image/jpeg")

    serve(scenario)


def test_the_page_tells_what_the_last_run_changed(serve, make_id):
    async def scenario(client):
        await client.seed(assets=[{"id": make_id(n), "fileName": f"P{n}.jpg"} for n in range(3)])
        await client.get("/v2/account")
        await client.put(f"albums/{A}", client.album("First"))
        await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(0)}, {"id": make_id(1)}]})
        text = await look(client)
        assert "album <b>First</b> created" in text
        assert "2 photos added to <b>First</b>" in text
        assert len(re.findall(r"<li class='new'>", text)) == 2
        await client.get("/v2/account")
        assert await look(client) == text  # reading the account alone begins no run
        await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(2)}]})
        await client.put(f"albums/{A}/assets", {"resources": [{"id": make_id(0), "payload": {"cover": True}}]})
        await client.call("POST", f"albums/{A}", json={"payload": {"name": "Renamed"}})
        await client.put(f"albums/{B}", client.album("Brief"))
        await client.call("DELETE", f"albums/{B}")
        text = await look(client)
        last, _, before = text.partition("The run before that")
        assert "1 photo added to <b>First</b>" in last
        assert "cover of <b>First</b> chosen" in last
        assert "<b>Renamed</b> changed: cover, name" in last
        assert "album <b>Brief</b> deleted" in last
        assert "2 photos added" not in last
        assert "2 photos added to <b>First</b>" in before
        assert len(re.findall(r"<li class='new'>", text)) == 2  # the one added, and the new cover

    serve(scenario)


def test_the_last_run_is_told_by_a_sandbox_that_did_not_serve_it(serve, jpeg):
    async def run(client):
        await client.upload(A, jpeg(), importSource={"fileName": "sent.jpg"})
        rdf = {"Content-Type": "application/rdf+xml"}
        await client.put(f"assets/{A}/xmp/develop", data=b"<x/>", headers=rdf)

    async def shown(client):
        text = await look(client)
        for words in ("announced", "uploaded", "given develop settings"):
            assert f"<b>sent.jpg</b> {words}" in text

    serve(run)
    serve(shown)


def test_nothing_that_a_client_says_is_more_than_text(serve, make_id):
    async def scenario(client):
        await client.seed(
            accounts=[{"id": "1" * 32, "full_name": EVIL, "email": EVIL, "status": EVIL}],
            assets=[{"id": make_id(1), "fileName": EVIL}],
            albums=[
                {"id": A, "serviceId": EVIL, "payload": {"name": EVIL}, "members": [{"id": make_id(1)}]},
                {"id": B, "payload": {"name": "x", "publishInfo": {"version": 3, "remoteId": EVIL}}},
            ],
        )
        await client.put(f"albums/{C}", client.album(EVIL))
        await client.call("POST", f"albums/{C}", json={"payload": {"name": EVIL, EVIL: 1}})
        seen = Pictures(await look(client))
        assert "".join(seen.words).count(EVIL) >= 9
        assert not [one for one in seen.tags if one[0] == "script" or any(name.startswith("on") for name in one[1])]
        assert all(source.startswith("/sandbox/thumbnails/") for source in seen.sources)

    serve(scenario)


def test_text_that_is_no_utf8_does_not_break_the_page(serve, make_id):
    async def scenario(client):
        await client.seed(assets=[{"id": make_id(1), "payload": {"importSource": {"fileName": "\ud800x"}}}])
        assert "?x" in await look(client)

    serve(scenario)


def test_no_token_is_on_the_page(serve):
    async def scenario(client):
        await client.put(f"albums/{A}", client.album())
        text = await look(client) + str(await client.snapshot())
        assert client.box.access_token not in text
        assert client.box.client_secret not in text

    serve(scenario)


def test_every_customer_and_whose_album_it_is_can_be_seen(serve, make_id):
    async def scenario(client):
        await client.seed(
            accounts=[{"id": "1" * 32, "full_name": "Alice"}, {"id": "2" * 32, "full_name": "Bo", "catalog_id": None}],
            assets=[{"id": make_id(1), "account": "1" * 32, "subtype": "deleted_image"}],
            albums=[
                {"id": A, "account": "1" * 32, "serviceId": "other", "payload": {"name": "Theirs"}},
                {"id": B, "subtype": "collection", "payload": {"name": "Own", "parent": {"id": C}}},
            ],
        )
        text = await look(client)
        for words in ("Alice", "Bo", "has no catalog", "of other", "the customer's own", "its set is gone", "deleted"):
            assert words in text

    serve(scenario)


def test_a_large_album_has_a_page_of_its_own(serve, make_id, monkeypatch):
    monkeypatch.setattr(page, "MOST_PICTURES", 20)

    async def scenario(client):
        members = [{"id": make_id(n), "payload": {"order": f"{n:03d}"}} for n in range(30)]
        await client.seed(
            assets=[{"id": make_id(n)} for n in range(30)],
            albums=[{"id": one, "payload": {"name": one}, "members": members} for one in (A, B)],
        )
        text = await look(client)
        assert text.count("All 30 photos") == 2
        assert len(Pictures(text).sources) == 20 + 12 + 2
        assert len(Pictures(await look(client, f"/?album={A}")).sources) == 30 + 1
        assert "no such album" in await look(client, f"/?album={C}")

    serve(scenario)


def test_sets_may_nest_without_end(serve, make_id):
    async def scenario(client):
        depth = 1500
        albums = [
            {"id": make_id(n), "subtype": "project_set", "serviceId": "sandbox"}
            | {"payload": {"name": f"S{n}", **({"parent": {"id": make_id(n - 1)}} if n else {})}}
            for n in range(depth)
        ]
        await client.seed(albums=albums)
        assert f"S{depth - 1}" in await look(client)

    serve(scenario)


@pytest.mark.parametrize("path", [f"{A}/{B}", "x", "", "..%2f..%2fetc%2fpasswd", f"{A}/..%2f{B}"])
def test_a_picture_that_is_not_there_is_404(serve, path):
    async def scenario(client):
        url = f"{client.box.endpoint}/sandbox/thumbnails/{path}"
        async with client.session.get(url) as response:
            assert response.status == 404

    serve(scenario)
