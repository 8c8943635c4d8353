"""The way out: every call to another system passes the egress guard, the connection's gate and the log."""
