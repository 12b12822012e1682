from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from mailhandlers.local.verdicts import EICAR, GTUBE, Verdicts, verdicts_of


@pytest.mark.parametrize(
    ("field", "verdicts"),
    [
        ("", Verdicts()),
        ("spam=FAIL", Verdicts(spam="FAIL")),
        ("virus=fail", Verdicts(virus="FAIL")),
        ("spam=GRAY, virus=PROCESSING_FAILED", Verdicts(spam="GRAY", virus="PROCESSING_FAILED")),
        ("dmarc=FAIL,policy=Reject", Verdicts(dmarc="FAIL", policy="reject")),
        ("SPF=FAIL, dkim=FAIL", Verdicts(spf="FAIL", dkim="FAIL")),
        ("nonsense, spam=, colour=red, =FAIL", Verdicts()),
    ],
)
def test_a_header_field_sets_verdicts(field: str, verdicts: Verdicts) -> None:
    assert verdicts_of(f"X-Local-Verdicts: {field}\r\n\r\nHello".encode()) == verdicts


def test_a_field_in_the_body_sets_nothing() -> None:
    assert verdicts_of(b"Subject: x\r\n\r\nX-Local-Verdicts: spam=FAIL\r\n") == Verdicts()


def test_the_spam_test_string_is_spam() -> None:
    assert verdicts_of(b"Subject: x\r\n\r\n" + GTUBE) == Verdicts(spam="FAIL")


def test_the_virus_test_string_is_a_virus_as_text_and_as_attachment() -> None:
    assert verdicts_of(b"Subject: x\r\n\r\n" + EICAR) == Verdicts(virus="FAIL")
    message = EmailMessage()
    message.set_content("See attachment.")
    message.add_attachment(EICAR, maintype="application", subtype="octet-stream", filename="test.com")
    assert EICAR not in message.as_bytes()
    assert verdicts_of(message.as_bytes()) == Verdicts(virus="FAIL")


def test_the_test_strings_are_the_standard_ones() -> None:
    assert len(EICAR) == 68
    assert base64.b64encode(EICAR).startswith(b"WDVPIVAlQEFQ")
    assert len(GTUBE) == 68


def test_a_rule_that_does_not_scan_sees_disabled() -> None:
    seen = Verdicts(spam="FAIL", virus="FAIL", dmarc="FAIL").unscanned()
    assert seen == Verdicts(spam="DISABLED", virus="DISABLED", dmarc="FAIL")
