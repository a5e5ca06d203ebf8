"""The environment, read once at the start. A wrong value stops the start with a sentence that says what to write."""

import os
import re
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS = 2  # the least that libpq knows; a kept connection that died has cost one second before
LOCK_SECONDS = 3  # how long a request waits for a row or, on SQLite, for another process that writes
PATIENCE = 20  # the same for commands, on SQLite; on PostgreSQL they wait as long as it takes
NO_JIT = "-c jit=off"  # PostgreSQL compiles by its guess of the cost, for seconds, what it then answers in milliseconds
LIMITS = {"lock_timeout": LOCK_SECONDS, "statement_timeout": 10, "idle_in_transaction_session_timeout": 30}  # seconds
LONGEST_ANSWER = 11  # seconds that a request waits for a database server that keeps none of these limits (rifess.postgresql)
KEEP_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 5000}  # s, s, times, ms
MANY = {"MAX_ENTRIES": 20_000}
KEY = r"[\w-]{43}"  # 32 bytes in base64url without padding
OWN_PLACES = {  # with which addresses of the portal begin
    *("static", "media", "health", "embed", "g", "oembed", "verificar", "puerta", "es", "pt-br", "en"),
}
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
SHORTEST_KEY, FEWEST_CHARACTERS = 32, 5
EMAIL = r"[^\s@<>:;,\"()]+@[\w.-]+"
SENDER = rf'(?:"[^"<>\r\n]+"|[^"<>@,;:\r\n]+?)\s*<{EMAIL}>|{EMAIL}'
CONTACT = rf"mailto:{EMAIL}|https://\S+|tel:\+?[\d-]+"  # RFC 9116 §2.5.3
HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]*:[0-9a-f:.]*"  # a name as DNS has it, IPv4, IPv6
MOST_DAYS = 36_500  # a hundred years
YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or `default`; without either, the start stops."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"Set {name}: it is needed and has no default. README.md says what each one means.")
    return value


def secret_key(name: str, insecure: str | None) -> str:
    """The key that signs sessions and links, long enough not to be guessed; `insecure` where it need not be secret."""
    value = text(name, insecure)
    if insecure is None and _can_be_guessed(value):
        raise ImproperlyConfigured(
            f"{name} can be guessed: it has fewer than {SHORTEST_KEY} characters, or almost all are alike. "
            "Write what “python -c 'import secrets; print(secrets.token_urlsafe(50))'” prints. Links and sessions that the "
            "present value signed end: whoever guessed it could have signed others."
        )
    return value


def former_secret_keys(name: str, *, may_be_guessed: bool) -> list[str]:
    """Former keys, with commas, whose signatures stay valid: each is as good as the present one for who forges links."""
    given = words(name, [])
    if not may_be_guessed and any(map(_can_be_guessed, given)):
        raise ImproperlyConfigured(
            f"{name} has a value that can be guessed: with fewer than {SHORTEST_KEY} characters, or almost all alike. Leave that "
            "one out: who guesses it signs sessions and links that are taken for ours. A key that has a comma cannot stand here."
        )
    return given


def _can_be_guessed(key):
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS


