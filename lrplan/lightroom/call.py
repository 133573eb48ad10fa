"""A request to the service and its answer, as values, before and after HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import quote, urlencode

from attrs import field, frozen

from lrplan.lightroom.problem import Problem
from lrplan.ports import Sink

JSON = "application/json"
ANSWER_BYTES_MAX = 128 * 2**20  # ours: a page of 500 assets is about one megabyte


@frozen(kw_only=True)
class Upload:
    """A body that is streamed.

    Attributes:
        open: Starts the stream anew; a retry calls it again.
        size_bytes: What it yields in all, exactly.
    """

    open: Callable[[], AsyncIterator[bytes]]
    size_bytes: int


@frozen(kw_only=True)
class Call:
    """One request.

    Attributes:
        route: The template of the path, without ids, for messages and events.
        target: Path and query below the endpoint, percent-encoded.
        headers: Beyond those that every request carries.
        body: Bytes, or a stream; None for none.
        is_judged: A refusal that ends the story for every call is raised; else every answer is handed back.
        needs_token: It carries Authorization; only the health check does not.
        is_token_proven: The same token has just worked, so that a 403 with code 4300 is about what was asked for.
        may_be_forbidden: A 403 that a fresh token does not cure is an answer, not the end of the credentials.
        sink: Where the body of a 2xx goes, piece by piece; None for an answer that is kept whole.
        answer_bytes_max: A longer answer is none.
    """

    method: str
    route: str
    target: str
    headers: Mapping[str, str] = field(factory=dict)
    body: bytes | Upload | None = None
    is_judged: bool = True
    needs_token: bool = True
    is_token_proven: bool = False
    may_be_forbidden: bool = False
    sink: Sink | None = None
    answer_bytes_max: int = ANSWER_BYTES_MAX

    @property
    def name(self) -> str:
        """How messages name it: method and route."""
        return f"{self.method} {self.route}"


@frozen(kw_only=True)
class Reply:
    """What the service answered.

    Attributes:
        request_id: The service's own name for the request, "" where it gives none.
        date: When the service says it answered, as an HTTP date.
        location: Where a redirect leads, without query.
        problem: The refusal in the body; None for 2xx.
        value: What the caller's reader made of the body of a 2xx.
    """

    status: int
    body: bytes = b""
    request_id: str = ""
    retry_after: str | None = None
    date: str | None = None
    location: str = ""
    problem: Problem | None = None
    value: object = None

    @property
    def is_success(self) -> bool:
        """The status is 2xx."""
        return 200 <= self.status <= 299


def target_of(route: str, ids: Mapping[str, str], query: Mapping[str, str | int] | None = None) -> str:
    """Fill the ids into *route* and add the query, percent-encoded.

    Commas stay as they are, semicolons do not: that is how the vendor's own samples send lists.
    """
    path = route.format_map({name: quote(value, safe="") for name, value in ids.items()})
    return path + ("?" + urlencode(query, quote_via=quote, safe=",") if query else "")
