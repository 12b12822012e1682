"""Making the wanted state: the laptop calls it at every start, a real account when something is to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliases.records.connection import Table
from aliases.records.schema import ensure_table
from tacomail_site.deployment.bucket import ensure_bucket, ensure_notification
from tacomail_site.deployment.changes import Action, Change
from tacomail_site.deployment.permissions import ensure_permissions
from tacomail_site.deployment.rules import activate_rule_set, check_active_rule_set, ensure_rule_set, sync_domains

if TYPE_CHECKING:
    from boto3.session import Session

    from tacomail_site.deployment.resources import Deployment


def provision(deployment: Deployment, session: Session) -> list[Change]:
    """Make everything of the deployment that is missing or differs; says what that was.

    Safe to repeat, also after it was stopped anywhere: each step looks before it acts, and a second run changes
    nothing. The order is the one in which AWS checks: a receipt rule is tried against the function's and the
    bucket's permissions, a notification against the function's. The rule set becomes active last.
    The functions must exist. The table is reached with the environment's credentials, as at run time.
    Raises DeploymentError, and before any change when another receipt rule set is active.
    """
    s3 = session.client("s3", region_name=deployment.region)
    ses = session.client("ses", region_name=deployment.region)
    functions = session.client("lambda", region_name=deployment.region)
    check_active_rule_set(deployment, ses)
    changes: list[Change] = []
    if ensure_table(Table(deployment.table, region=deployment.region)):
        changes.append(Change(Action.CREATED, f"table {deployment.table}"))
    changes += ensure_bucket(deployment, s3)
    changes += ensure_permissions(deployment, functions)
    changes += ensure_notification(deployment, s3)
    changes += ensure_rule_set(deployment, ses)
    changes += sync_domains(deployment, ses)
    changes += activate_rule_set(deployment, ses)
    return changes
