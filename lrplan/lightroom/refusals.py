"""
The ends of the story, in words: every `Failure` that this package raises says which call, what came, and what to do.

Routes are named by their templates; a message holds no id, no token and no query.
"""

from attrs import evolve

from lrplan.diagnostics import Diagnostic, Failure, error
from lrplan.lightroom.call import Call, Reply
from lrplan.lightroom.problem import (
    ACCOUNT_STATE,
    BAD_API_KEY,
    UPGRADE_REQUIRED,
    Problem,
)

_AGAIN = "try again in some minutes; what was done so far is not lost"
_SLOWER = (
    "set api.rate in lrplan.yaml to fewer calls a second, such as 1.5 where no more than 120 a minute are let through,"
    " and run it again; what was done so far is not lost"
)
_PROXY = "a proxy on the way probably refused it: see that it lets calls to the endpoint through as they are"
_ADVICE_ELSE = "run lrplan doctor; where it finds nothing, install the newest release of lrplan, or report this answer"
_ADVICE = {
    403: "see in the Adobe Developer Console that this API key may use the Lightroom services; a proxy may answer, too",
    404: "see that the endpoint is the Lightroom service; lrplan doctor looks at endpoint, account and catalog",
    407: "the proxy wants a name and a password: write them into HTTPS_PROXY",
    408: _AGAIN,
    413: _PROXY,
    414: _PROXY,
    425: _AGAIN,
    431: _PROXY,
    451: "it may not be used from here for reasons of law; ask Adobe's support",
}


def unreachable(call: Call, why: str, *, hint: str) -> Failure:
    """Nobody answered (LRP801)."""
    return Failure(error("LRP801", "the Lightroom service could not be reached", why=f"{call.name}: {why}.", hint=hint))


def kept_failing(call: Call, why: str, *, attempts: int, request_id: str = "", is_throttled: bool = False) -> Failure:
    """It was tried as often as is sensible (LRP802); *is_throttled* where the service wants fewer calls."""
    hint = _SLOWER if is_throttled else _AGAIN
    return _failure("LRP802", call, f"{why}, {attempts} times in a row", request_id, hint=hint)


def told_to_pause(call: Call, why: str, *, until: str, request_id: str = "") -> Failure:
    """The service wants to hear nothing until an instant (ISO 8601, UTC) that nobody waits for (LRP806)."""
    moment = f"{until[:10]} {until[11:19]}Z"
    why = f"{why}; the service asks for no call before {moment}"
    what = "the Lightroom service asks for a long pause"
    return Failure(_diagnostic("LRP806", what, call, why, request_id, f"run it again after {moment}"))


def halted(call: Call, *, tried: int) -> Failure:
    """The run ended before the call was sent (LRP704), or sent again (LRP705), which leaves it in doubt."""
    code, why = ("LRP705", "it was not sent again") if tried else ("LRP704", "it was not sent")
    return Failure(_diagnostic(code, "the run has ended", call, why, "", "run apply again: it goes on from here"))


def unknown_answer(call: Call, why: str, *, request_id: str = "", hint: str = "") -> Failure:
    """An answer that nobody documents (LRP803)."""
    hint = hint or "check that the endpoint is the Lightroom service and that no proxy answers in its place"
    return _failure("LRP803", call, why, request_id, hint=hint)


def holds_a_secret(call: Call) -> Failure:
    """What would be written back has a token in it, which was taken out when it was read (LRP803)."""
    why = "it was not sent: what the catalog holds there, and would get back, has a token of these credentials in it"
    hint = "take that text out in Lightroom, or where it was written from, and sign in anew: it is not safe there"
    return unknown_answer(call, why, hint=hint)


def refused(call: Call, reply: Reply) -> Failure:
    """A refusal that leaves the caller no choice (LRP804)."""
    problem = reply.problem or Problem(status=reply.status, words="no reason given")
    hint = _ADVICE.get(problem.status, _ADVICE_ELSE)
    return _failure("LRP804", call, f"it answered {problem.status}: {problem.words}", reply.request_id, hint=hint)


def no_account(call: Call, reply: Reply) -> Failure:
    """The token's owner has no account with the service (LRP303)."""
    words = reply.problem.words if reply.problem else ""
    why = f"it answered {reply.status}: {words}"
    hint = "sign in with the Adobe account that uses Lightroom"
    return Failure(
        _diagnostic("LRP303", "there is no Lightroom account for this token", call, why, reply.request_id, hint)
    )


def no_catalog(call: Call, reply: Reply, *, changed: bool) -> Failure:
    """The account has no catalog, or the one that was read is gone (LRP304)."""
    what = "the catalog does not exist any more" if changed else "the account has no Lightroom catalog yet"
    hint = (
        "the customer's catalog has another id now; run `lrplan plan` to look at it before anything is written"
        if changed
        else "open Lightroom once with this account: its first start makes the catalog"
    )
    words = reply.problem.words if reply.problem else ""
    return Failure(_diagnostic("LRP304", what, call, f"it answered {reply.status}: {words}", reply.request_id, hint))