def flag(name: str, default: bool = False) -> bool:
    """Whether `name` is on: 1, true, yes or on; 0, false, no or off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in YES | NO:
        raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no: write 1 or 0.")
    return value.lower() in YES


def count(name: str, default: int = 0, *, least: int = 0, most: int) -> int:
    """How many: a whole number from `least` to `most`."""
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value!r} is not a number: write {least}, {least + 1}, {least + 2}…")
    if len(value) > 9 or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value} is not between {least} and {most}.")
    return int(value)


def days(name: str, default: int) -> timedelta:
    """A span of whole days, at least one."""
    number = count(name, default, most=MOST_DAYS)
    if number < 1:
        raise ImproperlyConfigured(f"{name}=0 is no span of days: write 1, 2, 3…")
    return timedelta(days=number)


def pace(name: str, default: int) -> int:
    """How many a minute, at least one."""
    number = count(name, default, most=60_000)
    if number < 1:
        raise ImproperlyConfigured(f"{name}=0 would send nothing: write how many a minute, 1, 2, 3…")
    return number


def private_key(name: str) -> str:
    """A key of 32 random bytes in base64url, such as `openssl rand -base64 32 | tr +/ -_` writes; empty without one."""
    value = os.environ.get(name, "").strip().rstrip("=")
    if value and not re.fullmatch(KEY, value, re.ASCII):
        raise ImproperlyConfigured(f"{name} is not a key of 32 bytes: write what “openssl rand -base64 32 | tr +/ -_” prints.")
    return value


def private_keys(name: str) -> list[str]:
    """Keys of 32 bytes as `private_key` takes them, with commas: the first is the present one, former ones follow."""
    given = [key.rstrip("=") for key in words(name, [])]
    if not all(re.fullmatch(KEY, key, re.ASCII) for key in given):
        raise ImproperlyConfigured(
            f"{name} is not a list of keys of 32 bytes: write what “openssl rand -base64 32 | tr +/ -_” prints, and commas."
        )
    return given


def words(name: str, default: list[str]) -> list[str]:
    """A list written with commas."""
    value = os.environ.get(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] or default


def addresses(name: str) -> list[str]:
    """Addresses of e-mail, with commas; none when unset."""
    given = words(name, [])
    for address in given:
        if not re.fullmatch(EMAIL, address):
            raise ImproperlyConfigured(f"{name} has {address!r}, which is not an e-mail address. Write them with commas between.")
    return given


def address(name: str, default: str) -> str:
    """One address of e-mail, without a name."""
    value = text(name, default)
    if not re.fullmatch(EMAIL, value):
        raise ImproperlyConfigured(f"{name}={value!r} is not one e-mail address such as secretariat@example.org.")
    return value


def sender(name: str, default: str) -> str:
    """Who writes: one address of e-mail, with or without a name."""
    value = text(name, default)
    if not re.fullmatch(SENDER, value):
        raise ImproperlyConfigured(
            f"{name}={value!r} is not a sender such as secretariat@example.org or RIFESS <secretariat@example.org>. "
            "A name with a comma or another mark stands in quotation marks."
        )
    return value


def contact(name: str, default: str) -> str:
    """Where to write or call, as an address with its scheme."""
    value = text(name, default)
    if not re.fullmatch(CONTACT, value):
        raise ImproperlyConfigured(f"{name}={value!r} is not of the form mailto:security@example.org or https://….")
    return value


def one_of(name: str, choices: list[str]) -> str:
    """One of `choices`; the first when unset."""
    value = os.environ.get(name, "").strip() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is none of these: {', '.join(choices)}.")
    return value


def folder(name: str, default: Path) -> Path:
    """A folder as an absolute path; made when something is first kept in it.

    A relative path would be another folder, and another database, wherever a command is started.
    """
    given = Path(os.environ.get(name) or default).expanduser()
    if not given.is_absolute():
        raise ImproperlyConfigured(f"{name}={str(given)!r} is not a whole path: write one such as /var/lib/rifess.")
    if given.exists() and not given.is_dir():
        raise ImproperlyConfigured(f"{name}={str(given)!r} is a file, not a folder. Set {name} to a folder.")
    return given.resolve()


def require_private(public: Path, **folders: Path):
    """Stop the start when one of `folders`, by the name of its setting, is in the `public` one, which is served to everybody."""
    for name, path in folders.items():
        if path.is_relative_to(public):
            raise ImproperlyConfigured(
                f"{name} ({path}) is in {public}, whose files everybody can read. Set it to another folder."
            )


def place_within(name: str) -> str:
    """A path such as `/kept/` that the web server in front of us knows and gives to nobody by itself; empty without one.

    It is none of the portal's: an internal location there would hide pages or style sheets from everybody.
    """
    value = os.environ.get(name, "").strip()
    if value and not re.fullmatch(r"/([\w-]+/)+", value):
        raise ImproperlyConfigured(f"{name}={value!r} is not a path such as /kept/, the internal location of the web server.")
    if value and value.split("/")[1].lower() in OWN_PLACES:
        raise ImproperlyConfigured(
            f"{name}={value!r} begins like an address of the portal, which the web server would then give to nobody. "
            "Write another one, such as /kept/, and name the internal location so too."
        )
    return value


def site_url(name: str, default: str) -> str:
    """The portal's own address, `https://host[:port]`, without a path."""
    value = text(name, default).rstrip("/")
    parts = _parts(value)
    is_one = parts and parts.scheme in {"http", "https"} and re.fullmatch(HOST, parts.hostname or "")
    if not is_one or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ImproperlyConfigured(
            f"{name}={value!r} is not an address such as https://rifess.example.org. Nothing follows the host and its port; "
            "a name with other letters than a to z is written as DNS has it (xn--…)."
        )
    return value.lower()


def hosts(name: str, site_url: str) -> list[str]:
    """The names by which the portal may be asked: SITE_URL's, and on the machine of who develops all that mean the same."""
    own = urlsplit(site_url).hostname
    return words(name, LOOPBACK if own in LOOPBACK else [own])


