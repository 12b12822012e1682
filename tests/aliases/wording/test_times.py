from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from aliases.wording.times import how_long_ago

NOW = datetime(2024, 9, 3, 10, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "english", "german", "spanish"),
    [
        (timedelta(0), "just now", "gerade eben", "ahora mismo"),
        (timedelta(seconds=59), "just now", "gerade eben", "ahora mismo"),
        (timedelta(seconds=60), "1 minute ago", "vor 1 Minute", "hace 1 minuto"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", "vor 59 Minuten", "hace 59 minutos"),
        (timedelta(hours=1), "1 hour ago", "vor 1 Stunde", "hace 1 hora"),
        (timedelta(hours=23, minutes=59), "23 hours ago", "vor 23 Stunden", "hace 23 horas"),
        (timedelta(days=1), "1 day ago", "vor 1 Tag", "hace 1 día"),
        (timedelta(days=6, hours=23), "6 days ago", "vor 6 Tagen", "hace 6 días"),
        (timedelta(days=7), "1 week ago", "vor 1 Woche", "hace 1 semana"),
        (timedelta(days=30), "4 weeks ago", "vor 4 Wochen", "hace 4 semanas"),
        (timedelta(days=31), "1 month ago", "vor 1 Monat", "hace 1 mes"),
        (timedelta(days=365), "11 months ago", "vor 11 Monaten", "hace 11 meses"),
        (timedelta(days=366), "1 year ago", "vor 1 Jahr", "hace 1 año"),
        (timedelta(days=3660), "10 years ago", "vor 10 Jahren", "hace 10 años"),
        (timedelta(seconds=-90), "just now", "gerade eben", "ahora mismo"),
    ],
)
def test_a_moment_is_one_round_figure(passed: timedelta, english: str, german: str, spanish: str) -> None:
    for language, said in (("en", english), ("de", german), ("es", spanish)):
        with override(language):
            assert how_long_ago(NOW - passed, NOW).replace("\xa0", " ") == said


def test_a_figure_and_its_unit_stay_on_one_line() -> None:
    assert how_long_ago(NOW - timedelta(days=3), NOW) == "3\xa0days ago"
