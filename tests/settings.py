"""The settings of test runs: those of production, with a cache and a data folder for each worker of xdist."""

import atexit
import os
import shutil
import tempfile
from urllib.parse import parse_qsl, urlsplit

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
DATABASES_OF_REDIS = 16


def for_worker(url):
    """The same server, with a database number of this worker's own."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query)).get("db", "0") if parts.scheme == "unix" else parts.path.strip("/") or "0"
    number = (int(given) + WORKER) % DATABASES_OF_REDIS
    return f"unix://{parts.path}?db={number}" if parts.scheme == "unix" else parts._replace(path=f"/{number}").geturl()


data_dir = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
for name in ("DEMO", "DEBUG", "CACHE_URL", "BROKER_URL", "S3_BUCKET", "SENTRY_DSN", "ALLOWED_HOSTS", "TRUSTED_PROXIES",
             "OPENID_CONNECT_URL", "FETCH_PORT"):  # fmt: skip
    os.environ.pop(name, None)
os.environ |= {
    "DATA_DIR": data_dir,
    "BASE_URL": "http://localhost:8000",
    "EMAIL_URL": "smtp://127.0.0.1:9",  # nobody listens; the fixture `smtp` names a server that does
}
if "REDIS_URL" in os.environ:
    os.environ["REDIS_URL"] = for_worker(os.environ["REDIS_URL"])

from portal.settings import *  # noqa: E402, F403
from portal.settings import STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir(parents=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, and worth nothing
