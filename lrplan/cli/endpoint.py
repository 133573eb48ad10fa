"""
The address of the service when the environment names it: checked as lrplan.yaml is, and named when nobody answers.

The surprising case: `LRPLAN_ENDPOINT` may be left over from a stand-in that ran an hour ago. It beats lrplan.yaml, so
whoever wonders why the service cannot be reached is told of it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from attrs import evolve

from lrplan.cli.trouble import failure_in
from lrplan.diagnostics import Diagnostic, Failure, error
from lrplan.manifest.value_types import Endpoint
from lrplan.manifest.values import Mistake, read_value

VARIABLE = "LRPLAN_ENDPOINT"


def endpoint_given(environment: Mapping[str, str]) -> str:
    """What *environment* names: `sandbox`, or scheme, host and port; "" when it names nothing.

    Raises:
        Failure: LRP901, lrplan.yaml would not accept it either.
    """
    text = environment.get(VARIABLE, "").strip()
    if not text:
        return ""
    value = read_value(Endpoint(), text)
    if isinstance(value, Mistake):
        what = f"{VARIABLE} is not an address of a service"
        hint = value.hint if value.hint.startswith("write") else f"set {VARIABLE} to scheme, host and port, or unset it"
        raise Failure(error("LRP901", what, why=value.why, hint=hint))
    return str(value)


@contextmanager
def naming_it(environment: Mapping[str, str]) -> Iterator[None]:
    """Say where the address came from when the service at that of *environment* cannot be reached inside the block."""
    try:
        yield
    except Exception as problem:
        failure = failure_in(problem)
        if failure is None or not endpoint_given(environment):
            raise
        raise Failure(*(_named(said, endpoint_given(environment)) for said in failure.diagnostics)) from problem


def _named(said: Diagnostic, endpoint: str) -> Diagnostic:
    if said.code != "LRP801":
        return said
    why = f"{said.why} {VARIABLE} is set to {endpoint}, and beats lrplan.yaml."
    return evolve(said, why=why, hint=f"{said.hint}; if {VARIABLE} is left over from earlier, unset it")
