"""What a check found, in words: one sentence that says how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from aliases.services.dns.findings import Finding, Status, Subject

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from aliases.services.dns.findings import Check

SUBJECT_NAMES = {
    Subject.MX: _("Receiving mail (MX)"),
    Subject.VERIFICATION: _("Known to Amazon SES"),
    Subject.DKIM: _("Signatures (DKIM)"),
    Subject.SPF: _("Permitted senders (SPF)"),
    Subject.DMARC: _("Protection from forgery (DMARC)"),
}
STATUS_NAMES = {
    Status.OK: _("as needed"),
    Status.MISSING: _("missing"),
    Status.WRONG: _("wrong"),
    Status.UNKNOWN: _("unknown"),
}
AS_NEEDED = {
    Subject.MX: _("Mail for %(domain)s comes to Amazon SES in %(region)s."),
    Subject.VERIFICATION: _("Amazon SES has verified that %(domain)s is yours."),
    Subject.DKIM: _("Amazon SES can sign mail with this key."),
    Subject.SPF: _("Amazon SES may send mail for %(domain)s."),
    Subject.DMARC: _("Other mail servers know what to do with mail that only claims to be from %(domain)s."),
}
SENTENCES: dict[Finding, _StrPromise] = {
    Finding.MX_MISSING: _("Nobody can send mail to %(domain)s yet: add this MX record."),
    Finding.MX_ELSEWHERE: _(
        "Mail for %(domain)s goes to other servers (%(others)s): replace their MX records with this one."
    ),
    Finding.MX_SHARED: _(
        "Some mail for %(domain)s goes to other servers (%(others)s): remove their MX records, and keep this one."
    ),
    Finding.MX_OTHER_REGION: _(
        "Mail for %(domain)s goes to Amazon SES in %(other_region)s, but this installation receives in %(region)s: "
        "replace the MX record with this one."
    ),
    Finding.MX_NULL: _("The MX record says that %(domain)s takes no mail at all: replace it with this one."),
    Finding.REGION_UNKNOWN: _("The environment does not say which region of AWS this is: set AWS_REGION."),
    Finding.REGION_CANNOT_RECEIVE: _(
        "Amazon SES does not receive mail in %(region)s: move this installation to one of the regions where it does "
        "(%(regions)s)."
    ),
    Finding.SPF_MISSING: _("Add this TXT record, so that mail which Amazon SES sends for %(domain)s is believed."),
    Finding.SPF_SEVERAL: _(
        "There are several SPF records, and then none of them counts (RFC 7208): replace them all with this one."
    ),
    Finding.SPF_WITHOUT_SES: _("The SPF record leaves out Amazon SES: replace it with this one, which adds it."),
    Finding.DKIM_MISSING: _("Add this CNAME record, so that Amazon SES can sign mail."),
    Finding.DKIM_WRONG: _("This name has another value: change its CNAME record to this one."),
    Finding.DKIM_NOT_SET_UP: _(
        "Amazon SES has no keys for %(domain)s: switch on Easy DKIM for it in the console of Amazon SES, then check "
        "again."
    ),
    Finding.DMARC_MISSING: _(
        "Add this TXT record; when all of your own mail passes, p=quarantine protects %(domain)s better."
    ),
    Finding.DMARC_SEVERAL: _(
        "There are several DMARC records, and then none of them counts (RFC 7489): keep one of them."
    ),
    Finding.DMARC_MALFORMED: _(
        "The DMARC record cannot be understood: it needs v=DMARC1 first, then p=none, p=quarantine or p=reject, "
        "separated by semicolons."
    ),
    Finding.DMARC_OF_PARENT: _(
        "%(domain)s has no record of its own and does not need one: that of %(parent)s counts (%(policy)s)."
    ),
    Finding.VERIFIED_WITH_PARENT: _("Amazon SES has verified %(parent)s, and %(domain)s with it."),
    Finding.NOT_IN_SES: _(
        "Amazon SES does not know %(domain)s: create an identity for it in the console of Amazon SES, then check again."
    ),
    Finding.PENDING: _(
        "Amazon SES has not seen the records of %(domain)s yet: add those that are missing here. It can take up to "
        "three days after that."
    ),
    Finding.VERIFICATION_FAILED: _(
        "Amazon SES has given up on %(domain)s, since its records were not there in time: add those that are missing "
        "here, then start the verification again in the console of Amazon SES."
    ),
    Finding.SERVER_FAILURE: _(
        "The name server answered with a failure (SERVFAIL), often because the DNSSEC signatures of the domain are "
        "wrong: check again later."
    ),
    Finding.SERVER_REFUSES: _("The name server gave an answer that is none: ask another one (TACOMAIL_DNS_SERVER)."),
    Finding.TIMED_OUT: _("The name server gave no answer in time: check again in a moment."),
    Finding.UNREACHABLE: _("The name server cannot be reached: check the network and TACOMAIL_DNS_SERVER."),
    Finding.SERVER_SETTING: _("There is no name server to ask: correct TACOMAIL_DNS_SERVER."),
    Finding.SES_DENIES: _(
        "Amazon SES does not let this site ask: allow it ses:GetIdentityVerificationAttributes and "
        "ses:GetIdentityDkimAttributes."
    ),
    Finding.SES_SILENT: _("Amazon SES gave no answer: check again in a moment."),
}


def sentence(check: Check) -> str:
    """In the language of the reader."""
    text = AS_NEEDED[check.subject] if check.finding is Finding.AS_NEEDED else SENTENCES[check.finding]
    return str(text) % check.details
