"""What the views of the original routes and of the two dialects share; the modern ones have django-ninja for it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from aliases.api.access import allowed_caller
from aliases.api.exceptions import ApiRefusal
from aliases.api.failures import bad_request, record_failure, refused, wrong_method
from aliases.wording.errors import REFUSALS, refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from aliases.api.callers import Scope
    from aliases.records.exceptions import RecordError

    View = Callable[..., HttpResponse]


FLAGS = {"true": True, "1": True, "false": False, "0": False}  # what a query says for yes and no


class BadBody(ApiRefusal):
    """The body of the request is not what it should be."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad_request"


class Action(NamedTuple):
    """What one method of a path does: `act` gets the request, the caller, and what stands in the path.

    `session`: whether somebody signed in on the site may do it, too, without a token.
    """

    scope: Scope
    act: View
    session: bool = True


def endpoint(on_error: Callable[[HttpRequest, RecordError], HttpResponse] = record_failure, **actions: Action) -> View:
    """A view with one action for each method: `endpoint(GET=Action(Scope.READ, show))`. HEAD comes with GET.

    What nobody may do, other methods, errors of the services and a table that fails are answered in the shape of the
    path; `on_error` is for statuses of a dialect's own.
    """
    by_method = {**actions, **({"HEAD": actions["GET"]} if "GET" in actions else {})}

    @never_cache
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        action = by_method.get(request.method or "")
        if action is None:
            return wrong_method(request, by_method)
        try:
            caller = allowed_caller(request, action.scope, session=action.session)
            return action.act(request, caller, **parts)
        except ApiRefusal as error:
            return refused(request, error)
        except SuspiciousOperation as error:  # a form of too many fields, in which a session's mark is looked for
            return bad_request(request, error)
        except REFUSALS as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            return on_error(request, refusal)

    return view


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The object in the body; an empty body is an empty one. Raises BadBody that says where it goes wrong."""
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise BadBody(_("The body of the request is too large.")) from error
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except UnicodeDecodeError as error:
        raise BadBody(_("The body is no JSON: it is not in UTF-8.")) from error
    except json.JSONDecodeError as error:
        where = {"why": error.msg, "line": error.lineno, "column": error.colno}
        raise BadBody(_("The body is no JSON: %(why)s, line %(line)d, column %(column)d.") % where) from error
    except RecursionError as error:
        raise BadBody(_("The body is nested too deep.")) from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise BadBody(_("The body is no JSON that can be read here: %(why)s") % {"why": error}) from error
    if not isinstance(found, dict):
        raise BadBody(_("The body is to be a JSON object, in braces."))
    return found


def text_of(body: dict[str, Any], name: str, default: str = "") -> str:
    """A text of the body; null is as good as absent. Raises BadBody where it is something else."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise BadBody(_("“%(name)s” is to be a text.") % {"name": name})
    return value
