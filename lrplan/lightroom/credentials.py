"""Credentials that were given as they are: an API key and one access token that nobody here can renew."""

from attrs import field, frozen

from lrplan.diagnostics import Failure, error
from lrplan.model.ids import ServiceId

_RENEWAL_HINT = "get a new access token (they live about a day) and set LRPLAN_ACCESS_TOKEN to it"


@frozen(kw_only=True)
class GivenCredentials:
    """An API key and an access token, implementing the `Credentials` port.

    Attributes:
        api_key: The client id of the integration.
        token: The access token; "" when none was given.
    """

    api_key: ServiceId
    token: str = field(default="", repr=False)

    @property
    def expires_at(self) -> str:
        """Nobody said; the token itself may."""
        return ""

    @property
    def renews(self) -> bool:
        """There is no other token."""
        return False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.token,)

    async def access_token(self, *, refused: str | None = None) -> str:
        """The token. Failure LRP301 when there is none, LRP302 when it is the one that was refused."""
        if not self.token:
            raise Failure(error("LRP301", "no access token", hint=_RENEWAL_HINT))
        if refused == self.token:
            why = "The token is expired or was never valid for this API key, and there is no refresh token to renew it."
            raise Failure(error("LRP302", "the service refused the access token", why=why, hint=_RENEWAL_HINT))
        return self.token
