"""Each file is one way to run the chain: `run(config, endpoints, items) -> seconds`."""
