"""Alias, Domain, Destination and MessageLog as Django models over the records, fields named as stored.

What changes them on purpose is in `aliases.services`; `save()` here writes only what differs from what was read.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from copy import deepcopy
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aliases.backend.aliasitems import AliasMapping
from aliases.backend.knownitems import DestinationMapping, DomainMapping
from aliases.backend.logitems import MessageLogMapping
from aliases.fields import DocumentField
from aliases.records.addresses import ADDRESS_OCTETS, alias_key, domain_name, full_address, shown_form
from aliases.records.alias import destination_entries
from aliases.records.destinations import local_domains, parse_destination
from aliases.records.exceptions import InvalidAddress
from aliases.records.keys import Key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from aliases.backend.mapping import ModelMapping


M = TypeVar("M", bound="SavesChanges")


class State(StrEnum):
    """What happens to mail for an alias: exactly the three answers that SES takes."""

    ACTIVE = "active"  # accepted, and carried to its destinations
    IGNORED = "ignored"  # taken without a word, and dropped
    PAUSED = "paused"  # refused: the sender gets a bounce


def new_identifier() -> str:
    return str(uuid.uuid4())


def this_second() -> datetime:
    """Now, as the records keep moments: in whole seconds."""
    return timezone.now().replace(microsecond=0)


class ChangesQuerySet(models.QuerySet[M]):
    """What many rows are written with counts as read, as after `save()`."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        rows = list(objs)
        for row in rows:
            row.take_stored_form()
        made = super().bulk_create(rows, *args, **options)
        for row in made:
            row.remember()
        return made

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows, names = list(objs), list(fields)
        changed = super().bulk_update(rows, names, batch_size)
        for row in rows:
            row.remember(names)
        return changed


class SavesChanges(models.Model):
    """Writes only the fields that differ from what was read, so that a form left open undoes nobody's work."""

    created_datetime = models.DateTimeField(_("created"), default=this_second, null=True, editable=False)
    modified_datetime = models.DateTimeField(_("changed"), default=this_second, null=True, editable=False)

    class Meta:
        abstract = True

    _read: dict[str, Any]

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        made = super().from_db(db, field_names, values, **options)
        made.remember()
        return made

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: QuerySet[Self] | None = None
    ) -> None:
        names = None if fields is None else list(fields)
        super().refresh_from_db(using, names, from_queryset)
        self.remember(names)

    def _held(self) -> dict[str, Any]:
        """What the fields hold now, without reading the deferred ones."""
        return {f.attname: self.__dict__[f.attname] for f in self._meta.concrete_fields if f.attname in self.__dict__}

    def take_stored_form(self) -> None:
        """Write what identifies a new row as the table will; what cannot be one stays, and the backend says why."""

    def remember(self, names: Collection[str] | None = None) -> None:
        """Take what these fields hold (all by default) for what the table holds."""
        held = {name: value for name, value in self._held().items() if names is None or name in names}
        self._read = {**getattr(self, "_read", {}), **deepcopy(held)}  # a map may be changed in place

    def changed_fields(self) -> list[str]:
        """The names of the fields that differ from what was read."""
        read = getattr(self, "_read", {})
        return [name for name, value in self._held().items() if name not in read or read[name] != value]

    def _is_as_read(self, using: str | None) -> bool:
        """Whether it was read, under this key and from there, so that its changes are all that there is to write."""
        known = getattr(self, "_read", {}).get(self._meta.pk.attname)
        return not self._state.adding and self.pk == known and using in {None, self._state.db}

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        self.take_stored_form()
        names = None if update_fields is None else list(update_fields)
        if names is None and not options.get("force_insert") and self._is_as_read(options.get("using")):
            names = self.changed_fields()
            if names and "modified_datetime" not in names:
                self.modified_datetime = this_second()
                names.append("modified_datetime")
        super().save(update_fields=names, **options)
        self.remember(names)


