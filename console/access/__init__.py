"""Who may in: accounts, sessions, keys, and the record of what was done."""
