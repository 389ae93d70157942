"""Static files under hashed names, also where one module of ours imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

IMPORT = r"""(?P<matched>(?P<import>import\s[^"']*?from\s*)["'](?P<url>\./[^"']+)["']\s*;)"""


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A release's modules import each other by hashed names, so that never two releases are mixed on a page.

    Only our own: what others ship imports in comments, too.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("zijing/*.js", ((IMPORT, '%(import)s"%(url)s";'),)))