def catalog_forbidden(call: Call, reply: Reply) -> Failure:
    """A 403 that does not say why there is no catalog for this token (LRP302)."""
    words = reply.problem.words if reply.problem else "no reason given"
    hint = (
        "see in the Adobe Developer Console that this API key may use the Lightroom services; a proxy may answer,"
        " too; if Lightroom was never opened with this account, open it once"
    )
    what = "the service does not give the catalog to these credentials"
    return Failure(_diagnostic("LRP302", what, call, f"it answered {reply.status}: {words}", reply.request_id, hint))


def not_renewed(call: Call, reply: Reply, failure: Failure) -> Failure:
    """*failure* of the credentials to renew a token, with the call that found it refused."""
    first, *others = failure.diagnostics
    if first.code != "LRP302":
        return failure
    words = reply.problem.words if reply.problem else "no reason given"
    told = _diagnostic("LRP302", first.what, call, f"it answered {reply.status}: {words}", reply.request_id, first.hint)
    return Failure(evolve(told, why=f"{told.why} {first.why}".rstrip()), *others)


def outdated(call: Call, reply: Reply) -> Failure:
    """The service takes nothing from this release any more (LRP309)."""
    words = reply.problem.words if reply.problem else "no reason given"
    what, hint = "the service wants a newer release of lrplan", "install the newest release of lrplan"
    return Failure(_diagnostic("LRP309", what, call, f"it answered {reply.status}: {words}", reply.request_id, hint))


def not_admitted(call: Call, reply: Reply) -> Failure:
    """The failure for a 403 of the account: whatever its body says (gateways answer in HTML), nobody is let in."""
    words = reply.problem.words if reply.problem is not None else ""
    why = f"it answered {reply.status}: {words}" if words else f"it answered {reply.status}"
    hint = (
        "check LRPLAN_API_KEY against the client id in the Adobe Developer Console, and that the token is of that key"
    )
    return Failure(
        _diagnostic("LRP302", "the service lets these credentials in nowhere", call, why, reply.request_id, hint)
    )


def credentials_end(call: Call, reply: Reply) -> Failure | None:
    """The failure for an answer after which no call of these credentials can succeed; None for any other answer."""
    problem = reply.problem
    if problem is None or problem.status not in (401, 403):
        return None
    why = f"it answered {problem.status}: {problem.words}"
    if problem.is_refused_token:
        what, hint = (
            "the service refused the access token",
            "get a new access token (they live about a day) and set LRPLAN_ACCESS_TOKEN to it",
        )
        return Failure(_diagnostic("LRP302", what, call, why, reply.request_id, hint))
    if problem.code == BAD_API_KEY:
        hint = "check LRPLAN_API_KEY against the client id in the Adobe Developer Console, without spaces around it"
        return Failure(_diagnostic("LRP302", "the service refused the API key", call, why, reply.request_id, hint))
    if problem.code == ACCOUNT_STATE:
        hint = "see that the account has a Lightroom subscription or a trial, then try again"
        return Failure(_diagnostic("LRP303", "the account may not use the service", call, why, reply.request_id, hint))
    return outdated(call, reply) if problem.code == UPGRADE_REQUIRED else None


def other_size(sent: int, promised: int) -> Failure:
    """A local file yields more or fewer bytes than it had when it was hashed (LRP502)."""
    why = f"{promised} bytes were announced, and {'more' if sent > promised else f'only {sent}'} came."
    return Failure(error("LRP502", "an original changed while it was sent", why=why, hint="plan again"))


def unreadable(why: str) -> Failure:
    """A local file can no longer be read (LRP502)."""
    return Failure(error("LRP502", "an original could not be read while it was sent", why=f"{why}.", hint="plan again"))


def unsendable(what: str) -> Failure:
    """A key or token that cannot stand in a header (LRP302)."""
    hint = "it was probably copied with a line break, a space or quotes; set it again"
    return Failure(error("LRP302", f"the {what} holds characters that cannot be sent", hint=hint))


def bad_endpoint(why: str) -> Failure:
    """The endpoint is no address of a service (LRP901)."""
    hint = "write scheme and host, such as https://lr.adobe.io"
    return Failure(error("LRP901", "the endpoint is not an address of a service", why=f"{why}.", hint=hint))


def bad_proxy(variable: str, why: str) -> Failure:
    """*variable* of the environment names a proxy that cannot be used (LRP901); what it holds is never shown."""
    hint = "write http://host:port; in a name or password, write % and two hex digits for every special character"
    return Failure(error("LRP901", f"{variable} is not the address of a proxy", why=f"{why}.", hint=hint))


def _failure(code: str, call: Call, why: str, request_id: str, *, hint: str) -> Failure:
    what = {
        "LRP802": "the Lightroom service kept failing",
        "LRP803": "the Lightroom service answered in an unknown way",
        "LRP804": "the Lightroom service refused a request",
    }[code]
    return Failure(_diagnostic(code, what, call, why, request_id, hint))


def _diagnostic(code: str, what: str, call: Call, why: str, request_id: str, hint: str) -> Diagnostic:
    name = f" Its request id is {request_id}." if request_id else ""
    stop = "" if why.endswith((".", "…")) else "."
    return error(code, what, why=f"{call.name}: {why}{stop}{name}", hint=hint)
