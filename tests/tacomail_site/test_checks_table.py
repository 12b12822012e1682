"""What `check --database default` says of the table, each time of one that is so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from aliases.records.keys import INDEX_NAME
from aliases.records.schema import table_description
from tacomail_site import checks
from tests.aliases.records.older import items
from tests.aliases.records.wire import Refusal, Wire
from tests.support.installation import REGION
from tests.support.site import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aliases.backend.table import SiteTable

ROW_OF_DOMAINS = {"sub_domain": {"S": "tacomail-config"}, "alias_address": {"S": "sub_domains"}}
NO_DOMAIN_SAID = "tacomail.W020"


def ids() -> list[str]:
    return [str(found.id) for found in checks.check_table(databases=["default"])]


@pytest.fixture
def another(moto_for_site: None, empty_site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The arguments that make another table, which the environment names. The test changes them, and calls `make`."""
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "another")
    yield table_description("another")
    client = boto3.client("dynamodb", REGION)
    if "another" in client.list_tables()["TableNames"]:
        client.delete_table(TableName="another")


def make(description: dict[str, Any], time_to_live: str = "expires") -> None:
    client = boto3.client("dynamodb", REGION)
    client.create_table(**description)
    client.update_time_to_live(
        TableName=description["TableName"], TimeToLiveSpecification={"Enabled": True, "AttributeName": time_to_live}
    )


@pytest.fixture
def wire(site: SiteTable) -> Iterator[Wire]:
    """Between the site's table and DynamoDB."""
    events = site._connection.connection.client.meta.events
    client: Any = SimpleNamespace(session=events)  # the client is made already, so its own events are listened to
    made = Wire(client)
    yield made
    events.unregister("before-call.dynamodb", made._on_call)
    events.unregister("after-call.dynamodb", made._on_answer)


def test_a_table_that_is_right_has_nothing_to_mend(site: SiteTable) -> None:
    assert ids() == []


def test_no_name_of_a_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TACOMAIL_VAR", str(tmp_path))  # where no local stack runs
    assert ids() == ["tacomail.E003"]


def test_no_region(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSTFIX_DYNAMODB_TABLE", "tacomail")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, "region" in found.msg) == ("tacomail.E024", True)


def test_no_table_of_that_name(another: dict[str, Any]) -> None:
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, found.msg) == ("tacomail.E010", f"There is no table another in {REGION}.")


def test_other_keys(another: dict[str, Any]) -> None:
    another["KeySchema"] = [{"AttributeName": "application", "KeyType": "HASH"}]
    del another["GlobalSecondaryIndexes"]
    another["AttributeDefinitions"] = [{"AttributeName": "application", "AttributeType": "S"}]
    make(another)
    first, second, *_ = checks.check_table(databases=["default"])
    assert (first.id, second.id) == ("tacomail.E011", "tacomail.E012")
    assert "are application (HASH, S), not sub_domain (HASH, S), alias_address (RANGE, S)" in first.msg


def test_keys_of_another_type(another: dict[str, Any]) -> None:
    definitions = another["AttributeDefinitions"]
    next(a for a in definitions if a["AttributeName"] == "alias_address")["AttributeType"] = "N"
    make(another)
    found = checks.check_table(databases=["default"])[0]
    assert (found.id, "alias_address (RANGE, N)" in found.msg) == ("tacomail.E011", True)


def test_no_index_of_that_name(another: dict[str, Any]) -> None:
    another["GlobalSecondaryIndexes"][0]["IndexName"] = "identifier-index"
    make(another)
    assert ids() == ["tacomail.E012", NO_DOMAIN_SAID]


def test_an_index_with_other_keys(another: dict[str, Any]) -> None:
    another["GlobalSecondaryIndexes"][0]["KeySchema"] = [{"AttributeName": "identifier", "KeyType": "HASH"}]
    another["AttributeDefinitions"] = [
        a for a in another["AttributeDefinitions"] if a["AttributeName"] != "application"
    ]
    make(another)
    found = checks.check_table(databases=["default"])[0]
    assert (found.id, f"{INDEX_NAME} are identifier (HASH, S)" in found.msg) == ("tacomail.E016", True)


