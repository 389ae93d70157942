"""What granian loads in each of its workers: the application, in a process that ends with the server it belongs to."""

from zijing.cli.children import die_with_parent

die_with_parent()

from zijing.config.wsgi import application  # noqa: E402  # the bond comes first, the long import after it

__all__ = ["application"]
