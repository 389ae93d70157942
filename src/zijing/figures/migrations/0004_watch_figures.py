"""Changes of figures change the stamp under which kinds and what is defined of them are kept in memory."""

from django.db import migrations

from zijing.core.stamps import KINDS, unwatch, watch


class Migration(migrations.Migration):
    """``figures_figure`` is watched from here on."""

    dependencies = [("figures", "0003_figures_of_every_measure"), ("records", "0003_watch_kinds")]

    operations = [migrations.RunPython(watch("figures_figure", KINDS), unwatch("figures_figure"))]
