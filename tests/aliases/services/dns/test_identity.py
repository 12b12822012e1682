"""What Amazon SES says about a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.stub import Stubber

from aliases.services.dns.identity import SES_LIMITS, Identity, IdentityState, identity_of, ses_client
from tests.support.traffic import Refusal, Traffic

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

NAME = "taco.example"
BELOW = "mail.taco.example"
ASK = "ses.GetIdentityVerificationAttributes"
ASK_KEYS = "ses.GetIdentityDkimAttributes"


def told(ses: SESClient, domain: str, *tokens: str, **states: tuple[str, str]) -> Identity:
    """What is made of an answer of SES: `states` are status and token of the domain itself, and of the one above."""
    names = {"own": BELOW, "above": NAME}
    entries = {
        names[which]: {"VerificationStatus": status, **({"VerificationToken": token} if token else {})}
        for which, (status, token) in states.items()
    }
    with Stubber(ses) as stub:
        stub.add_response("get_identity_verification_attributes", {"VerificationAttributes": entries})
        for name in entries:
            keys: dict[str, Any] = {"DkimEnabled": True, "DkimVerificationStatus": "Success"}
            answer = {"DkimAttributes": {name: {**keys, "DkimTokens": [f"{name[0]}-{t}" for t in tokens]}}}
            stub.add_response("get_identity_dkim_attributes", answer, {"Identities": [name]})
            break
        return identity_of(domain, ses)


def test_moto_and_we_speak_the_same_api(ses: SESClient) -> None:
    ses.verify_domain_identity(Domain=NAME)
    found = identity_of(NAME, ses)
    assert (found.domain, found.state, bool(found.token)) == (NAME, IdentityState.VERIFIED, True)
    assert len(found.dkim_tokens or ()) == 3


def test_a_domain_that_nobody_made_an_identity_for_is_absent(ses: SESClient) -> None:
    assert identity_of(NAME, ses) == Identity(NAME, IdentityState.ABSENT, dkim_tokens=())


def test_a_domain_below_a_verified_one_is_verified_with_it_and_signed_with_its_keys(ses: SESClient) -> None:
    ses.verify_domain_identity(Domain=NAME)
    found = identity_of(BELOW, ses)
    assert (found.domain, found.state) == (NAME, IdentityState.VERIFIED)
    assert len(found.dkim_tokens or ()) == 3


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Success", IdentityState.VERIFIED),
        ("Pending", IdentityState.PENDING),
        ("TemporaryFailure", IdentityState.PENDING),
        ("Failed", IdentityState.FAILED),
    ],
)
def test_each_status_of_ses_has_its_state(ses: SESClient, status: str, state: IdentityState) -> None:
    found = told(ses, BELOW, "k", own=(status, "token"))
    assert found == Identity(BELOW, state, "token", ("m-k",))


def test_a_verified_domain_above_counts_more_than_an_own_identity_that_waits(ses: SESClient) -> None:
    found = told(ses, BELOW, "k", above=("Success", ""), own=("Pending", "token"))
    assert found == Identity(NAME, IdentityState.VERIFIED, "", ("t-k",))


def test_an_own_identity_counts_more_than_one_above_that_waits(ses: SESClient) -> None:
    found = told(ses, BELOW, own=("Pending", "mine"), above=("Pending", "token"))
    assert (found.domain, found.token) == (BELOW, "mine")


def test_a_domain_that_ses_has_not_started_with_is_absent(ses: SESClient) -> None:
    with Stubber(ses) as stub:
        entry = {NAME: {"VerificationStatus": "NotStarted"}}
        stub.add_response("get_identity_verification_attributes", {"VerificationAttributes": entry})
        assert identity_of(NAME, ses).state is IdentityState.ABSENT


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Refusal("AccessDenied", 403), IdentityState.DENIED),
        (Refusal("InternalFailure", 500), IdentityState.SILENT),
        (ConnectTimeoutError(endpoint_url="https://email.example.com"), IdentityState.SILENT),
    ],
)
def test_a_refusal_is_told_from_silence(
    ses: SESClient, monkeypatch: pytest.MonkeyPatch, answer: Refusal | Exception, state: IdentityState
) -> None:
    ses.verify_domain_identity(Domain=NAME)
    traffic = Traffic.watch(monkeypatch)
    traffic.answer_always(ASK_KEYS, answer)
    found = identity_of(NAME, ses)
    assert (found.state, found.dkim_tokens, found.dkim_trouble) == (IdentityState.VERIFIED, None, state)
    traffic.answer_always(ASK, answer)
    assert identity_of(NAME, ses) == Identity(NAME, state, dkim_trouble=state)


def test_one_request_too_many_in_a_second_is_repeated(ses: SESClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ses.verify_domain_identity(Domain=NAME)
    traffic = Traffic.watch(monkeypatch)
    traffic.answer(ASK, Refusal("Throttling"))
    assert identity_of(NAME, ses).state is IdentityState.VERIFIED
    assert traffic.of("ses") == ["GetIdentityVerificationAttributes"] * 2 + ["GetIdentityDkimAttributes"]


def test_it_costs_two_requests(ses: SESClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ses.verify_domain_identity(Domain=NAME)
    traffic = Traffic.watch(monkeypatch)
    identity_of("a.b.taco.example", ses)
    assert traffic.of("ses") == ["GetIdentityVerificationAttributes", "GetIdentityDkimAttributes"]


@pytest.mark.usefixtures("ses")
def test_without_a_region_there_is_no_ses_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert ses_client() is None
    assert identity_of(NAME, None) == Identity(NAME, IdentityState.NO_REGION, dkim_trouble=IdentityState.NO_REGION)


@pytest.mark.usefixtures("ses")
def test_a_region_that_can_be_none_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "no such region!")
    assert ses_client() is None


def test_a_page_does_not_wait_long_for_ses() -> None:
    assert (SES_LIMITS.connect_seconds + SES_LIMITS.read_seconds) * SES_LIMITS.attempts <= 6
