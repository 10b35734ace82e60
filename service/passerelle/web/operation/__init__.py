"""For those who run it: administration, health, metrics, logs."""
