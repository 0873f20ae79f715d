"""This file serves the settings, and takes the candidate's data out and in."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect, Template

from sparring.practice import Practice, Refused, archive
from sparring.server.api.bodies import UPLOAD_MAX
from sparring.settings import Preferences

BOXES = ("show_intervals", "use_corrections")
NUMBERS = ("minutes_a_day", "years", "desired_retention")
PRICES = ("model_price_in", "model_price_out")
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "anki": "application/octet-stream"}
SUFFIXES = {"json": "json", "csv": "csv", "anki": "apkg"}

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/settings", sync_to_thread=True)
def settings(practice: NamedDependency[Practice], saved: FromQuery[bool] = False) -> Template:  # noqa: FBT002 - a query parameter
    """Show what can be chosen."""
    return _page(practice, _form(practice.preferences()), saved=saved)


def _form(chosen: Preferences) -> dict[str, Any]:
    fields = msgspec.structs.asdict(chosen)
    return fields | {"packs": "\n".join(chosen.packs), "interview_on": chosen.interview_on or ""}


def _page(practice: Practice, form: Mapping[str, Any], *, status: int = 200, **more: Any) -> Template:
    context = {
        "here": "/settings",
        "form": form,
        "errors": {},
        "has_key": bool(practice.settings.model_key),
        "home": practice.settings.home,
    }
    return Template("settings.html", context=context | more, status_code=status)


@post("/settings", sync_to_thread=True)
def save(practice: NamedDependency[Practice], data: Form) -> Template | Redirect:
    """Keep what was chosen, or show what is wrong with it beside each field."""
    chosen, errors = read_form(data)
    if errors:
        return _page(practice, data | {name: name in data for name in BOXES}, status=400, errors=errors)
    practice.set_preferences(chosen)
    return Redirect("/settings?saved=true", status_code=303)


def read_form(form: Mapping[str, str]) -> tuple[Preferences, dict[str, str]]:
    """Return the preferences that the form's fields give, and what is wrong, field by field."""
    raw: dict[str, Any] = {name: form[name].strip() for name in ("model_url", "model_name") if name in form}
    raw["interview_on"] = form.get("interview_on", "").strip() or None
    raw |= {name: name in form for name in BOXES}
    raw["packs"] = [line.strip() for line in form.get("packs", "").splitlines() if line.strip()]
    raw |= {name: form[name].strip() for name in NUMBERS if name in form}
    raw |= {name: form[name].strip() or "0" for name in PRICES if name in form}
    errors, values = {}, {}
    for each in msgspec.structs.fields(Preferences):
        if each.name in raw:
            try:
                values[each.name] = msgspec.convert(raw[each.name], each.type, strict=False)
            except msgspec.ValidationError as error:
                errors[each.name] = _plain(str(error))
    return (Preferences() if errors else Preferences(**values)), errors


def _plain(message: str) -> str:
    if "https?" in message:
        return "Give an address that begins with http:// or https://, or leave it empty"
    return message.replace("Expected `int`", "Give a whole number").replace("Expected `float`", "Give a number")


@post("/settings/interview", sync_to_thread=True)
def set_interview(practice: NamedDependency[Practice], data: Form) -> Redirect:
    """Keep the date of the interview and the minutes a day, from the first page."""
    raw = {"interview_on": data.get("interview_on"), "minutes_a_day": data.get("minutes_a_day")}
    try:
        day = msgspec.convert(raw["interview_on"], dt.date)
        changes = msgspec.convert({"minutes_a_day": raw["minutes_a_day"]}, Preferences, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(f"the date or the minutes cannot be read: {_plain(str(error))}") from error
    chosen = msgspec.structs.replace(practice.preferences(), interview_on=day, minutes_a_day=changes.minutes_a_day)
    practice.set_preferences(chosen)
    return Redirect("/", status_code=303)


@get("/export/{form:str}", sync_to_thread=True)
def export(practice: NamedDependency[Practice], form: FromPath[str]) -> Response[bytes]:
    """Hand out everything as JSON, or the questions as CSV or an Anki deck."""
    content = archive.export(practice, form)
    name = f"sparring-{practice.now().date()}.{SUFFIXES[form]}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=TYPES[form], headers=headers)


@post("/restore", request_max_body_size=UPLOAD_MAX)
async def restore(practice: NamedDependency[Practice], data: Upload) -> Template:
    """Bring back what an exported file holds."""
    from anyio.to_thread import run_sync

    file = data.get("file")
    if file is None:
        raise Refused("no file was chosen", "file")
    content = await file.read()
    message = await run_sync(lambda: archive.restore(practice, archive.form_of(file.filename), content, file.filename))
    return _page(practice, _form(practice.preferences()), message=message)


handlers = [settings, save, set_interview, export, restore]
