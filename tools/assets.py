"""Copy the front-end libraries from node_modules to assets/vendor, and build the sprite of the icons that are used."""

import csv
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES, VENDOR = ROOT / "node_modules", ROOT / "assets" / "vendor"
COPIES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
}
ICONS = MODULES / "@tabler" / "icons" / "icons" / "outline"
SOURCE_MAP = re.compile(r"^\s*/[/*][#@]\s*sourceMappingURL=.*$", re.MULTILINE)
QUOTED = re.compile(r"""["']([a-z][a-z0-9-]*)["']""")
STROKES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def copy_libraries() -> None:
    """Copy what is served; without source map lines, which point at files that are not."""
    for name, source in COPIES.items():
        origin, target = MODULES / source, VENDOR / name
        if not target.exists() or target.stat().st_mtime < origin.stat().st_mtime:
            target.write_text(SOURCE_MAP.sub("", origin.read_text(encoding="utf-8")), encoding="utf-8")
            shutil.copystat(origin, target)


def icons_used() -> list[str]:
    """Every quoted word in templates, sources and packs that is the name of an icon."""
    files = [p for kind in ("html", "py") for p in (ROOT / "src").rglob(f"*.{kind}")]
    files += (ROOT / "packs").rglob("*.toml")
    words = {w for p in files for w in QUOTED.findall(p.read_text(encoding="utf-8"))}
    for table in (ROOT / "packs").rglob("rail.csv"):
        with table.open(encoding="utf-8-sig", newline="") as file:
            words |= {row["icon"] for row in csv.DictReader(file)}
    return sorted(w for w in words if (ICONS / f"{w}.svg").exists())


def symbol(name: str) -> str:
    """The icon as a symbol of the sprite."""
    drawn = INSIDE.search((ICONS / f"{name}.svg").read_text(encoding="utf-8"))
    lines = re.sub(r"\s+", " ", drawn[1] if drawn else "").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24" {STROKES}>{lines}</symbol>'


def build_sprite() -> None:
    """Write the sprite when it differs."""
    drawing = "".join(symbol(name) for name in icons_used())
    sprite, target = f'<svg xmlns="http://www.w3.org/2000/svg">{drawing}</svg>', VENDOR / "icons.svg"
    if not target.exists() or target.read_text(encoding="utf-8") != sprite:
        target.write_text(sprite, encoding="utf-8")


if __name__ == "__main__":
    VENDOR.mkdir(parents=True, exist_ok=True)
    copy_libraries()
    build_sprite()
