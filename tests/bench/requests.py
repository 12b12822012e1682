"""What a message costs: requests to the table and to the bucket, counted where they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Figure
from tests.integration.moto_server import READS, process_environment
from tests.integration.worker import Worker
from tests.support.events import s3_event, ses_event, stored_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.integration.moto_server import MotoServer
    from tests.support.installation import Installation

BODY = stored_message(b"A line of text.\r\n" * 10_000)
SAME_EVENT = 10
STATES: dict[str, dict[str, bool]] = {
    "accepted": {"active_alias": True, "ignore_alias": False},
    "ignored": {"active_alias": True, "ignore_alias": True},
    "refused": {"active_alias": False, "ignore_alias": False},
}
ANSWERS = {"accepted": "CONTINUE", "ignored": "STOP_RULE_SET", "refused": "STOP_RULE"}
COUNTS = (1, 5, 45)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stored message of these recipients; `writes` is the bar for the table, `readings` how often it may be read."""

    name: str
    recipients: tuple[str, ...]
    writes: int = 1
    readings: int = 1


DELIVERIES = (
    Delivery("one Maildir", ("shop",)),
    Delivery("two aliases of one Maildir", ("shop", "foo")),
    Delivery("two Maildirs", ("shop", "foo--bar"), readings=2),
    Delivery("destination S3", ("drop",), readings=0),
    Delivery("one Maildir, two refused recipients", ("shop", "closed", "nosuch"), writes=2),
)


def request_figures(aws: MotoServer, installation: Installation) -> Iterator[Figure]:
    """Every figure of this kind."""
    with Worker(process_environment(aws, installation.root)) as worker:
        worker.run("be_patient")
        for state in STATES:
            yield from _questions(aws, installation, worker, state)
        yield _detailed_question(aws, installation, worker)
        for delivery in DELIVERIES:
            yield from _delivery(aws, installation, worker, delivery)
        yield _same_event(installation, worker)


def add_aliases(installation: Installation, names: Sequence[str], attributes: dict[str, bool]) -> None:
    with installation.rows.batch_writer() as batch:
        for name in names:
            row = {"sub_domain": "taco.example", "alias_address": name, "destination": "alice@tacomail"}
            batch.put_item({**row, **attributes})


def _questions(aws: MotoServer, installation: Installation, worker: Worker, state: str) -> Iterator[Figure]:
    names = [f"{state}{number}" for number in range(max(COUNTS))]
    add_aliases(installation, names, STATES[state])
    for count in COUNTS:
        name = f"SES function, {count} plain recipient{'s' if count > 1 else ''}, {state}"
        event = ses_event(*(f"{alias}@taco.example" for alias in names[:count]), seed=name)
        yield _asked(aws, worker, name, event, ANSWERS[state])


def _detailed_question(aws: MotoServer, installation: Installation, worker: Worker) -> Figure:
    names = [f"detailed{number}" for number in range(5)]
    add_aliases(installation, names, STATES["accepted"])
    event = ses_event(*(f"{name.capitalize()}+Some+Detail@Taco.example" for name in names), seed="detailed")
    return _asked(aws, worker, "SES function, 5 recipients in mixed case with details", event, "CONTINUE")


def _asked(aws: MotoServer, worker: Worker, name: str, event: dict[str, Any], answer: str) -> Figure:
    aws.requests.clear()
    result = worker.run("ses", event)
    assert result["answer"] == answer, result
    return _table_figure(f"{name}: reads + writes of the table", aws, writes=1)


def _table_figure(name: str, aws: MotoServer, writes: int) -> Figure:
    operations = aws.operations("dynamodb")
    reads = sum(operation in READS for operation in operations)
    written = len(operations) - reads
    return Figure(name, f"{reads} + {written}", f"1 + {writes}", reads <= 1 and written <= writes)


def _delivery(aws: MotoServer, installation: Installation, worker: Worker, delivery: Delivery) -> Iterator[Figure]:
    recipients = [f"{name}@taco.example" for name in delivery.recipients]
    key = installation.receive(*recipients, seed=delivery.name, body=BODY)
    aws.requests.clear()
    result = worker.run("s3", s3_event(key, size=len(BODY)))
    assert result["answer"] == {"done": 1}, result
    name = f"S3 function, {delivery.name}"
    yield _table_figure(f"{name}: reads + writes of the table", aws, delivery.writes)
    read = aws.octets("s3", "GetObject") / len(BODY)
    requests = ", ".join(aws.operations("s3"))
    yield Figure(f"{name}: requests to the bucket", requests)
    bar = str(delivery.readings)
    yield Figure(f"{name}: octets read from it / size", f"{read:.2f}", bar, read <= delivery.readings)


def _same_event(installation: Installation, worker: Worker) -> Figure:
    """The file of one message that S3 announces, and SES stores, again and again."""
    key = installation.receive("shop@taco.example", seed="same")
    folder = installation.root / "alice" / "new"
    before = len(list(folder.iterdir()))
    for _ in range(SAME_EVENT):
        worker.run("s3", s3_event(key))
        installation.store("same")
    files = len(list(folder.iterdir())) - before
    return Figure(f"S3 function, one message announced {SAME_EVENT} times: files", str(files), "1", files == 1)
