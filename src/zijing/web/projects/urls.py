"""The board, the wall, a project's page, the daily report and what follows from a ranking."""

from django.urls import path

from zijing.web.projects import board, consequences, corrections, pages, reporting, wall

urlpatterns = [
    path("board/", board.board_page, name="board"),
    path("board/wall/", wall.wall_page, name="wall"),
    path("projects/<int:pk>/", pages.project, name="project"),
    path("projects/<int:pk>/report/", reporting.report, name="report"),
    path("projects/<int:pk>/report/<int:report>/", reporting.sent, name="report-sent"),
    path("report/", reporting.mine, name="my-report"),
    path("reports/<int:pk>/correct/", corrections.correct, name="report-correct"),
    path("reports/<int:pk>/withdraw/", corrections.withdraw, name="report-withdraw"),
    path("consequences/<int:pk>/", consequences.decide_consequence, name="consequence"),
]
