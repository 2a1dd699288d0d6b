"""A page to ask whether the site is well."""

import pytest

from tests.unit.looking.shop import Look


@pytest.mark.parametrize(
    ("routes", "path", "said"),
    [
        (
            "path('back/', admin.site.urls), path('shop/', include('shop.more'))",
            "/back/login/",
            True,
        ),
        ("re_path(r'^admin/', admin.site.urls)", "/admin/login/", True),
        ("path('shop/', include('shop.more'))", "/", True),
        ("path('admin/', admin.site.urls), path('', include('shop.more'))", "/", False),
        ("path('admin/', admin.site.urls), path('<slug:page>', page)", "/", False),
        ("path('admin/', admin.site.urls), re_path(r'^$', page)", "/", False),
        ("path('admin/', admin.site.urls), *more", "/", False),
    ],
)
def test_a_site_without_a_front_page(seen: Look, routes: str, path: str, said: bool) -> None:
    its = seen(
        {"shop/urls.py": f"urlpatterns = [{routes}]\n"}, settings="ROOT_URLCONF = 'shop.urls'"
    )
    assert its.settings.health_path == path
    assert ("no page at /" in its.text) == said


ADMIN = "urlpatterns = [path('admin/', admin.site.urls)]\n"


@pytest.mark.parametrize(
    ("text", "is_guessed"),
    [
        (ADMIN, True),
        ("from shop.views import *\n" + ADMIN, True),
        (ADMIN + "urlpatterns += [path('shop/', page)]", True),
        (ADMIN + "urlpatterns = [path('shop/', page)] + urlpatterns", True),
        (ADMIN + "if DEBUG:\n    urlpatterns += static(MEDIA_URL, document_root=MEDIA_ROOT)", True),
        (ADMIN + "urlpatterns.extend(staticfiles_urlpatterns())", True),
        (ADMIN + "__all__ = ['urlpatterns']", True),
        ("urlpatterns = []\nurlpatterns.append(path('admin/', admin.site.urls))", True),
        ("urlpatterns: list[URLPattern]\n" + ADMIN, True),
        (ADMIN + "urlpatterns.append(path('', page))", False),
        (ADMIN + "urlpatterns += path('', page),", False),
        (ADMIN + "urlpatterns += [path('shop/', page), *[path('', page)]]", False),
        (ADMIN + "urlpatterns.extend([path('', page)])", False),
        (ADMIN + "urlpatterns.insert(0, path('', page))", False),
        (ADMIN + "urlpatterns = urlpatterns + [path('', page)]", False),
        (ADMIN + "if PAGES:\n    pass\nelse:\n    urlpatterns.append(path('', page))", False),
        (ADMIN + "try:\n    pass\nexcept E:\n    urlpatterns += [path('', page)]", False),
        (ADMIN + "for one in PLUGINS:\n    urlpatterns.append(path(one, page))", False),
        (ADMIN + "with more():\n    urlpatterns.append(path('', page))", False),
        (ADMIN + "urlpatterns += router.urls", False),
        (ADMIN + "urlpatterns = i18n_patterns(*urlpatterns)", False),
        (ADMIN + "urlpatterns[0:0] = [path('', page)]", False),
        (ADMIN + "add_pages(urlpatterns)", False),
        (ADMIN + "all_of_them = urlpatterns\nall_of_them += [path('', page)]", False),
        (ADMIN + "def more():\n    urlpatterns.append(path('', page))\nmore()", False),
        (ADMIN + "globals()['urlpatterns'] += [path('', page)]", False),
        (ADMIN + "from shop.more import *", False),
        (ADMIN + "from shop.more import urlpatterns", False),
        (ADMIN + "from shop.more import pages as urlpatterns", False),
        ("from shop.more import *\nurlpatterns += [path('admin/', admin.site.urls)]", False),
    ],
)
def test_a_front_page_wherever_it_is_added(seen: Look, text: str, is_guessed: bool) -> None:
    its = seen({"shop/urls.py": text}, settings="ROOT_URLCONF = 'shop.urls'")
    assert its.settings.health_path == ("/admin/login/" if is_guessed else "/")
    assert ("no page at /" in its.text) == is_guessed
