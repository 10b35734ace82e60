"""HTTP connections: gunicorn with threads, slow clients, errors below the application."""
