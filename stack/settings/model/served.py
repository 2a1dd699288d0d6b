"""What visitors get: names, HTTPS, files and pages of Nginx."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from stack.settings.check import Check, Listed, OneOrListed
from stack.settings.environment import LINES, PAGE, PEM
from stack.settings.model.part import Part
from stack.settings.network import (
    DIRECTORY,
    EMAIL,
    IP_ADDRESS,
    NETWORK,
    SERVER_NAME,
    SERVER_NAMES,
    SIZE,
    URL_PATH,
)
from stack.settings.nginx import Headers
from stack.settings.paths import BELOW_OR_NONE
from stack.settings.secret import resolve


class SiteSettings(Part, frozen=True):
    """The descriptions are those of docs/settings.md."""

    server_name: Annotated[OneOrListed[Annotated[str, SERVER_NAME]], SERVER_NAMES] = Field(
        ("fooproject.se",), description="one host name or a list"
    )
    redirect_names: Annotated[
        Listed[Annotated[str, SERVER_NAME]], Check("a list of host names")
    ] = Field(
        (),
        description="host names that redirect to the first `server_name`, path and query kept: "
        '`["www.example.com"]`',
    )
    default_server: Annotated[bool, Check("True or False")] = Field(
        True,
        description="the site is the default site for unknown names; set `False` if another "
        "project on the server is, or if such visitors are to get no answer",
    )
    trusted_proxies: Annotated[
        Listed[Annotated[str, NETWORK]], Check("a list of IP addresses and networks")
    ] = Field(
        (),
        description="addresses and networks of proxies (a TLS proxy, a CDN) that are trusted to "
        "report the visitor's address and scheme; with hosts in `lb`, app hosts trust those",
    )
    tls: Annotated[Literal["off", "acme", "files"], Check('"off", "acme" or "files"')] = Field(
        "off",
        description='HTTPS: "acme" gets certificates from Let\'s Encrypt, or `tls_server`, and '
        'renews them; "files" are `tls_certificate` and `tls_key`; with hosts in `lb`, only those '
        "have it",
    )
    tls_email: Annotated[str, EMAIL] = Field(
        "", description="contact address for each host's account with the CA"
    )
    tls_server: Annotated[str, DIRECTORY] = Field(
        "", description="the ACME directory of a CA other than Let's Encrypt"
    )
    tls_certificate: Annotated[SecretStr, PEM, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="PEM: the site's certificate and its chain, `from_file(…)`",
    )
    tls_key: Annotated[SecretStr, PEM, BeforeValidator(resolve)] = Field(
        SecretStr(""), description="PEM: its private key, `from_file(…)`"
    )
    static_url: Annotated[str, URL_PATH] = Field(
        "/static/",
        description="where Nginx serves what Django collects: the path of STATIC_URL; anything "
        "else there is passed on to Django",
    )
    media_root: Annotated[str, BELOW_OR_NONE] = Field(
        "",
        description="the folder of uploads (MEDIA_ROOT), relative to `src`: it is kept like "
        "`shared`, and Nginx serves it to everybody",
    )
    media_url: Annotated[str, URL_PATH] = Field(
        "/media/", description="where Nginx serves `media_root`: the path of MEDIA_URL"
    )
    client_max_body_size: Annotated[str, SIZE] = Field(
        "50M", description="the largest request that Nginx accepts"
    )
    response_headers: Headers = Field(
        {},
        description="headers that Nginx adds to every answer, including errors, redirects and the "
        'page of a closed site: `{"Referrer-Policy": "same-origin"}`',
    )
    nginx_server: Annotated[SecretStr, LINES, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="directives for the site's server block in Nginx, as text or `from_file(…)`; "
        "Nginx checks them",
    )
    maintenance_page: Annotated[SecretStr, PAGE, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="HTML: what visitors get while maintenance.py has closed the site, "
        "`from_file(…)`; without it, a plain page",
    )
    maintenance_allow: Annotated[
        Listed[Annotated[str, IP_ADDRESS]], Check("a list of IP addresses")
    ] = Field((), description="addresses of visitors who get the site even while closed")
    unavailable_page: Annotated[SecretStr, PAGE, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="HTML: what visitors get with a 502 or 504, when the app does not answer, "
        "`from_file(…)`",
    )
