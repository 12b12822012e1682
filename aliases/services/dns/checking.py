"""Checking one domain: everything is asked side by side, and the whole has an end."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from aliases.records.exceptions import ConfigurationError
from aliases.services.dns.comparison import (
    compare_dkim,
    compare_dmarc,
    compare_mx,
    compare_spf,
    compare_verification,
)
from aliases.services.dns.findings import Check, Status, Subject
from aliases.services.dns.identity import IdentityState, identity_of, no_identity, ses_client
from aliases.services.dns.lookup import Answer, Failure, look_up, make_resolver
from aliases.services.dns.records import (
    RecordType,
    aws_region,
    dkim_name,
    dmarc_name,
    parents,
    verification_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import dns.resolver

T = TypeVar("T")

SECONDS = 10.0  # for the whole; API Gateway waits 29 for a page
MOST_THREADS = 12


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one domain. `trouble` says why no name server could be asked at all, None where one was."""

    domain: str
    checks: tuple[Check, ...]
    trouble: ConfigurationError | None = None

    @property
    def is_good(self) -> bool:
        return all(check.status is Status.OK for check in self.checks)

    def of(self, subject: Subject) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.subject is subject)


def check_domain(domain: str, *, seconds: float = SECONDS) -> Report:
    """Look up what there is for a domain in its stored form, and hold it against what is needed.

    Never raises: what got no answer is unknown. Cost: no request to DynamoDB, 2 to Amazon SES, up to 11 lookups, all
    within `seconds`.
    """
    resolver, trouble = None, None
    try:
        resolver = make_resolver()
    except ConfigurationError as error:
        trouble = error
    asking = Asking(resolver, seconds)
    try:
        return Report(domain, _checks(domain, asking), trouble)
    finally:
        asking.close()


def _checks(domain: str, asking: Asking) -> tuple[Check, ...]:
    """The first answers are waited for only when everything is asked; the names of the DKIM records come from SES."""
    region, ses, above = aws_region(), ses_client(), parents(domain)
    mx, texts = asking.look_up(domain, RecordType.MX), asking.look_up(domain, RecordType.TXT)
    dmarc = [asking.look_up(dmarc_name(name), RecordType.TXT) for name in (domain, *above)]
    identity = asking.ask(lambda: identity_of(domain, ses), no_identity(domain, IdentityState.SILENT))()
    names = [dkim_name(token, identity.domain) for token in identity.dkim_tokens or ()]
    keys = {name: asking.look_up(name, RecordType.CNAME) for name in names}
    token = asking.look_up(verification_name(identity.domain), RecordType.TXT) if identity.token else None
    own, *others = (answer() for answer in dmarc)
    return (
        compare_mx(domain, mx(), region),
        compare_verification(domain, identity, token() if token else None),
        *compare_dkim(domain, identity, {name: answer() for name, answer in keys.items()}, region),
        compare_spf(domain, texts()),
        compare_dmarc(domain, own, dict(zip(above, others, strict=True))),
    )


class Asking:
    """Asks side by side until an end; what has no answer by then is left to itself, and ends soon after."""

    def __init__(self, resolver: dns.resolver.Resolver | None, seconds: float) -> None:
        self._resolver = resolver
        self._threads = ThreadPoolExecutor(MOST_THREADS, "dns")
        self._end = time.monotonic() + seconds

    def look_up(self, name: str, type: RecordType) -> Callable[[], Answer]:  # noqa: A002  DNS's own word
        """Ask now; call what this gives for the answer."""
        resolver = self._resolver
        if resolver is None:
            return lambda: Answer(name, type, failure=Failure.SERVER_SETTING)
        return self.ask(lambda: look_up(resolver, name, type), Answer(name, type, failure=Failure.TIMED_OUT))

    def ask(self, work: Callable[[], T], late: T) -> Callable[[], T]:
        """Start the work; what this gives waits for its result, or gives `late` when the end has come."""
        future = self._threads.submit(work)

        def answer() -> T:
            try:
                return future.result(max(0.0, self._end - time.monotonic()))
            except TimeoutError:
                return late

        return answer

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
