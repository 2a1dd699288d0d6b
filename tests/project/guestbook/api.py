"""What load tests and tests of the proxy talk to."""

import hashlib
import json
import math
import os
import time
from collections.abc import Iterator

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponseBadRequest,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from guestbook.forms import EntryForm
from guestbook.models import Entry

CHUNK = 64 * 1024
CHUNKS_PER_MEGABYTE = 16
# About 3 MB a second: long enough for something to happen meanwhile.
PAUSE_SECONDS = 0.02
MAX_SECONDS = 10.0
MAX_MEGABYTES = 100.0
PROXY_HEADERS = (
    *("Host", "X-Real-IP", "X-Scheme", "X-Forwarded-Protocol", "X-Forwarded-For"),
    *("X-Forwarded-Proto", "X-Forwarded-Ssl", "X-Forwarded-Host", "X-Forwarded-Port", "Forwarded"),
)
# Anyone may ask, so no other variable is ever told.
TOLD_PREFIX = "TEST_"


def number(request: HttpRequest, name: str, default: str, most: float) -> float | None:
    """That parameter of the query, bounded; None where it is no number."""
    try:
        value = float(request.GET.get(name, default))
    except ValueError:
        return None
    return min(value, most) if math.isfinite(value) and value >= 0 else None


@csrf_exempt
@require_POST
def entries(request: HttpRequest) -> HttpResponseBase:
    try:
        sent = json.loads(request.body)
    except ValueError:
        return HttpResponseBadRequest("expected JSON")
    form = EntryForm(sent if isinstance(sent, dict) else {})
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    created = form.save()
    answer = {"token": form.cleaned_data["token"], "release": settings.RELEASE_ID}
    return JsonResponse(answer, status=201 if created else 200)


@require_safe
def count(request: HttpRequest) -> HttpResponseBase:
    found = Entry.objects.filter(token__startswith=request.GET.get("prefix", ""))
    return JsonResponse({"count": found.count()})


@require_safe
def slow(request: HttpRequest) -> HttpResponseBase:
    seconds = number(request, "seconds", "1", MAX_SECONDS)
    if seconds is None:
        return HttpResponseBadRequest("seconds: expected a number")
    time.sleep(seconds)
    return JsonResponse({"seconds": seconds, "release": settings.RELEASE_ID})


@csrf_exempt
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    # Read in pieces: request.body would stop at DATA_UPLOAD_MAX_MEMORY_SIZE.
    digest, length = hashlib.sha256(), 0
    while piece := request.read(CHUNK):
        digest.update(piece)
        length += len(piece)
    return JsonResponse({"length": length, "sha256": digest.hexdigest()})


@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    megabytes = number(request, "megabytes", "1", MAX_MEGABYTES)
    if megabytes is None:
        return HttpResponseBadRequest("megabytes: expected a number")
    chunks = round(megabytes * CHUNKS_PER_MEGABYTE)

    def stream() -> Iterator[bytes]:
        for _ in range(chunks):
            yield b"x" * CHUNK
            time.sleep(PAUSE_SECONDS)

    response = StreamingHttpResponse(stream(), content_type="application/octet-stream")
    # With a length, a client can tell a download that was cut from a whole one.
    response["Content-Length"] = str(chunks * CHUNK)
    return response


@require_safe
def headers(request: HttpRequest) -> HttpResponseBase:
    seen = {name: request.headers.get(name) for name in PROXY_HEADERS}
    remote = request.META.get("REMOTE_ADDR")
    return JsonResponse({**seen, "REMOTE_ADDR": remote, "is_secure": request.is_secure()})


@require_safe
def long_header(request: HttpRequest) -> HttpResponseBase:
    length = number(request, "bytes", "6000", CHUNK)
    if length is None:
        return HttpResponseBadRequest("bytes: expected a number")
    return JsonResponse({}, headers={"X-Long": "x" * round(length)})


@csrf_exempt
def bad_gateway(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse({"from": "a service that the app asks"}, status=502)


@require_safe
def path(request: HttpRequest, rest: str) -> HttpResponseBase:
    return JsonResponse({"path": request.META.get("RAW_URI") or request.get_full_path()})


@require_safe
def environment(request: HttpRequest, name: str) -> HttpResponseBase:
    value = os.environ.get(name) if name.startswith(TOLD_PREFIX) else None
    return JsonResponse({"name": name, "value": value}, status=404 if value is None else 200)
