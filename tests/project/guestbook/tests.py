import hashlib
import json
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase, override_settings

from fooproject.settings import BASE_DIR, database
from guestbook.models import Entry


class PageTest(TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.static = Path(cls.enterClassContext(TemporaryDirectory()))
        cls.enterClassContext(override_settings(STATIC_ROOT=cls.static))
        call_command("collectstatic", interactive=False, verbosity=0)

    def test_lists_what_was_signed(self) -> None:
        page = self.client.get("/").content.decode()
        token = re.search(r'name="token" value="(\w+)"', page)[1]
        for _ in range(2):
            response = self.client.post("/", {"token": token, "text": "hello <b>"})
            self.assertRedirects(response, "/")
        page = self.client.get("/").content.decode()
        self.assertIn("hello &lt;b&gt;", page)
        self.assertIn('<span id="count">1</span> entry', page)
        self.assertIn('<code id="release">development</code>', page)

    def test_keeps_what_could_not_be_taken(self) -> None:
        response = self.client.post("/", {"token": "a", "text": "x" * 501})
        self.assertContains(response, "at most 500 characters", status_code=400)
        self.assertEqual(Entry.objects.count(), 0)

    def test_static_files_have_hashed_names(self) -> None:
        page = self.client.get("/").content.decode()
        for name in ("book.svg", "counter.js", "style.css"):
            stem, suffix = name.split(".")
            found = re.search(rf'"/static/(guestbook/{stem}\.[0-9a-f]{{12}}\.{suffix})"', page)
            self.assertIsNotNone(found, name)
            self.assertTrue((self.static / found[1]).is_file())


class HealthTest(TestCase):
    def test_asks_the_database(self) -> None:
        with self.assertNumQueries(1):
            response = self.client.get("/health")
        self.assertEqual(response.json(), {"status": "ok", "release": "development"})


class ApiTest(TestCase):
    def post(self, body: object):
        return self.client.post("/api/entries", json.dumps(body), "application/json")

    def test_a_token_counts_once(self) -> None:
        self.assertEqual(self.post({"token": "a-1", "text": "x"}).status_code, 201)
        self.assertEqual(self.post({"token": "a-1", "text": "x"}).status_code, 200)
        self.assertEqual(self.post({"token": "b-1", "text": "x"}).status_code, 201)
        self.assertEqual(self.client.get("/api/entries/count").json(), {"count": 2})
        self.assertEqual(self.client.get("/api/entries/count?prefix=a-").json(), {"count": 1})

    def test_refuses_what_is_no_entry(self) -> None:
        for body in ([], {}, {"token": "a"}, {"token": "x" * 65, "text": "x"}):
            self.assertEqual(self.post(body).status_code, 400, body)
        response = self.client.post("/api/entries", "{", "application/json")
        self.assertEqual(response.status_code, 400)

    def test_upload_above_the_limit_of_memory(self) -> None:
        body = os.urandom(3_000_000)
        response = self.client.post("/api/upload", body, "application/octet-stream")
        digest = hashlib.sha256(body).hexdigest()
        self.assertEqual(response.json(), {"length": len(body), "sha256": digest})

    def test_download_has_the_length_that_it_says(self) -> None:
        response = self.client.get("/api/download?megabytes=0.25")
        self.assertEqual(len(response.getvalue()), int(response["Content-Length"]))
        self.assertEqual(response["Content-Length"], str(256 * 1024))

    def test_numbers_are_checked_and_bounded(self) -> None:
        for value in ("x", "nan", "inf", "-1"):
            self.assertEqual(self.client.get(f"/api/slow?seconds={value}").status_code, 400)
            self.assertEqual(self.client.get(f"/api/download?megabytes={value}").status_code, 400)
        with mock.patch("time.sleep") as sleep:
            self.client.get("/api/slow?seconds=99")
        sleep.assert_called_once_with(10)

    def test_headers_are_those_of_the_proxy(self) -> None:
        response = self.client.get(
            "/api/headers",
            headers={"host": "fooproject.se", "x-real-ip": "192.0.2.1", "x-scheme": "http"},
        )
        expected = {
            "Host": "fooproject.se",
            "X-Real-IP": "192.0.2.1",
            "X-Scheme": "http",
            "X-Forwarded-Protocol": None,
            "X-Forwarded-For": None,
            "X-Forwarded-Proto": None,
            "X-Forwarded-Ssl": None,
            "X-Forwarded-Host": None,
            "X-Forwarded-Port": None,
            "Forwarded": None,
            "REMOTE_ADDR": "127.0.0.1",
            "is_secure": False,
        }
        self.assertEqual(response.json(), expected)

    def test_a_path_is_told_as_it_was_asked_for(self) -> None:
        self.assertEqual(self.client.get("/api/path/a//b").json()["path"], "/api/path/a//b")

    def test_environment_tells_test_values_only(self) -> None:
        values = {"TEST_ODD": '100% "it\'s" $HOME\n\\ü', "OTHER": "secret"}
        with mock.patch.dict(os.environ, values):
            told = self.client.get("/api/environment/TEST_ODD").json()
            self.assertEqual(told["value"], values["TEST_ODD"])
            for name in ("OTHER", "TEST_UNSET"):
                response = self.client.get(f"/api/environment/{name}")
                self.assertEqual((response.status_code, response.json()["value"]), (404, None))


class DatabaseUrlTest(SimpleTestCase):
    def test_sqlite_is_relative_to_the_project_or_absolute(self) -> None:
        self.assertEqual(database("sqlite:///data/a.db")["NAME"], BASE_DIR / "data/a.db")
        self.assertEqual(database("sqlite:////srv/a.db")["NAME"], Path("/srv/a.db"))

    def test_postgres(self) -> None:
        found = database("postgres://foo:p%40ss%2F@db.example:5433/guests")
        self.assertEqual(found["ENGINE"], "django.db.backends.postgresql")
        values = [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
        self.assertEqual(values, ["foo", "p@ss/", "db.example", "5433", "guests"])

    def test_anything_else_is_refused_without_telling_it(self) -> None:
        for url in ("mysql://foo:secret@h/n", "secret", "postgres://foo:secret@h", "sqlite:///"):
            with self.assertRaises(ImproperlyConfigured) as caught:
                database(url)
            self.assertNotIn("secret", str(caught.exception))
