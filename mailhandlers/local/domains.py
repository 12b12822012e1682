"""Keeps the receipt rules in step with the served domains, whoever changes those."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from aliases.records.registry import Registry
from tacomail_site.deployment.rules import sync_domains

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

    from aliases.records.connection import Table
    from tacomail_site.deployment.resources import Deployment


class DomainKeeper:
    """`deployment` says what the rules are like, the table for which domains.

    A domain may be added by a command in another process, so the table is asked before each message. The rules are
    touched only when the domains differ from those seen last: somebody may be trying rules of their own.
    """

    def __init__(self, table: Table, deployment: Deployment, ses: SESClient) -> None:
        self.deployment = deployment
        self._registry = Registry(table)
        self._ses = ses
        self._seen: tuple[str, ...] | None = None
        self._lock = threading.Lock()

    def sync(self) -> None:
        """Have every served domain verified and in the rules. Raises DeploymentError, for example above 100 domains."""
        with self._lock:
            domains = tuple(known.name for known in self._registry.domains() if known.active)
            if domains == self._seen:
                return
            for domain in domains:
                self._ses.verify_domain_identity(Domain=domain)
            self.deployment = replace(self.deployment, domains=domains)
            sync_domains(self.deployment, self._ses)
            self._seen = domains
