"""Metrics in Prometheus' text format; only this module imports its library.

Web processes count in files of one folder, so that any of them can answer for all. Labels are
words of ours, never a path, a number or a name. Without a token nobody could ask for the metrics,
so nothing is counted.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app

from jkn.services.basics import metrics
from jkn.services.basics.metrics import MetricName
from jkn.services.messaging.backlog import Backlog
from jkn.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric

_KEPT = "metrics"
# Buckets around what whole pages may take (a second) and what parts of pages take.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def init_app(app: Flask, settings: Settings) -> None:
    """Begin to count; in files of `run_dir`, if several processes share that folder."""
    process_metrics = ProcessMetrics(settings.run_dir) if settings.metrics_token else None
    app.extensions[_KEPT] = process_metrics
    metrics.collector.provide(None if process_metrics is None else process_metrics.count)


def count_request(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Note how long an answer took."""
    process_metrics: ProcessMetrics | None = current_app.extensions[_KEPT]
    if process_metrics is not None:
        process_metrics.requests.labels(endpoint, method, f"{status // 100}xx").observe(seconds)


def as_text(backlog: Backlog | None) -> tuple[bytes, str]:
    """Everything counted so far, and its content type. `backlog` is None when the database did not
    answer."""
    process_metrics: ProcessMetrics = current_app.extensions[_KEPT]
    return process_metrics.as_text(backlog)


class ProcessMetrics:
    """What this process counts. `folder`: shared by all processes of the same server."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        # When it is imported, the library decides whether it counts in files, by the variable
        # above. So it is imported here: the server imports this module before the variable is set.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._folder = folder
        self._registry = CollectorRegistry()
        self._counters = {
            MetricName.SIGN_INS: Counter(
                "jkn_sign_ins", "Tries to sign in.", ["result"], registry=self._registry
            ),
            MetricName.CODES: Counter(
                "jkn_codes", "One-time codes.", ["purpose", "result"], registry=self._registry
            ),
            MetricName.LOOK_UPS: Counter(
                "jkn_look_ups",
                "Look-ups at the population registry.",
                ["result"],
                registry=self._registry,
            ),
            MetricName.REGISTRATIONS: Counter(
                "jkn_registrations", "Ends of Daftar.", ["result"], registry=self._registry
            ),
        }
        self.requests = Histogram(
            "jkn_request_seconds",
            "Time until the answer, static files aside.",
            ["endpoint", "method", "status"],
            registry=self._registry,
            buckets=_SECONDS,
        )

    def count(self, what: MetricName, labels: tuple[str, ...]) -> None:
        """Count one more."""
        self._counters[what].labels(*labels).inc()

    def as_text(self, backlog: Backlog | None) -> tuple[bytes, str]:
        """All metrics, and their content type."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        counted, asked = self._registry, CollectorRegistry()
        if self._folder is not None:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, str(self._folder))  # type: ignore[no-untyped-call]
        asked.register(_Asked(backlog))
        return generate_latest(counted) + generate_latest(asked), CONTENT_TYPE_LATEST


class _Asked:
    """Metrics that are read from the database at each scrape: the same on every server."""

    def __init__(self, backlog: Backlog | None) -> None:
        self._backlog = backlog

    def collect(self) -> Iterator["Metric"]:
        """The library's interface."""
        from prometheus_client.core import GaugeMetricFamily

        yield GaugeMetricFamily(
            "jkn_database_up", "1 when the database answered.", value=int(self._backlog is not None)
        )
        if self._backlog is None:
            return
        waiting = GaugeMetricFamily(
            "jkn_outbox_waiting", "Messages to be handed over.", labels=["channel"]
        )
        oldest = GaugeMetricFamily(
            "jkn_outbox_oldest_seconds", "Age of the oldest of them.", labels=["channel"]
        )
        overdue = GaugeMetricFamily(
            "jkn_outbox_overdue_seconds", "How long no worker took one.", labels=["channel"]
        )
        dead = GaugeMetricFamily(
            "jkn_outbox_dead", "Messages that were given up and are kept.", labels=["channel"]
        )
        lately = GaugeMetricFamily(
            "jkn_outbox_finished_last_hour", "By what became of them.", labels=["channel", "state"]
        )
        for channel, found in self._backlog.channels.items():
            waiting.add_metric([channel], found.waiting)
            oldest.add_metric([channel], found.oldest.total_seconds())
            overdue.add_metric([channel], found.overdue.total_seconds())
            dead.add_metric([channel], found.dead)
            for state, number in found.finished.items():
                lately.add_metric([channel, state], number)
        yield from (waiting, oldest, overdue, dead, lately)
