"""Django's SQLite backend with connections that are kept from request to request."""