class Alias(SavesChanges):
    """One alias. `identifier` stays the same when its address changes."""

    identifier = models.CharField(
        _("identifier"), primary_key=True, max_length=36, default=new_identifier, editable=False
    )
    alias_address = models.CharField(
        _("alias"), max_length=64, help_text=_("What stands before the @. Letters, digits and . _ - are always safe.")
    )
    sub_domain = models.CharField(_("domain"), max_length=253, help_text=_("One of the domains that are served."))
    full_address = models.CharField(_("address"), max_length=ADDRESS_OCTETS, editable=False, blank=True)
    active_alias = models.BooleanField(
        _("active"), default=True, help_text=_("Off: the alias is paused, and its mail is refused with a bounce.")
    )
    ignore_alias = models.BooleanField(
        _("ignored"), default=False, help_text=_("On: mail is taken without a word and dropped, while it is active.")
    )
    destination = models.CharField(
        _("destination"),
        max_length=ADDRESS_OCTETS,
        blank=True,
        help_text=_("Where mail goes: a local user such as alice@tacomail, S3, or a mailbox elsewhere."),
    )
    destinations = DocumentField(
        _("destinations"),
        default=dict,
        blank=True,
        help_text=_(
            "Several destinations, each on or off. As soon as there is one, it replaces the single destination."
        ),
    )
    description = models.CharField(_("description"), max_length=1000, blank=True, help_text=_("For your eyes only."))
    use_count = models.PositiveBigIntegerField(_("messages delivered"), default=0, editable=False)
    ignored_count = models.PositiveBigIntegerField(_("messages ignored"), default=0, editable=False)
    refused_count = models.PositiveBigIntegerField(_("messages refused"), default=0, editable=False)
    last_used_datetime = models.DateTimeField(_("last message"), null=True, editable=False)

    objects = ChangesQuerySet["Alias"].as_manager()
    record_mapping: ClassVar[type[ModelMapping]] = AliasMapping

    class Meta:
        managed = False
        db_table = "alias"
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        unique_together = (("sub_domain", "alias_address"),)

    def __str__(self) -> str:
        return f"{self.alias_address}@{shown_form(self.sub_domain)}"

    def take_stored_form(self) -> None:
        """Its address, also a new one."""
        if self._state.adding or not {"alias_address", "sub_domain"}.isdisjoint(self.changed_fields()):
            with suppress(InvalidAddress):
                key = alias_key(self.alias_address, self.sub_domain)
                self.sub_domain, self.alias_address = key
                self.full_address = full_address(key)

    @property
    def key(self) -> Key:
        return Key(self.sub_domain, self.alias_address)

    @property
    def address(self) -> str:
        return f"{self.alias_address}@{self.sub_domain}"

    @property
    def state(self) -> State:
        if not self.active_alias:
            return State.PAUSED
        return State.IGNORED if self.ignore_alias else State.ACTIVE

    @property
    def destination_list(self) -> list[tuple[str, bool]]:
        """Each destination, and whether it is on for this alias."""
        record: Any = self
        return list(destination_entries(record))

    def clean(self) -> None:
        """The rules of `aliases.records`, as errors of the field that is wrong."""
        try:
            key = alias_key(self.alias_address, self.sub_domain)
        except InvalidAddress as error:
            field = "sub_domain" if error.field == "domain" else "alias_address"
            raise ValidationError({field: error.message}) from error
        self.alias_address, self.sub_domain = key.alias_address, key.sub_domain
        if self.destination:
            self.destination = clean_destination(self.destination)


class Domain(SavesChanges):
    """One domain that is, or was, served."""

    domain = models.CharField(_("domain"), primary_key=True, max_length=253, help_text=_("As in example.com."))
    description = models.CharField(_("description"), max_length=1000, blank=True, help_text=_("For your eyes only."))
    active = models.BooleanField(
        _("served"), default=True, help_text=_("Off: mail for every alias of this domain is refused; the aliases stay.")
    )

    objects = ChangesQuerySet["Domain"].as_manager()
    record_mapping: ClassVar[type[ModelMapping]] = DomainMapping

    class Meta:
        managed = False
        db_table = "domain"
        ordering = ("domain",)
        verbose_name = _("domain")
        verbose_name_plural = _("domains")

    def __str__(self) -> str:
        return shown_form(self.domain)

    def take_stored_form(self) -> None:
        if self._state.adding:
            with suppress(InvalidAddress):
                self.domain = domain_name(self.domain)

    def clean(self) -> None:
        try:
            self.domain = domain_name(self.domain)
        except InvalidAddress as error:
            raise ValidationError({"domain": error.message}) from error


class Destination(SavesChanges):
    """One destination that mail may go to."""

    destination = models.CharField(
        _("destination"),
        primary_key=True,
        max_length=ADDRESS_OCTETS,
        help_text=_("A local user such as alice@tacomail, S3 (kept in the bucket), or a mailbox elsewhere."),
    )
    description = models.CharField(_("description"), max_length=1000, blank=True, help_text=_("For your eyes only."))
    active = models.BooleanField(
        _("on"), default=True, help_text=_("Off: mail that would go there is held until it is on again.")
    )

    objects = ChangesQuerySet["Destination"].as_manager()
    record_mapping: ClassVar[type[ModelMapping]] = DestinationMapping

    class Meta:
        managed = False
        db_table = "destination"
        ordering = ("destination",)
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")

    def __str__(self) -> str:
        return self.destination

    def take_stored_form(self) -> None:
        if self._state.adding:
            with suppress(ValidationError):
                self.destination = clean_destination(self.destination)

    def clean(self) -> None:
        self.destination = clean_destination(self.destination)


class MessageLog(models.Model):
    """What became of one message for one alias or unknown recipient. Written by the mail functions alone."""

    identifier = models.CharField(_("identifier"), primary_key=True, max_length=1024)
    address = models.CharField(_("address"), max_length=320)
    message_id = models.CharField(_("message"), max_length=200)
    received_datetime = models.DateTimeField(_("received"))
    outcome = models.CharField(_("outcome"), max_length=40)
    reason = models.CharField(_("reason"), max_length=80)
    recipients = DocumentField(_("recipients"), null=True)
    results = DocumentField(_("results"), null=True)
    reverse_path = models.CharField(_("sender"), max_length=320, null=True)
    verdicts = DocumentField(_("verdicts"), null=True)
    size = models.PositiveBigIntegerField(_("size"), null=True)

    record_mapping: ClassVar[type[ModelMapping]] = MessageLogMapping

    class Meta:
        managed = False
        db_table = "message_log"
        ordering = ("-received_datetime",)
        verbose_name = _("log entry")
        verbose_name_plural = _("message log")

    def __str__(self) -> str:
        return f"{self.address}, {self.received_datetime:%Y-%m-%d %H:%M}"


def clean_destination(text: str) -> str:
    """The stored form of a destination. Raises ValidationError for the field `destination`."""
    try:
        return parse_destination(text, local_domains()).text
    except InvalidAddress as error:
        raise ValidationError({"destination": error.message}) from error
