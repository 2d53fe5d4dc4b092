"""The routes: which view answers which address, and the status of each mistake. FastAPI is known here alone."""

import json
from collections.abc import Mapping
from datetime import timedelta
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse

from artifacts.service.gallery_files import NoSuchPage, find_page
from artifacts.service.guard import Asgi, Guard, error_body
from artifacts.service.measures import CONTENT_TYPE, Measures
from artifacts.service.questions import (
    TYPES,
    BadQuestion,
    NoSuchSeries,
    NotAcceptable,
    Question,
    short,
    wanted_media,
)
from artifacts.service.reference_page import reference_page
from artifacts.service.views import NoChampion, Views
from artifacts.store.store import Store
from rnn.errors import WavecastError

STATUS: dict[type[WavecastError], int] = {
    BadQuestion: 400, NoSuchSeries: 404, NoSuchPage: 404, NoChampion: 404, NotAcceptable: 406,
}  # fmt: skip
"""The status of each mistake; of all others 503: the store cannot say."""

ABOUT = (
    "What a store of Wavecast serves: tonight's forecast, the champion that made it, and whether it is well. It only "
    'reads. Every error is JSON with one line under "error".'
)
NAMES = {media: name for name, media in TYPES.items()}

Series = Annotated[list[str] | None, Query(description="The series by its unique_id; may be repeated. All without it.")]
Levels = Annotated[
    list[str] | None, Query(description="The levels whose bounds are wanted, such as 90 or 50,90, or none.")
]
From = Annotated[
    str | None,
    Query(alias="from", description="The first time: a date, a time by the series' clock, a moment with Z, a number."),
]
To = Annotated[str | None, Query(description="The last time, included; a date alone means all of that day.")]
Format = Annotated[str | None, Query(description="json or csv; without it the header Accept decides, else JSON.")]


def application(store: Store, token: str | None = None, host: str = "127.0.0.1", age: timedelta | None = None) -> Asgi:
    """The service of a store as an ASGI application that listens at `host`. `age`: see `views.Views.health`."""
    views = Views(store, age)
    measures = Measures(views.state)
    app = FastAPI(
        title="Wavecast", version=version("wavecast"), description=ABOUT, docs_url=None, redoc_url=None,
        separate_input_output_schemas=False,
    )  # fmt: skip
    app.add_exception_handler(WavecastError, _mistake)
    app.add_exception_handler(RequestValidationError, _invalid)
    _put_forecast(app, views)
    _put_champions(app, views)
    _put_health(app, views, measures)
    _put_pages(app, store)
    return Guard(app, token, host, measures.note)


def _put_forecast(app: FastAPI, views: Views) -> None:
    content: dict[str, Any] = {"application/json": {}, "text/csv": {}}
    wrong: dict[int | str, Any] = {
        400: {"description": "A parameter means nothing: no date, no level, no format."},
        404: {"description": "No such series."},
        503: {"description": "Nothing is served yet, or the store cannot be read."},
    }

    @app.get(
        "/forecast",
        response_class=Response,
        responses={200: {"content": content, "description": "The forecast."}, **wrong},
    )
    async def forecast(
        request: Request, series: Series = None, levels: Levels = None, begins: From = None, to: To = None,
        format: Format = None,  # noqa: A002  the parameter's name
    ) -> Response:  # fmt: skip
        """The forecast that is served: the same rows and columns as in latest/."""
        _check_names(request, {"series", "levels", "from", "to", "format"}, several={"series", "levels"})
        media = wanted_media(format, request.headers.get("accept"))
        question = Question(tuple(series or ()), tuple(levels or ()), begins, to)
        served = views.served.get() if views.served.is_current else await run_in_threadpool(views.served.get)
        headers = {"etag": f'"{served.digest[:32]}-{media}"', "vary": "accept"}
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if served.has(question, media):
            body = served.answer(question, media)
        else:
            body = await run_in_threadpool(served.answer, question, media)
        charset = "; charset=utf-8; header=present" if media == "csv" else ""
        return Response(body, headers={**headers, "content-type": f"{NAMES[media]}{charset}"})


def _put_champions(app: FastAPI, views: Views) -> None:
    @app.get(
        "/champion",
        response_class=Response,
        response_description="The champion.",
        responses={404: {"description": "There is no champion yet."}},
    )
    def champion(request: Request) -> Response:
        """The champion: its run and method, since when, why, and whether what is served is its forecast."""
        _check_names(request)
        return _json(views.champion())

    @app.get("/history", response_class=Response, response_description="All champions.")
    def history(request: Request) -> Response:
        """All champions, the present one last."""
        _check_names(request)
        return _json(views.history())


def _put_health(app: FastAPI, views: Views, measures: Measures) -> None:
    @app.get(
        "/health",
        response_class=Response,
        response_description="All is well.",
        responses={503: {"description": "Not well; the reasons say why."}},
    )
    def health(request: Request) -> Response:
        """Is the forecast fresh and good, and does it drift? 200 when all is well, else 503 with the reasons."""
        _check_names(request)
        is_well, told = views.health_in_words()
        return _json(told, 200 if is_well else 503, {"cache-control": "no-store"})

    @app.get("/metrics", response_class=Response, response_description="The figures.")
    def metrics() -> Response:
        """The figures for Prometheus, in its text format."""
        return Response(measures.text(), headers={"content-type": CONTENT_TYPE, "cache-control": "no-store"})


def _put_pages(app: FastAPI, store: Store) -> None:
    @app.get("/docs", include_in_schema=False)
    def docs() -> Response:
        return Response(reference_page(app.openapi()), media_type="text/html")

    @app.get("/{path:path}", include_in_schema=False)
    def gallery(path: str) -> Response:
        page = find_page(store, path)
        if page.path is not None:
            return FileResponse(page.path, headers={"content-type": page.kind})
        return Response(page.content, headers={"content-type": page.kind})


def _check_names(request: Request, known: set[str] = frozenset(), several: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    """Raise BadQuestion for a parameter that is not known here, or that is given twice."""
    given = [name for name, _ in request.query_params.multi_items()]
    strange = next((name for name in given if name not in known), None)
    if strange is not None:
        raise BadQuestion(f"there is no parameter {short(strange)} here: {', '.join(sorted(known)) or 'none at all'}")
    twice = next((name for name in given if given.count(name) > 1 and name not in several), None)
    if twice is not None:
        raise BadQuestion(f"{twice} is given more than once")


def _json(content: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n"
    return Response(body, status, {"content-type": "application/json", **(headers or {})})


def _mistake(_: Request, error: Exception) -> Response:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 503)
    return Response(error_body(str(error)), status, {"content-type": "application/json"})


def _invalid(_: Request, error: Exception) -> Response:
    return Response(error_body("a parameter cannot be read"), 400, {"content-type": "application/json"})
