"""Models whose every column may be empty, and which point to each other over relations that may be empty too.

Their app is not installed: nothing but the differential tests knows them.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Compared(models.Model):
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        app_label = "differential_tests"
        abstract = True


class Region(Compared):
    """Its key is text."""

    name = models.CharField(primary_key=True, max_length=20)
    motto = models.CharField(max_length=20, null=True)
    rank = models.IntegerField(null=True)


class Place(Compared):
    """Its key is a number that the database gives."""

    region = models.ForeignKey(Region, models.CASCADE, null=True)
    title = models.CharField(max_length=20, null=True)
    height = models.IntegerField(null=True)
    open = models.BooleanField(null=True)


class Visit(Compared):
    """A column of every type that can be compared."""

    place = models.ForeignKey(Place, models.CASCADE, null=True)
    origin = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    note = models.CharField(max_length=20, null=True)
    other_note = models.TextField(null=True)
    label = models.CharField(max_length=20)
    number = models.IntegerField(null=True)
    other_number = models.BigIntegerField(null=True)
    count = models.PositiveSmallIntegerField()
    real = models.FloatField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    flag = models.BooleanField(null=True)
    moment = models.DateTimeField(null=True)
    other_moment = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    clock = models.TimeField(null=True)
    span = models.DurationField(null=True)
    token = models.UUIDField(null=True)
    data = models.JSONField(null=True)
