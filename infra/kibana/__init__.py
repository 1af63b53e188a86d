"""What analysts get in Kibana, made from the same definitions as the mappings."""
