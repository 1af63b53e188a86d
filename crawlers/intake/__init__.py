"""Where partners, hotlines and staff hand things in: REST, a webhook, forms."""
