"""Every metric of the product, with its meaning: the one place where they are named."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

ITEMS = Counter(
    "tingchao_items_total",
    "Items taken from items.raw, by what became of them.",
    ["outcome"],  # document, duplicate, dead_letter
)
DEAD_LETTERS = Counter(
    "tingchao_dead_letters_total", "Messages sent to items.dead.", ["stage", "reason"]
)
BATCH_SECONDS = Histogram(
    "tingchao_batch_seconds",
    "Seconds spent on one batch.",
    ["agent", "stage"],  # stage: process, settle
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
BATCH_ITEMS = Histogram(
    "tingchao_batch_items", "Messages in one batch.", ["agent"], buckets=(1, 10, 50, 100, 250, 500)
)
SINK_RETRIES = Counter(
    "tingchao_sink_retries_total", "Writes to Elasticsearch tried again.", ["reason"]
)
SINK_REFUSED = Counter(
    "tingchao_sink_refused_total", "Documents that Elasticsearch will never take.", ["index"]
)
LAST_BATCH = Gauge(
    "tingchao_last_batch_timestamp_seconds", "When the last batch was settled.", ["agent"]
)
FINGERPRINTS = Gauge("tingchao_fingerprints", "Fingerprints in the window of this worker.")
LIVE_EVENTS = Gauge("tingchao_live_events", "Events that items can still join.")
SIGNALS = Counter("tingchao_signals_total", "Signals sent.", ["level"])
ALERT_CHANGES = Counter(
    "tingchao_alert_changes_total",
    "What signals and the timer did to alerts.",
    ["change"],  # raised, level_up, updated, unchanged, below_level, advanced
)
NOTIFICATIONS = Counter("tingchao_notifications_total", "Notifications sent on.", ["kind"])
DELIVERIES = Counter("tingchao_deliveries_total", "Deliveries tried.", ["channel", "status"])
CONFIG_RELOADS = Counter(
    "tingchao_config_reloads_total", "Configuration files read again.", ["file", "outcome"]
)
READY = Gauge(
    "tingchao_ready", "1 when the agent has rebuilt its state and takes items.", ["agent"]
)
