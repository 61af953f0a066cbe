"""``{% word "wash-out" %}``: a word that explains itself where it first stands on a page."""

from django import template
from django.template.context import Context
from django.utils.html import escape, format_html
from django.utils.text import slugify

from grading.words import WORDS

register = template.Library()


@register.simple_tag(takes_context=True)
def word(context: Context, word: object, written: str = "") -> str:
    """Write a word, or the form of it that is ``written``; at its first use, as a button that opens what it means.

    A popover needs no script, opens by keyboard, touch and mouse, and says to screen readers whether it is open. Where
    a browser has none, the meaning stands behind the word. A word that is not explained anywhere is written as it is.
    """
    word = str(word)
    written = written or word
    explained = context.get("request") and context["request"].__dict__.setdefault("explained_words", set())
    if word not in WORDS or explained is None or word in explained:
        return escape(written)
    explained.add(word)
    return format_html(
        '<button type="button" class="word" popovertarget="word-{0}">{1}</button>'
        '<span class="meaning" id="word-{0}" popover role="note"><dfn>{2}</dfn> {3}</span>',
        slugify(word), written, word, WORDS[word],
    )  # fmt: skip
