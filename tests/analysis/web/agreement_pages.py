"""What the pages of agreement show, as tests read it."""

import json
import re
from html import unescape
from io import StringIO

from django.core.management import call_command
from django.urls import reverse

from analysis.words.agreement.coefficients import COEFFICIENTS
from analysis.words.notation import interval, number


def page(client, study, query="", name="agreement"):
    return client.get(reverse(name, args=[study.slug]) + query)


def text(response):
    return unescape(response.content.decode()).replace("\u00a0", " ")


def readers_of(study):
    return sorted(member.user.username for member in study.members.filter(role="reader"))


def printed(study, readers=()):
    out = StringIO()
    call_command("agreement", study=study.slug, format="json", readers=list(readers), stdout=out)
    return json.loads(out.getvalue())


def cells(row):
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
    return [" ".join(re.sub("<.*?>", "", cell).split()) for cell in found]


def rows(response, attribute):
    """Cells of the table rows with this attribute: the first with each value."""
    found = re.findall(rf'<tr data-{attribute}="(.*?)">(.*?)</tr>', text(response), re.DOTALL)
    return {name: cells(row) for name, row in reversed(found)}


def cases_of(response):
    return [cells(row) for row in re.findall(r"<tr data-case>(.*?)</tr>", text(response), re.DOTALL)]


def expected_row(entry):
    shown = []
    for coefficient in COEFFICIENTS:
        estimate = entry[coefficient.code]
        limits = "" if estimate["ci_low"] is None else interval(estimate["ci_low"], estimate["ci_high"])
        narrow = "†" if limits and entry["muscle"] == "overall" and coefficient.code.startswith("icc") else ""
        shown.append(f"{number(estimate['value'])} {limits}{narrow}".strip())
    return [str(entry["units"]), *shown]


def still(response):
    """The texts of the figures that come with the page."""
    return re.findall(r"<text[^>]*>(.*?)</text>", text(response))


def drawn(client, response):
    """What plotly draws in place of them, by name."""
    paths = re.findall(r'data-figure="([^"]*)"', response.content.decode())
    return {re.search(r"figures/(.*)\.json", path)[1]: client.get(unescape(path)).json() for path in paths}
