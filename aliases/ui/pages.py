"""What every page shares: who may open it and how, and what becomes of an error that its view lets through."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from aliases.records.exceptions import NotFound, TableError, TableUnavailable
from aliases.wording.errors import REFUSALS, refusal_of, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django_htmx.middleware import HtmxDetails

    View = Callable[..., HttpResponse]

VIEW = "aliases.view_alias"
CHANGE = "aliases.change_alias"
SAFE = frozenset({"GET", "HEAD"})
THEMES = frozenset({"light", "dark"})  # as the style sheet knows them
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password", "new_password", "repeated", "code"})  # see `is_kept`


class Request(HttpRequest):
    """A request as `page` hands it to a view."""

    htmx: HtmxDetails


def by(request: HttpRequest) -> str:
    """Who does it, as the history will say."""
    return request.user.get_username()


def can_change(request: HttpRequest) -> bool:
    return request.user.has_perm(CHANGE)


def page(*methods: str, permission: str = VIEW, post: str = "") -> Callable[[View], View]:
    """A page for these methods (HEAD comes with GET), for operators with this permission; POST may need another one.

    Signed-out visitors are sent to the sign-in page, other methods get 405, other operators 403, and a table that did
    not do what it was asked becomes a 503 that keeps what was posted.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorated(view: View) -> View:
        @never_cache
        @wraps(view)
        def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            needed = permission if request.method in SAFE else post or permission
            if not request.user.has_perm(needed):
                return render(request, "ui/forbidden.html", status=HTTPStatus.FORBIDDEN)
            try:
                return view(request, *args, **kwargs)
            except REFUSALS as error:
                answer = failed_table(request, error)
                if answer is None:
                    raise
                return answer

        return answered

    return decorated


def is_kept(field: str) -> bool:
    """Whether a page may give back what was posted in this field: no secret, under whatever prefix of a form."""
    return field.rpartition("-")[2] not in NOT_KEPT


def _to_sign_in(request: Request) -> HttpResponse:
    """To the sign-in page and back again. htmx must load it as a whole, and come back to the page that it was on."""
    if request.htmx:
        back = urlsplit(request.htmx.current_url_abs_path or "/").geturl()
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")
    back = request.get_full_path() if request.method in SAFE else "/"
    answer = HttpResponse(status=HTTPStatus.FOUND)
    answer["Location"] = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    return answer


def failed_table(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """The table gave no answer, or refused: a page that says so, with what was posted, to be sent again as it is.

    None where the error is something else.
    """
    refusal = refusal_of(error)
    if not isinstance(refusal, TableError):
        return None
    posted = [] if request.method in SAFE else [
        (name, value) for name, values in request.POST.lists() if is_kept(name) for value in values
    ]  # fmt: skip
    passing = isinstance(refusal, TableUnavailable)
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME)
    context = {
        "posted": posted,
        "csrf": _csrf(request),
        "request": request,
        "passing": passing,
        "why": sentence(refusal),
        "theme": theme if theme in THEMES else "",
    }
    # Not with `render`: its context processors may ask the table for the operator, which gives no answer.
    answer = HttpResponse(render_to_string("ui/unavailable.html", context), status=HTTPStatus.SERVICE_UNAVAILABLE)
    if passing:
        answer["Retry-After"] = "5"
    add_never_cache_headers(answer)
    return answer


def _csrf(request: HttpRequest) -> str:
    from django.middleware.csrf import get_token

    return get_token(request)


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    part: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The whole page; for htmx, where `part` names a template, only that, with the messages for the live region.

    htmx asks for the whole page where it has lost an older one from its history.
    """
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by django_htmx's middleware
    if part and details and not details.history_restore_request:
        text = render_to_string(part, {**(context or {})}, request) + render_to_string(
            "ui/parts/said.html", {}, request
        )
        answer = HttpResponse(text, status=status)
    else:
        answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def see_other(to: str, *args: str) -> HttpResponse:
    """On to this page (a URL, or the name of a view) with GET, after something was done (303)."""
    answer = HttpResponseRedirect(resolve_url(to, *args))
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def back_to_list(request: HttpRequest, name: str) -> str:
    """The list of this name as it was, if the field `next` of the form says so; else as it is without filters."""
    wanted, listed = str(request.POST.get("next", "")), resolve_url(name)
    safe = url_has_allowed_host_and_scheme(wanted, None) and wanted.partition("?")[0] == listed
    return wanted if safe else listed


def found(get: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What `get` gives. Raises Http404 where it knows nothing of the kind."""
    try:
        return get(*args, **kwargs)
    except (NotFound, ObjectDoesNotExist) as error:
        raise Http404(str(error)) from error
