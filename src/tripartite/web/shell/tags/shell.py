"""Parts of the page around a screen: navigation, pages of a list."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.utils.html import format_html

from tripartite.web.shell import navigation as nav

register = template.Library()


@register.inclusion_tag("web/shell/parts/navigation.html", takes_context=True)
def navigation(context: RequestContext) -> dict[str, Any]:
    """The header's links, for whoever is there."""
    request = context["request"]
    return {
        "entries": nav.links(nav.MAIN, request.user, request.path),
        "account_entries": nav.links(nav.ACCOUNT, request.user, request.path),
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("web/shell/parts/section.html", takes_context=True)
def section_navigation(context: RequestContext) -> dict[str, Any]:
    """The pages of the same group, under the header, for whoever is there."""
    request = context["request"]
    label, entries = nav.section(nav.MAIN, request.user, request.path)
    return {"label": label, "entries": entries if len(entries) > 1 else []}


@register.inclusion_tag("web/shell/parts/pagination.html", takes_context=True)
def pagination(context: RequestContext, page: "Page[Any]", singular: str, plural: str) -> dict[str, Any]:
    """« 1 à 25 sur 112 demandes », and the links before and after that keep the filters of the address."""
    return {
        "page": page,
        "noun": plural if page.paginator.count >= 2 else singular,
        "before": _address(context, page.previous_page_number()) if page.has_previous() else None,
        "after": _address(context, page.next_page_number()) if page.has_next() else None,
    }


@register.simple_tag(takes_context=True)
def address_with(context: RequestContext, **changes: Any) -> str:
    """The query of the present page with `changes`; an empty value takes a parameter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def known(value: object) -> str:
    """The value, or « à compléter » where nobody has given it yet."""
    return format_html("{}", value) if value else format_html('<span class="missing">{}</span>', "à compléter")


def _address(context: RequestContext, number: int) -> str:
    return str(address_with(context, page=number))
