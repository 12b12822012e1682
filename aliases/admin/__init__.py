"""The Django admin of aliases, domains, destinations and the message log.

It is stock ModelAdmin; `base.py` sends every write through `aliases.services` and makes their errors errors of the
form. Importing it registers the models.
"""

from aliases.admin.alias import AliasAdmin
from aliases.admin.destination import DestinationAdmin
from aliases.admin.domain import DomainAdmin
from aliases.admin.messagelog import MessageLogAdmin

__all__ = ["AliasAdmin", "DestinationAdmin", "DomainAdmin", "MessageLogAdmin"]
