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
DELIVERY_RETRIES = Counter(
    "tingchao_delivery_retries_total", "Attempts that failed and are made again.", ["channel"]
)
CHANNELS_DEAD = Gauge("tingchao_channels_dead", "Addresses that failed too often in a row.")
ALERT_AUDIT_FINDINGS = Gauge(
    "tingchao_alert_audit_findings",
    "Steps and clocks of open alerts that were due and did not run, or have no receipt.",
)
ALERT_AUDIT_AT = Gauge(
    "tingchao_alert_audit_timestamp_seconds", "When the last audit of alerts' steps ended."
)
CONFIG_RELOADS = Counter(
    "tingchao_config_reloads_total", "Configuration files read again.", ["file", "outcome"]
)
AUDIT_ITEMS = Gauge("tingchao_audit_items", "Items that the last audit looked at.")
AUDIT_MISSING = Gauge(
    "tingchao_audit_missing_items",
    "Items whose offset is committed and that are neither document, duplicate nor dead letter.",
)
AUDIT_AT = Gauge("tingchao_audit_timestamp_seconds", "When the last audit ended.")
LAG = Gauge("tingchao_lag_messages", "Messages that this worker has yet to settle.", ["agent"])
STILL = Gauge(
    "tingchao_still_seconds", "Seconds with messages waiting and none settled.", ["agent"]
)
READY = Gauge(
    "tingchao_ready", "1 when the agent has rebuilt its state and takes items.", ["agent"]
)

SOURCE_RUNS = Counter(
    "tingchao_source_runs_total",
    "Crawls of a source, by what came of them.",
    ["source", "outcome"],  # news, all_seen, nothing, failed
)
SOURCE_ITEMS = Counter("tingchao_source_items_total", "Items a source brought.", ["source"])
SOURCE_ERRORS = Counter(
    "tingchao_source_errors_total", "Pages that could not be had or read.", ["source", "reason"]
)
SOURCE_STATUS = Gauge(
    "tingchao_source_status",
    "1 for the state that a source is in.",
    ["source", "status"],  # new, fine, silent, broken, layout
)
SOURCE_LAST_SUCCESS = Gauge(
    "tingchao_source_last_success_timestamp_seconds",
    "When a source last answered well.",
    ["source"],
)
SOURCE_ITEMS_PER_HOUR = Gauge(
    "tingchao_source_items_per_hour",
    "Items an hour.",
    ["source", "period"],  # day, before
)
