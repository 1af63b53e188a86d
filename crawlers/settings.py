"""Scrapy settings of every crawl: polite, bounded, and safe by default."""

from __future__ import annotations

BOT_NAME = "tingchao"
SPIDER_MODULES = ["crawlers.spiders"]
USER_AGENT = "Mozilla/5.0 (compatible; Tingchao/0.1)"  # and the contact of the settings

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Tingchao"
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 8
COOKIES_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

# Bounds on what one page may cost. Decompressed bodies count too.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
DOWNLOAD_TIMEOUT = 30
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
DEPTH_LIMIT = 200
DNS_TIMEOUT = 10
# Items of one page that wait for the broker together. Scrapy makes a task for each place
# and page, so a high number costs more than it brings.
CONCURRENT_ITEMS = 16

# http(s) only, through the guard; the other handlers are removed.
DOWNLOAD_HANDLERS = {
    "http": "crawlers.guarded_http.GuardedHttp",
    "https": "crawlers.guarded_http.GuardedHttp",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawlers.robots.StrictRobots": 100,
}
HTTPPROXY_ENABLED = False  # a proxy would hide the real address from the guard
TELNETCONSOLE_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = False  # many county sites have lapsed ones; content is public

ITEM_PIPELINES = {"crawlers.publish.PublishPipeline": 900}
EXTENSIONS = {
    "crawlers.summary.SummaryExtension": 500,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "crawlers.politeness.PoliteThrottle": 0,
}
LOG_LEVEL = "WARNING"
LOGSTATS_INTERVAL = 0
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
FEED_EXPORT_ENCODING = "utf-8"
