"""Settings: environment (`TINGCHAO_…`) over `config/tingchao.yaml` over defaults."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from infra.oidc_settings import OidcSettings
from schemas.errors import UserError

PROJECT = Path(__file__).resolve().parent.parent


def _xdg(variable: str, for_root: str, for_user: str) -> Path:
    """The XDG folder; root gets a system folder, which an unprivileged server can reach."""
    if os.environ.get(variable):
        return Path(os.environ[variable]) / "tingchao"
    return Path(for_root) if os.geteuid() == 0 else Path.home() / for_user / "tingchao"


# A server's configuration and a child process need whole paths.
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


class Settings(OidcSettings, BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TINGCHAO_", frozen=True, extra="forbid")

    stack: Literal["local", "docker", "external"] = "local"
    data: Folder = _xdg("XDG_DATA_HOME", "/var/lib/tingchao", ".local/share")
    cache: Folder = _xdg("XDG_CACHE_HOME", "/var/cache/tingchao", ".cache")
    config: Path = PROJECT / "config"
    prefix: str = ""  # of every topic, index and consumer group; tests use their own

    # local stack: first choice of ports (another is taken when in use), memory
    kafka_port: int = 9092
    elasticsearch_port: int = 9200
    kafka_heap: str = "512m"
    elasticsearch_heap: str = "1g"

    # external stack
    kafka_bootstrap: str | None = None
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: str = "SCRAM-SHA-512"
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    kafka_ca_file: Path | None = None
    kafka_replication: int = 1
    elasticsearch_url: str | None = None
    elasticsearch_username: str | None = None
    elasticsearch_password: SecretStr | None = None
    elasticsearch_api_key: SecretStr | None = None
    elasticsearch_ca_file: Path | None = None
    elasticsearch_replicas: int = 0

    kafka_session_seconds: float = 10.0  # after which a worker that fell silent loses its work
    stuck_seconds: float = Field(default=300, ge=0)  # a worker that stands still ends; 0: never
    batch_size: int = Field(default=500, ge=1, le=5_000)
    # seconds to wait for a fuller batch
    batch_wait: float = Field(default=0.05, ge=0, le=60, allow_inf_nan=False)
    # of a worker; more where the machine has more than two processors
    model_processes: int = Field(default=1, ge=1, le=256)
    stream_buffer: int = 4096  # messages read ahead of the agent, per worker
    dead_letter_limit: float = Field(default=0.5, gt=0, le=1)  # share that stops a worker; 1: never
    dead_letter_window: int = Field(default=500, ge=10)  # messages the share is taken of
    duplicate_window_days: int = 14
    fingerprints: int = 1_000_000  # held in memory at most, 190 bytes each; the oldest go first
    audit_minutes: int = Field(default=15, ge=0)  # between audits of the last hours; 0: none
    audit_hours: int = Field(default=2, ge=1)  # how far back such an audit looks
    rules_minutes: int = Field(default=5, ge=0)  # between rounds of config/rules.yaml; 0: none
    retention_days: Annotated[int, Field(ge=0)] = (
        0  # of opinions, deliveries and dead letters; 0 keeps them
    )
    log_format: Literal["auto", "json", "text"] = "auto"  # auto: text on a terminal
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"  # DEBUG: a line per item
    host: str = "127.0.0.1"
    console_hosts: list[str] = []  # names beside loopback's by which people reach the console
    console_loopback: bool = False  # whether sources of this machine may be tried and added there
    console_port: int = 8000
    console_url: str = ""  # how people reach the console, for links in messages
    # pause before a message is tried again; each further one is four times as long
    notify_retry_seconds: float = Field(default=2.0, gt=0, le=600, allow_inf_nan=False)
    alert_audit_minutes: int = Field(default=5, ge=0)  # between audits of alerts' steps; 0: none
    alert_audit_grace: int = Field(default=300, ge=1)  # seconds a step may be late
    demo_port: int = 8010
    intake_port: int = 8020
    metrics_port: int = 9400
    contact: str = ""  # in the crawler's user agent: where a webmaster can write to
    author_key: SecretStr | None = None  # keys the author hashes; made in `data` when unset

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        folder = Path(os.environ.get("TINGCHAO_CONFIG", PROJECT / "config"))
        return (
            init_settings,
            env_settings,
            YamlConfigSettingsSource(settings_cls, yaml_file=folder / "tingchao.yaml"),
        )


@lru_cache
def settings() -> Settings:
    """The settings of this process; UserError names the wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UserError(
            f"setting {name}: {first['msg']}",
            f"mend TINGCHAO_{name.upper()} or config/tingchao.yaml",
        ) from None
