"""The Flask application; nothing else knows Flask."""
