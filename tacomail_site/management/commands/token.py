"""API tokens for the shell: nothing is ever asked, and standard output holds the answer alone.

    TOKEN=$(manage.py token make backup --operator alice --scope read --days 90)
    manage.py token revoke "$(manage.py token list --names | grep ^backup)"

For completion in bash, of the fixed words, or of the tokens that can be revoked:

    complete -W "token list make revoke --operator --scope --days --domain --destination --names --json \
        read create write admin" manage.py
    complete -W "$(manage.py token list --names)" revoke-token    # your own alias of `manage.py token revoke`
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils import timezone

from aliases.api.callers import Scope
from aliases.management.console import ConsoleCommand, command_config, for_each, moment
from aliases.records.exceptions import NotFound, RecordError
from aliases.services import COMMAND_LINE
from aliases.services.destinations import find_destination
from aliases.services.domains import find_domain
from tacomail_site.accounts.console import django_errors
from tacomail_site.accounts.services import find_operator
from tacomail_site.accounts.tokens import id_of, make_token, revoke_token, tokens_named, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.management.base import CommandParser

    from tacomail_site.models import ApiToken

MOST_DAYS = 36_500
# The shell expands what `complete -W` is given: a name with a $ or a quote in it would be carried out.
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@+-]*")


class Command(ConsoleCommand):
    help = "Makes, lists and revokes the tokens with which programs call the API."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        listing = actions.add_parser("list", help="list the tokens, the newest first")
        listing.add_argument("--operator", metavar="USERNAME", help="those of this operator alone")
        form = listing.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true")
        form.add_argument("--names", action="store_true", help="one word for each, as 'token revoke' takes it")
        make = actions.add_parser("make", help="make a token; standard output is the token, which is kept nowhere")
        make.add_argument("name", help="what it is for, to tell it from others")
        make.add_argument("--operator", metavar="USERNAME", required=True, help="whose name stands for what it does")
        make.add_argument(
            "--scope",
            action="append",
            required=True,
            choices=[scope.value for scope in Scope],
            help="what it may do; may be given more than once",
        )
        make.add_argument("--days", type=int, metavar="N", help="let it expire; without, it is good until revoked")
        make.add_argument("--domain", default="", help="of new aliases that name none")
        make.add_argument("--destination", default="", help="of new aliases that name none")
        revoke = actions.add_parser("revoke", help="let nobody in with it any more")
        revoke.add_argument("token", nargs="+", metavar="ID-OR-NAME", help="the beginning of the ID will do")
        revoke.add_argument("--operator", metavar="USERNAME", help="look at those of this operator alone")

    def run(self, options: dict[str, Any]) -> None:
        command_config()
        with django_errors():
            if options["action"] == "make":
                self.make(options)
            elif options["action"] == "list":
                self.show_list(options)
            else:
                for_each(options["token"], lambda text: self.revoke(text, options["operator"]))

    def make(self, options: dict[str, Any]) -> None:
        operator = find_operator(options["operator"])
        if not operator.is_active:
            raise CommandError(f"{operator} may not sign in, and neither may a token: 'manage.py operator activate'.")
        made = make_token(
            operator,
            options["name"],
            [Scope(scope) for scope in options["scope"]],
            expires=_expiry(options["days"]),
            domain=_domain(options["domain"]),
            destination=find_destination(options["destination"]).pk if options["destination"] else "",
            by=COMMAND_LINE,
        )
        self.stdout.write(made.text)
        if options["verbosity"] > 0:
            expires = made.token.expires_datetime
            until = f"until {moment(int(expires.timestamp()))}" if expires else "until it is revoked"
            self.stderr.write(
                f"{made.token} is good {until}; its ID is {id_of(made.token)}. It is shown only now.", str
            )

    def show_list(self, options: dict[str, Any]) -> None:
        found = _tokens(options["operator"])
        if options["json"]:
            self.print_json([document(token) for token in found])
        elif options["names"]:
            for word in words(found):
                self.stdout.write(word)
        elif found:
            headings = ("ID", "TOKEN", "OPERATOR", "SCOPES", "EXPIRES", "LAST USE", "ENDING")
            self.print_table(headings, [_row(token) for token in found])
        else:
            self.stdout.write(
                "There is no token: 'manage.py token make NAME --operator USERNAME --scope read' makes one."
            )

    def revoke(self, text: str, username: str | None) -> None:
        found = tokens_named(text, _tokens(username))
        if not found:
            raise NotFound(f"There is no token {text}.")
        if len(found) > 1:
            ids = ", ".join(id_of(token) for token in found)
            raise RecordError(f"{text} may be any of {len(found)} tokens: give the ID of one ({ids}).")
        revoke_token(found[0], COMMAND_LINE)
        self.stdout.write(f"{found[0]} is revoked: nobody gets in with it any more.")


def _tokens(username: str | None) -> list[ApiToken]:
    return tokens_of(None if username is None else find_operator(username))


def _expiry(days: int | None) -> datetime | None:
    if days is None:
        return None
    if not 0 < days <= MOST_DAYS:
        raise CommandError(f"--days is {days}: use a number from 1 to {MOST_DAYS}.")
    return timezone.now() + timedelta(days=days)


def _domain(text: str) -> str:
    if not text:
        return ""
    domain = find_domain(text)
    if not domain.active:
        raise CommandError(f"{domain} is not served: 'manage.py domain activate {domain}'.")
    return str(domain.pk)


def words(tokens: Iterable[ApiToken]) -> list[str]:
    """For each the name, where it is one plain word and no other has it, else the ID."""
    listed = list(tokens)
    times = Counter(token.name for token in listed)
    return [token.name if times[token.name] == 1 and WORD.fullmatch(token.name) else id_of(token) for token in listed]


def _row(token: ApiToken) -> tuple[str, ...]:
    known = document(token)
    expires = f"{moment(known['expires_datetime'])}{' (over)' if known['expired'] else ''}"
    return (
        known["id"],
        known["name"],
        known["operator"],
        " ".join(known["scopes"]),
        expires,
        moment(known["last_used_datetime"]),
        known["ending"],
    )


def document(token: ApiToken) -> dict[str, Any]:
    """The token for programs, with nothing that lets in."""
    return {
        "id": id_of(token),
        "name": token.name,
        "operator": token.operator_id,
        "scopes": token.scope_list,
        "domain": token.domain,
        "destination": token.destination,
        "ending": token.ending,
        "expired": token.is_expired,
        "created_datetime": _seconds(token.created_datetime),
        "expires_datetime": _seconds(token.expires_datetime),
        "last_used_datetime": _seconds(token.last_used_datetime),
        "last_network": token.last_network,
    }


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
