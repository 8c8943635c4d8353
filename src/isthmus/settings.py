"""One frozen settings tree: the environment (`ISTHMUS_*`) over a TOML file (`ISTHMUS_CONFIG`) over these defaults.

Names and defaults: decisions.md "Settings". Options of the command line stand over all of it. Layers below the
composition root are handed plain values, never this.
"""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import TomlConfigSettingsSource

from isthmus.model.errors import SetupError
from isthmus.transport.egress import Egress

_RATE: Final = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,8})\Z")
_MEGABYTE: Final = 1024 * 1024


class SettingsError(SetupError):
    """The settings will not do; the message names every one that is wrong, and never its value."""


def _words(value: Any) -> Any:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _rate(value: str) -> str:
    if value != "0" and not _RATE.match(value):
        raise ValueError("write it as CAPACITY/PER_SECOND, for example 1000/300, or 0 to switch it off")
    return value


def _openable(value: tuple[str, ...]) -> tuple[str, ...]:
    Egress(value)
    return value


def _database(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://")):
        raise ValueError("write it as postgresql://USER:PASSWORD@HOST:PORT/NAME, or leave it out for SQLite")
    return value


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    whole = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not whole or parts.query or parts.fragment:
        raise ValueError("write it as http(s)://HOST[:PORT][/PATH]")
    return value.rstrip("/")


class Settings(BaseSettings):
    """Everything that can be set. Sizes are in bytes, times in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="ISTHMUS_", frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on; 0 picks a free one.")
    data: Path = Field(Path("isthmus-data"), description="The folder of the store, the key and the lock.")
    database: Annotated[str, AfterValidator(_database)] | None = Field(
        None, description="postgresql://... instead of SQLite in the data folder."
    )
    key_file: Path | None = Field(None, description="The key that seals secrets; DATA/key unless set.")
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        None, description="How clients reach this service; makes Link and OAuth addresses."
    )
    tls_cert: Path | None = Field(None, description="The certificate chain (PEM) to serve https with.")
    tls_key: Path | None = Field(None, description="The private key (PEM) of the certificate.")
    insecure: bool = Field(default=False, description="Allow plain http on an address that is not loopback.")
    grace: float = Field(30.0, ge=0, le=3600, description="How long a drain waits for requests in flight.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least level logged.")
    access_log: bool = Field(default=False, description="Log every request (method, route, status, time).")
    rate_limit: Annotated[str, AfterValidator(_rate)] = Field(
        "1000/300", description="Leaky bucket per account, CAPACITY/PER_SECOND; 0 switches it off."
    )
    max_body_bytes: int = Field(16 * _MEGABYTE, ge=1024, description="The largest request body.")
    max_body_nodes: int = Field(1_000_000, ge=100, description="The most JSON values in a request body.")
    egress_allow: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_openable)] = Field(
        (), description="Private destinations to open: 127.0.0.0/8,::1,host:port,*.corp.example"
    )
    export_max_records: int = Field(10_000, ge=1, description="The most records of one virtual export.")
    export_max_bytes: int = Field(64 * _MEGABYTE, ge=1024, description="The largest answer of one virtual export.")
    remote_timeout: float = Field(60.0, gt=0, le=3600, description="How long one call to another system may take.")
    remote_max_bytes: int = Field(64 * _MEGABYTE, ge=1024, description="The largest answer of another system.")
    offline_ping_interval: float = Field(
        3600.0, ge=0, le=31_536_000, description="Pause between pings of offline connections; 0: none."
    )
    metrics_open: bool = Field(default=False, description="Serve /metrics without a token.")

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("ISTHMUS_TLS_CERT and ISTHMUS_TLS_KEY go together: set both or neither")
        return self

    @classmethod
    def settings_customise_sources(  # the library's own signature
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # as above: no .env file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: options, environment, TOML file."""
        path = os.environ.get("ISTHMUS_CONFIG")
        toml = (TomlConfigSettingsSource(settings_cls, Path(path)),) if path else ()
        return (init_settings, env_settings, *toml)

    @property
    def rate(self) -> tuple[int, int] | None:
        """Capacity and refill per second of the rate limit; None when it is off."""
        found = _RATE.match(self.rate_limit)
        return (int(found[1]), int(found[2])) if found else None

    @property
    def key_path(self) -> Path:
        """Where the key file is. With a database of its own the folder says nothing, so it has to be set."""
        if self.key_file is not None:
            return self.key_file
        if self.database is not None:
            raise SettingsError("Set ISTHMUS_KEY_FILE: with --database the key has no default place.")
        return self.data / "key"

    def check_exposure(self) -> None:
        """Refuse plain http beyond this machine. Raises SettingsError."""
        if self.tls_cert is None and not self.insecure and not _loopback(self.host):
            raise SettingsError(
                f"Plain http on {self.host} (ISTHMUS_HOST) would send tokens and secrets readable over the network. "
                "Set --tls-cert and --tls-key, or listen on 127.0.0.1 behind an https proxy, or say --insecure."
            )

    def shown(self) -> dict[str, str]:
        """Every setting by its variable's name, with the password of a database URL masked."""
        values = {f"ISTHMUS_{name.upper()}": value for name, value in self}
        return {name: _shown(value) for name, value in values.items()}


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    text = "" if value is None else str(value)
    return re.sub(r"(\w://[^/@:\s]*):[^@\s]*@", r"\1:******@", text) if "://" in text else text


def load(**options: Any) -> Settings:
    """Read the settings; options that are None do not count. Raises SettingsError with every problem at once."""
    path = os.environ.get("ISTHMUS_CONFIG")
    if path and not Path(path).is_file():
        raise SettingsError(f"ISTHMUS_CONFIG names a file that is not there: {path}")
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(_complaint(fault["loc"], fault["msg"]) for fault in error.errors())) from None
    except ValueError as error:  # a TOML file that is none
        raise SettingsError(f"ISTHMUS_CONFIG cannot be read: {error}") from None


def _complaint(place: tuple[int | str, ...], why: str) -> str:
    said = why.removeprefix("Value error, ")
    return said if said.startswith("ISTHMUS_") else f"ISTHMUS_{str(place[0]).upper()}: {said}"
