"""Which distributions on PyPI may bring a module."""

from packaging.utils import canonicalize_name

IRREGULAR = {
    "adminsortable2": "django-admin-sortable2",
    "allauth": "django-allauth",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "captcha": "django-simple-captcha",
    "corsheaders": "django-cors-headers",
    "debug_toolbar": "django-debug-toolbar",
    "decouple": "python-decouple",
    "django_filters": "django-filter",
    "dotenv": "python-dotenv",
    "easyaudit": "django-easy-audit",
    "environ": "django-environ",
    "git": "gitpython",
    "jwt": "pyjwt",
    "knox": "django-rest-knox",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "MySQLdb": "mysqlclient",
    "notifications": "django-notifications-hq",
    "oauth2_provider": "django-oauth-toolkit",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "psqlextra": "django-postgres-extra",
    "rest_auth": "django-rest-auth",
    "rest_framework": "djangorestframework",
    "rest_framework_extensions": "drf-extensions",
    "rest_framework_gis": "djangorestframework-gis",
    "rest_framework_nested": "drf-nested-routers",
    "rest_framework_simplejwt": "djangorestframework-simplejwt",
    "sentry_sdk": "sentry-sdk",
    "social_core": "social-auth-core",
    "social_django": "social-auth-app-django",
    "sorl": "sorl-thumbnail",
    "yaml": "pyyaml",
}
"""Packages on PyPI whose names do not follow from those of their modules."""

OF_POSTGRESQL = ("psycopg", "psycopg2", "psycopg2-binary")
"""Those of which Django takes any."""


def distributions(name: str) -> list[str]:
    """What a module's package on PyPI may be called."""
    parts = name.split(".")
    top = parts[0]
    names = [IRREGULAR.get(top, top), "-".join(parts[:2]), f"django-{top}", f"python-{top}"]
    names += OF_POSTGRESQL if top == "psycopg" else ()
    return [canonicalize_name(one) for one in names]
