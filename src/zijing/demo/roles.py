"""The posts of the demo that a visitor may act in with one click, each with something to do where the replay stops."""

from django.utils.translation import gettext_lazy as _

# (key, user name, what the button says)
ROLES = [
    ("secretary", "secretary", _("Party secretary")),
    ("leader", "leader06", _("Leader in charge of projects")),
    ("project_office", "office01", _("Section staff (project office)")),
    ("team", "team05", _("Task team reporter")),
    ("safety_office", "safety01", _("Safety office")),
    ("hotline_clerk", "hotline01", _("Hotline clerk")),
    ("governance_office", "governance01", _("Community governance office")),
    ("community", "community01", _("Community worker")),
    ("grid", "grid0102", _("Grid worker")),
    ("county", "county01", _("County supervision")),
    ("system_admin", "admin01", _("System administrator")),
    ("security_admin", "admin02", _("Security administrator")),
    ("audit_admin", "admin03", _("Audit administrator")),
]
# The posts of the second office, which has just brought its ledgers in.
TOWN_ROLES = [
    ("town_secretary", "town_secretary", _("Party secretary")),
    ("town_office", "town_office", _("Party and government office")),
    ("town_economy", "town_economy", _("Economic development office")),
    ("town_environment", "town_environment", _("Environment office")),
    ("town_archive", "town_archive", _("Legacy matters")),
    ("town_livelihood", "town_livelihood", _("Livelihood office")),
]
