"""A site of invented publishers on loopback, to be crawled by the demo and the tests."""
