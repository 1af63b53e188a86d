"""Messages from the templates in config/templates, in the person's language, without personal data.

A template that breaks costs its looks, not the message: the plain text goes out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import structlog
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from infra.settings import Settings
from models.masking import mask
from models.names import department_names, place_name, rule_names, topic_names
from models.source_names import source_names
from response.contacts import Contact
from response.evidence import evidence
from response.labels import CHINESE, ENGLISH
from response.roster import Duty
from schemas.alert import Notification

log = structlog.get_logger("tingchao.render")
LANGUAGES: dict[str, tuple[dict[str, str], str]] = {
    "zh": (CHINESE, "%m月%d日 %H:%M"),
    "en": (ENGLISH, "%Y-%m-%d %H:%M"),
}


class Renderer:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._duty = Duty()
        self._environments: dict[str, SandboxedEnvironment] = {}
        names = _of(rule_names(settings.config)), _of(topic_names(settings.config))
        self._common: dict[str, Callable[..., str]] = {
            "rule": names[0],
            "topic": names[1],
            "department": _of(department_names(settings.config)),
            "place": place_name,
            "source": source_names(settings.config),
            "evidence": evidence(topic_names(settings.config) | department_names(settings.config)),
        }
        place_name("110000")  # the table is read now, not when the first message is in a hurry

    def render(
        self, notification: Notification, person: Contact | None, duty: Duty
    ) -> Notification:
        """With subject and body as `person` reads them."""
        subject, body = notification.subject, notification.body
        if notification.facts is not None:
            language = person.language if person else "zh"
            try:
                self._duty = duty
                subject, body = self._filled(notification, language)
            except Exception as error:  # whatever a template does: not UTF-8, a wrong format
                log.error("a template is broken; the plain text is sent", error=str(error)[:200])
        subject, body = mask([subject, body])
        return msgspec.structs.replace(notification, subject=subject, body=body, facts=None)

    def link(self, alert_id: str) -> str:
        base = self._settings.console_url.rstrip("/")
        base = base or f"http://{self._settings.host}:{self._settings.console_port}"
        return f"{base}/alerts/{alert_id}"

    def _filled(self, n: Notification, language: str) -> tuple[str, str]:
        if language not in self._environments:
            self._environments[language] = self._environment(self._settings.config, language)
        environment = self._environments[language]
        values = {"n": n, "f": n.facts, "link": self.link(n.alert_id)}
        subject = environment.get_template("subject.j2").render(values)
        body = environment.get_template("body.j2").render(values)
        lines = (line.rstrip() for line in body.splitlines())
        return " ".join(subject.split()), "\n".join(line for line in lines if line)

    def _environment(self, config: Path, language: str) -> SandboxedEnvironment:
        labels, form = LANGUAGES[language]
        environment = SandboxedEnvironment(
            loader=FileSystemLoader(config / "templates" / language),
            undefined=StrictUndefined,
            trim_blocks=True,
            autoescape=False,  # plain text
        )
        label = _of(labels)

        def value(text: str, what: str) -> str:
            if what in ("places", "sources"):
                name = self._common["place" if what == "places" else "source"]
                return "、".join(map(name, text.split("、")))
            return label(text)

        def local(when: datetime) -> str:
            return self._duty.calendar.local(when).strftime(form)

        environment.filters |= {**self._common, "label": label, "value": value, "local": local}
        return environment


def _of(names: dict[str, str]) -> Callable[[Any], str]:
    return lambda key: names.get(key, str(key))
