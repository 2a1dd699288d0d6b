"""What a person and a health check see."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guestbook.forms import EntryForm
from guestbook.models import Entry

LATEST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("index")
    context = {
        "form": form,
        "entries": Entry.objects.all()[:LATEST],
        "count": Entry.objects.count(),
        "release": settings.RELEASE_ID,
    }
    return render(request, "guestbook/index.html", context, status=400 if form.errors else 200)


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    # Only the query matters: without a migrated database it raises, which is a 500.
    Entry.objects.exists()
    return JsonResponse({"status": "ok", "release": settings.RELEASE_ID})
