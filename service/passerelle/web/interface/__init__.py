"""The HTTP interface described: OpenAPI."""