def zone(name: str, default: str) -> str:
    """An IANA time zone such as America/Mexico_City."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: “America” is a folder
        raise ImproperlyConfigured(f"{name}={value!r} is not a time zone such as America/Bogota.") from error
    return value


def database(name: str, default_file: Path, *, patient: bool = True) -> dict:
    """Django's settings for `postgres://user:password@host:port/name`, or for the embedded SQLite file when unset.

    A `patient` process (a command, a worker) waits for locks and for slow statements; a request does not (docs/adr/0034).
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return sqlite(default_file, timeout=PATIENCE if patient else LOCK_SECONDS)
    parts = _server(name, value, {"postgres", "postgresql"}, "postgres://user:password@host:5432/name", path="/[^/@]+")
    options = dict(parse_qsl(parts.query))
    _require_known(name, options)
    bound = {} if patient else {"longest_answer": LONGEST_ANSWER}
    return {
        "ENGINE": "rifess.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,  # a connection for each thread; one that died meanwhile is noticed before it is used
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, **KEEP_ALIVE, **bound, **_limits(options, patient), **options},
    }


def _require_known(name: str, options: dict):
    """Stop the start when PostgreSQL knows one of `options` not: a connection would fail with a traceback."""
    import psycopg.conninfo  # only where PostgreSQL is used

    try:
        psycopg.conninfo.make_conninfo(**options)
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(f"{name}: {' '.join(str(error).split())}.") from error


def _limits(options: dict, patient: bool) -> dict:
    """What the database server is asked to cut off; what DATABASE_URL says in its own `options` comes last, and wins."""
    limits = {} if patient else LIMITS
    given = [NO_JIT, *(f"-c {name}={seconds}s" for name, seconds in limits.items()), options.pop("options", "")]
    return {"options": " ".join(filter(None, given))}


def sqlite(file: Path, timeout: int = PATIENCE) -> dict:
    """SQLite as a server's database: write-ahead log, writers queue for `timeout` seconds before they are refused (docs/adr)."""
    _make_private_file(file)
    pragmas = (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "mmap_size=134217728",
        "journal_size_limit=27103364",
        "cache_size=-20000",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": timeout,
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }


def _make_folder(folder: Path):
    """Make `folder`, unless it is there. Where that cannot be, the start stops."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {folder} cannot be made ({error.strerror}). Set DATA_DIR to a folder that the portal may write to."
        ) from error


def _make_private_file(file: Path):
    """Make `file`, readable by its owner only, unless it is there: SQLite would make it readable by everybody."""
    _make_folder(file.parent)
    try:
        file.touch(mode=0o600)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The database cannot be kept in {file} ({error.strerror}). Set DATA_DIR to a folder that the portal may write to."
        ) from error


def cache(name: str, default_folder: Path, *, purpose: str = "pages", counts: bool = False) -> dict:
    """A cache that every process shares: `redis://host:6379/0`, or a folder when unset; `counts`: it forgets nothing early."""
    value = os.environ.get(name, "").strip()
    if not value:
        _make_folder(default_folder)
        kind = "CounterFileCache" if counts else "SharedFileCache"
        return {"BACKEND": f"rifess.base.file_cache.{kind}", "LOCATION": str(default_folder / purpose), "OPTIONS": MANY}
    _server(name, value, {"redis", "rediss"}, "redis://host:6379/0; leave it out to keep the cache in files", path=r"(/\d*)?")
    if find_spec("redis") is None:
        raise ImproperlyConfigured(
            f"{name} names a Redis server, but the package redis is not installed. Install requirements/redis.txt, "
            f"or leave {name} out to keep the cache in files."
        )
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": value, "KEY_PREFIX": purpose}


def mailer(name: str) -> dict:
    """Django's mailer for `smtp://user:password@host:587`, `smtps://…:465`, or the console when unset."""
    value = os.environ.get(name, "").strip()
    if not value:
        return {"BACKEND": "rifess.base.console_mail.EmailBackend"}
    parts = _server(name, value, {"smtp", "smtp+tls", "smtps"}, "smtp+tls://user:password@host:587", path="/?")
    if not parts.hostname or parts.query or bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured(
            f"{name} is not of the form smtp+tls://user:password@host:587: user and password come together, nothing follows the "
            "port."
        )
    return {
        "BACKEND": "rifess.base.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": 10,
        },
    }


def _server(name: str, value: str, schemes: set, form: str, *, path: str):
    """The parts of `value`, an address of one of `schemes` with such a `path`. Its password is not repeated where it is wrong."""
    parts = _parts(value)
    if not parts or parts.scheme not in schemes or parts.fragment or not re.fullmatch(path, parts.path):
        raise ImproperlyConfigured(
            f"{name} is not of the form {form}. In user and password, @ : / ? # % are written %40 %3A %2F %3F %23 %25."
        )
    return parts


def _parts(value: str):
    """The parts of an address; None when it has a port or a bracket that cannot be."""
    try:
        parts = urlsplit(value)
        return None if parts.port == 0 else parts
    except ValueError:
        return None