@pytest.mark.parametrize(
    "projection",
    [{"ProjectionType": "KEYS_ONLY"}, {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["destination"]}],
    ids=["keys only", "some attributes"],
)
def test_an_index_that_leaves_attributes_out(another: dict[str, Any], projection: dict[str, Any]) -> None:
    another["GlobalSecondaryIndexes"][0]["Projection"] = projection
    make(another)
    found = checks.check_table(databases=["default"])[0]
    assert (found.id, projection["ProjectionType"] in found.msg) == ("tacomail.E017", True)


def test_another_index_beside_ours_does_no_harm(another: dict[str, Any]) -> None:
    (index,) = another["GlobalSecondaryIndexes"]
    older = {**index, "IndexName": "identifier-index", "Projection": {"ProjectionType": "KEYS_ONLY"}}
    another["GlobalSecondaryIndexes"] = [older, index]
    make(another)
    assert ids() == [NO_DOMAIN_SAID]


def test_a_table_that_keeps_expired_items(another: dict[str, Any]) -> None:
    boto3.client("dynamodb", REGION).create_table(**another)
    assert ids() == ["tacomail.E013", NO_DOMAIN_SAID]


def test_a_table_that_expires_by_another_attribute(another: dict[str, Any]) -> None:
    make(another, time_to_live="ttl")
    found = checks.check_table(databases=["default"])[0]
    assert (found.id, "goes by ttl, not expires" in found.msg) == ("tacomail.E018", True)


def test_a_table_that_does_not_say_which_domains_are_served(empty_site: SiteTable) -> None:
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, "does not say" in found.msg) == ("tacomail.W020", True)


def test_no_served_domain(empty_site: SiteTable) -> None:
    empty_site.put({**ROW_OF_DOMAINS})
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, "refused" in found.msg) == ("tacomail.W020", True)


def test_a_record_of_domains_that_nobody_understands(empty_site: SiteTable) -> None:
    empty_site.put({**ROW_OF_DOMAINS, "configValue": {"N": "1"}})
    assert ids() == ["tacomail.W025"]


def test_the_list_of_domains_of_the_older_version(empty_site: SiteTable) -> None:
    for item in items("older_table"):
        empty_site.put(item)
    assert ids() == ["tacomail.W021"]


def test_once_it_is_adopted_there_is_nothing_to_mend(empty_site: SiteTable) -> None:
    for item in items("older_table_adopted"):
        empty_site.put(item)
    assert ids() == []


def test_a_domain_that_is_served_and_local(site: SiteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACOMAIL_LOCAL_DOMAINS", f"tacomail, {DOMAIN.upper()}")
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, found.msg.startswith(f"{DOMAIN} is served, and local")) == ("tacomail.W022", True)


@pytest.mark.parametrize("denied", ["DescribeTable", "DescribeTimeToLive", "GetItem"])
def test_a_request_that_is_not_allowed_is_named_and_the_others_are_made(wire: Wire, denied: str) -> None:
    wire.answer_always(denied, Refusal("AccessDeniedException", f"not authorized to perform: dynamodb:{denied}"))
    (found,) = checks.check_table(databases=["default"])
    assert (found.id, f"dynamodb:{denied}" in found.msg) == ("tacomail.E019", True)
    assert wire.operations == ["DescribeTable", "DescribeTimeToLive", "GetItem"]


def test_a_table_that_may_not_be_described_and_is_not_there(wire: Wire) -> None:
    wire.answer_always("DescribeTable", Refusal("AccessDeniedException"))
    wire.answer_always("DescribeTimeToLive", Refusal("ResourceNotFoundException"))
    assert ids() == ["tacomail.E019", "tacomail.E010"]


def test_credentials_that_aws_does_not_know(wire: Wire) -> None:
    wire.answer_always("DescribeTable", Refusal("UnrecognizedClientException"))
    assert ids() == ["tacomail.E024"]
    assert wire.operations == ["DescribeTable"]


@pytest.mark.parametrize(
    "answer",
    [
        EndpointConnectionError(endpoint_url="https://example.com"),
        Refusal("InternalServerError", status=500),
        Refusal("ThrottlingException"),
    ],
    ids=["connection", "server error", "throttling"],
)
def test_a_table_that_cannot_be_reached_is_asked_once(wire: Wire, answer: Any) -> None:
    wire.answer_always("DescribeTable", answer)
    assert ids() == ["tacomail.E014"]
    assert wire.operations == ["DescribeTable"]


def test_without_a_database_nothing_is_looked_at(another: dict[str, Any]) -> None:
    assert checks.check_table() == []
    assert checks.check_table(databases=[]) == []
