"""Models that go to the generic mapping. Their app is not installed: nothing but these tests knows them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

APP = "backend_tests"


class Kept(models.Model):
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        app_label = APP
        abstract = True


class Everything(Kept):
    """A column of every type."""

    text = models.CharField(max_length=200, null=True)
    long_text = models.TextField(null=True)
    number = models.IntegerField(null=True)
    big_number = models.BigIntegerField(null=True)
    small_number = models.PositiveSmallIntegerField(null=True)
    real = models.FloatField(null=True)
    decimal = models.DecimalField(null=True, max_digits=12, decimal_places=3)
    flag = models.BooleanField(null=True)
    moment = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    time_of_day = models.TimeField(null=True)
    span = models.DurationField(null=True)
    unique = models.UUIDField(null=True)
    octets = models.BinaryField(null=True)
    address = models.GenericIPAddressField(null=True)
    data = models.JSONField(null=True)
    mail = models.EmailField(null=True)
    slug = models.SlugField(null=True)


class Shelf(Kept):
    """Its key is text."""

    name = models.CharField(primary_key=True, max_length=2000)
    room = models.CharField(max_length=20, blank=True)


class Book(Kept):
    """Its key is a number, and it stands on a shelf or nowhere."""

    title = models.CharField(max_length=100)
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.CASCADE)
    pages = models.IntegerField(default=100)
    rating = models.FloatField(null=True)
    lent = models.DateTimeField(null=True)
    price = models.DecimalField(max_digits=6, decimal_places=2, default=1)

    def __str__(self) -> str:
        return self.title


class Ticket(Kept):
    """Its key is a UUID that it gives itself."""

    number = models.UUIDField(primary_key=True, default=uuid.uuid4)
    ends = models.DateTimeField(null=True)
    holder = models.CharField(max_length=20, default="nobody")


class Moment(Kept):
    """Its key is a moment."""

    at = models.DateTimeField(primary_key=True)
