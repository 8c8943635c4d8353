"""An APOD-like source: a picture for every day, one or many at a time."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

API_KEY: Final = "SANDBOX_KEY"
FIRST_DAY: Final = date(2024, 1, 1)
LAST_DAY: Final = date(2024, 12, 31)
_SUBJECTS: Final = (
    "The Moon over a Harbour",
    "A Comet at Dusk",
    "Rings of Saturn, Edge On",
    "Dust in the Veil",
    "Noon on Mars",
    "A Field of Galaxies",
    "Sunspots in Late Autumn",
)


def picture(day: date) -> dict[str, str]:
    """Make the picture of a day."""
    title = _SUBJECTS[day.toordinal() % len(_SUBJECTS)]
    return {
        "date": day.isoformat(),
        "title": title,
        "explanation": f"{title}, as it was seen on {day:%d %B %Y}.",
        "media_type": "image",
        "service_version": "v1",
        "url": f"https://apod.example/image/{day:%y%m}/{day:%Y%m%d}.jpg",
    }


def _fault(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def _day(text: str | None, default: date) -> date:
    return default if text is None else datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()


async def apod(request: Request) -> JSONResponse:
    """Answer the picture of `date`, or those from `start_date` to `end_date`."""
    query = request.query_params
    if query.get("api_key") != API_KEY:
        return _fault(403, "API_KEY_INVALID", "An invalid api_key was supplied.")
    try:
        if "start_date" not in query:
            return JSONResponse(picture(_day(query.get("date"), LAST_DAY)))
        start, end = _day(query["start_date"], FIRST_DAY), _day(query.get("end_date"), LAST_DAY)
    except ValueError:
        return _fault(400, "BAD_DATE", "Dates are written YYYY-MM-DD.")
    if not FIRST_DAY <= start <= end <= LAST_DAY:
        return _fault(400, "OUT_OF_RANGE", f"Date must be between {FIRST_DAY} and {LAST_DAY}.")
    return JSONResponse([picture(start + timedelta(days=n)) for n in range((end - start).days + 1)])


def routes() -> list[Route]:
    """Make the routes."""
    return [Route("/planetary/apod", apod)]
