"""The board, the wall, a project's page, the daily report and what follows from a ranking."""

from django.urls import path

import zijing.web.ids  # noqa: F401  # registers <id:…>
from zijing.web.projects import (
    board,
    channelling,
    consequences,
    contests,
    corrections,
    listing,
    pages,
    reporting,
    schedule,
    wall,
)

urlpatterns = [
    path("board/", board.board_page, name="board"),
    path("board/wall/", wall.wall_page, name="wall"),
    path("board/contests/<slug:key>/", contests.contest_page, name="contest"),
    path("board/contests/<slug:key>/publish/", contests.publish, name="contest-publish"),
    path("screen/<str:key>/", wall.screen_page, name="screen"),
    path("projects/", listing.list_page, name="projects"),
    path("projects/<id:pk>/", pages.project, name="project"),
    path("projects/<id:pk>/channel/", channelling.step, name="channel"),
    path("projects/<id:pk>/schedule/", schedule.schedule, name="schedule"),
    path("works/<id:pk>/", schedule.change, name="schedule-work"),
    path("projects/<id:pk>/report/", reporting.report, name="report"),
    path("projects/<id:pk>/report/<id:report>/", reporting.sent, name="report-sent"),
    path("report/", reporting.mine, name="my-report"),
    path("reports/<id:pk>/correct/", corrections.correct, name="report-correct"),
    path("reports/<id:pk>/withdraw/", corrections.withdraw, name="report-withdraw"),
    path("consequences/<id:pk>/", consequences.decide_consequence, name="consequence"),
]
