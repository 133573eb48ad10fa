"""A stand-in for the Lightroom Services API, on loopback, over SQLite.

Problem: plans must be tried, demonstrated and tested without a partner's credentials and without a customer's photos.
Method: the calls of the vendor's published contract, with their limits and error bodies, over a catalog in a folder.
Surprising case: it shares no code with the client it serves, so one misreading of the contract cannot hide in both.
"""

from lrplan.sandbox.options import AfterRequest, BeforeRequest, RunningSandbox, SandboxOptions, SeenRequest
from lrplan.sandbox.server import running

__all__ = ["AfterRequest", "BeforeRequest", "RunningSandbox", "SandboxOptions", "SeenRequest", "running"]
