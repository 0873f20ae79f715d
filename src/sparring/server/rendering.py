"""This file renders templates: the Markdown filter, the icons and the addresses of static files."""

import hashlib
from functools import cache
from pathlib import Path

from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig
from markdown_it import MarkdownIt
from markupsafe import Markup

from sparring.server import views

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
ICONS = {
    "met": '<path d="M3 8.5l3.2 3.2L13 5"/>',
    "partly": '<path d="M2.5 9.5c1.8-3 3.6-3 5.5-1.2s3.7 1.8 5.5-1.2"/>',
    "missed": '<circle cx="8" cy="8" r="5" stroke-dasharray="2.6 2.6"/>',
    "contradicted": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "present": '<path d="M4 14V2.5h8l-2 3 2 3H4"/>',
    "not-assessed": '<path d="M3.5 8h9"/>',
    "inconclusive": '<path d="M3.5 8h9"/>',
    "mark": '<path d="M4.5 5.5h4.8a1.9 1.9 0 0 1 0 3.8H6.7a1.9 1.9 0 0 0 0 3.8h4.8" transform="translate(0 -1.3)"/>',
}


def template_config() -> TemplateConfig[JinjaTemplateEngine]:
    """Return the configuration of the page templates."""
    return TemplateConfig(directory=FOLDER / "templates", engine=JinjaTemplateEngine, engine_callback=_extend)


def _extend(engine: JinjaTemplateEngine) -> None:
    engine.engine.trim_blocks = True
    engine.engine.lstrip_blocks = True
    engine.engine.filters.update(markdown=markdown, topic=views.topic)
    engine.engine.globals.update(icon=icon, static=static)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(text: str) -> Markup:
    """Render Markdown; raw HTML in it is shown, not run, since packs and imports come from anywhere."""
    return Markup(_markdown().render(text))  # noqa: S704 - markdown-it escapes, HTML is off


def icon(name: str, size: int = 16) -> Markup:
    """Return an inline SVG icon; a word always stands beside it."""
    return Markup(  # noqa: S704 - the shapes are ours
        f'<svg width="{size}" height="{size}" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{ICONS[name]}</svg>'
    )


@cache
def static(name: str) -> str:
    """Return the address of a static file; its content's hash lets browsers keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
