"""Why it came so, in words: each reason of the records as a few words, and as a sentence that says what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from aliases.records.message import Reason

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REASON_NAMES: dict[Reason, _StrPromise] = {
    Reason.ACTIVE_ALIAS: gettext_lazy("active alias"),
    Reason.IGNORED_ALIAS: gettext_lazy("ignored alias"),
    Reason.INACTIVE_ALIAS: gettext_lazy("paused alias"),
    Reason.UNKNOWN_ALIAS: gettext_lazy("unknown alias"),
    Reason.UNSERVED_DOMAIN: gettext_lazy("domain not served"),
    Reason.INVALID_RECIPIENT: gettext_lazy("invalid recipient"),
    Reason.NO_ANSWER: gettext_lazy("the table gave no answer"),
    Reason.NO_DESTINATION: gettext_lazy("no destination"),
    Reason.PAUSED_DESTINATION: gettext_lazy("paused destination"),
    Reason.UNUSABLE_DESTINATION: gettext_lazy("unusable destination"),
    Reason.FORWARDING_UNAVAILABLE: gettext_lazy("forwarding unavailable"),
    Reason.ALIAS_AS_DESTINATION: gettext_lazy("alias as destination"),
    Reason.INFECTED: gettext_lazy("infected"),
    Reason.SPAM: gettext_lazy("spam"),
    Reason.DMARC_REJECT: gettext_lazy("DMARC: reject"),
    Reason.DMARC_QUARANTINE: gettext_lazy("DMARC: quarantine"),
    Reason.NO_RECIPIENT: gettext_lazy("no recipient found"),
    Reason.ENVELOPE_LOST: gettext_lazy("envelope lost"),
    Reason.DELIVERY_ERROR: gettext_lazy("delivery error"),
    Reason.NULL_REVERSE_PATH: gettext_lazy("empty sender address"),
    Reason.AUTOMATIC_MESSAGE: gettext_lazy("automatic message"),
    Reason.BOUNCE_ERROR: gettext_lazy("bounce not sent"),
    Reason.OBJECT_GONE: gettext_lazy("stored message gone"),
    Reason.CHOSEN_DESTINATION: gettext_lazy("sent to a chosen destination"),
    Reason.SENT_WITHOUT_ENVELOPE: gettext_lazy("envelope lost, sent to a chosen destination"),
    Reason.DELETED_BY_OPERATOR: gettext_lazy("deleted by an operator"),
}

REASON_SENTENCES: dict[Reason, _StrPromise] = {
    Reason.ACTIVE_ALIAS: gettext_lazy("The alias is active, so its mail is carried to its destinations."),
    Reason.IGNORED_ALIAS: gettext_lazy(
        "The alias is ignored, so its mail is dropped without a word. Make it active to get its mail."
    ),
    Reason.INACTIVE_ALIAS: gettext_lazy(
        "The alias is paused, so its mail is refused. Make it active to get its mail; the sender has to send again."
    ),
    Reason.UNKNOWN_ALIAS: gettext_lazy(
        "There is no alias of that name, so mail for it is refused. Create it if you want mail for it."
    ),
    Reason.UNSERVED_DOMAIN: gettext_lazy(
        "The domain is not served, so mail for it is refused. Add it, or switch it on, under Domains."
    ),
    Reason.INVALID_RECIPIENT: gettext_lazy(
        "The recipient is no mailbox, or longer than a mail address may be. There is nothing to mend here."
    ),
    Reason.NO_ANSWER: gettext_lazy(
        "The table gave no answer, so it could not be found out who the mail is for. Deliver it again to decide it now."
    ),
    Reason.NO_DESTINATION: gettext_lazy(
        "The alias has no destination that is on. Give it one, or switch one on, and deliver the message again."
    ),
    Reason.PAUSED_DESTINATION: gettext_lazy(
        "The destination is switched off. Switch it on under Destinations, and deliver the message again."
    ),
    Reason.UNUSABLE_DESTINATION: gettext_lazy(
        "The text of the destination cannot be understood. Correct it at the alias, and deliver the message again."
    ),
    Reason.FORWARDING_UNAVAILABLE: gettext_lazy(
        "The destination is a mailbox elsewhere, and this installation does not forward mail yet. "
        "Send the message to another destination, or download it."
    ),
    Reason.ALIAS_AS_DESTINATION: gettext_lazy(
        "The destination is an address on a domain that is served here, which could send mail round in circles. "
        "Give the alias another destination, and deliver the message again."
    ),
    Reason.INFECTED: gettext_lazy(
        "Amazon SES found a virus. The message is never delivered; download it only if you know what you are doing."
    ),
    Reason.SPAM: gettext_lazy(
        "Amazon SES takes it for spam. If it is not, release it: it is delivered into the folder for junk."
    ),
    Reason.DMARC_REJECT: gettext_lazy(
        "The sender could not be verified, and the sender's domain asks to reject such mail (DMARC). "
        "If you trust it, release it: it is delivered into the folder for junk."
    ),
    Reason.DMARC_QUARANTINE: gettext_lazy(
        "The sender could not be verified, and the sender's domain asks for care (DMARC), "
        "so the message is delivered into the folder for junk."
    ),
    Reason.NO_RECIPIENT: gettext_lazy(
        "The envelope is lost, and the header of the message names nobody here. "
        "Send it to a destination, or download it."
    ),
    Reason.ENVELOPE_LOST: gettext_lazy(
        "The envelope is lost, so the recipients come from the header of the message, and no bounce may go out."
    ),
    Reason.DELIVERY_ERROR: gettext_lazy(
        "The delivery failed; the error text says why. Mend the cause, and deliver the message again."
    ),
    Reason.NULL_REVERSE_PATH: gettext_lazy(
        "The message has an empty sender address, as bounces and automatic replies do, so no bounce may answer it."
    ),
    Reason.AUTOMATIC_MESSAGE: gettext_lazy("A program sent the message by itself, so no bounce may answer it."),
    Reason.BOUNCE_ERROR: gettext_lazy(
        "Amazon SES did not send the bounce; the error text says why. Mend the cause, and deliver the message again."
    ),
    Reason.OBJECT_GONE: gettext_lazy(
        "The stored message had disappeared from the bucket, so nobody can deliver it. The sender has to send it again."
    ),
    Reason.CHOSEN_DESTINATION: gettext_lazy(
        "An operator sent the message to another destination than those of the alias."
    ),
    Reason.SENT_WITHOUT_ENVELOPE: gettext_lazy(
        "The envelope is lost, and the header of the message names nobody here, so an operator chose where it goes."
    ),
    Reason.DELETED_BY_OPERATOR: gettext_lazy(
        "An operator deleted the message while it was waiting. The sender has to send it again."
    ),
}
