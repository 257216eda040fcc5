"""The API's addresses, under /api/v1/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from dinamis import openapi
from orders.api import (
    attempts,
    baskets,
    callbacks,
    decisions,
    dry_runs,
    joint,
    lines,
    modulations,
    orders,
    pool_acts,
    pools,
    project_acts,
    projects,
    questions,
    quota,
    series,
)

# DRF decides who may come in, and answers 401 or 403 as a problem document, not a log-in page.
_open = login_not_required

urlpatterns = [
    path("openapi.json", openapi.document(), name="api_openapi"),
    path("quotes", _open(orders.Quotes.as_view()), name="api_quotes"),
    path("quotes/dry-run", _open(dry_runs.DryRun.as_view()), name="api_dry_run"),
    path("quota/periods", _open(quota.Periods.as_view()), name="api_periods"),
    path("quota/periods/<int:pk>/purses", _open(quota.Purses.as_view()), name="api_purses"),
    path(
        "quota/periods/<int:pk>/movements", _open(quota.Movements.as_view()), name="api_movements"
    ),
    path("quota/periods/<int:pk>/sizes", _open(quota.Sizes.as_view()), name="api_sizes"),
    path("quota/modulations", _open(modulations.Modulations.as_view()), name="api_modulations"),
    path(
        "quota/modulations/<int:pk>",
        _open(modulations.OneModulation.as_view()),
        name="api_modulation",
    ),
    path(
        "quota/modulations/<int:pk>/steps/apply",
        _open(modulations.ModulationApply.as_view()),
        name="api_modulation_apply",
    ),
    path(
        "quota/modulations/<int:pk>/steps/drop",
        _open(modulations.ModulationDrop.as_view()),
        name="api_modulation_drop",
    ),
    path("projects", _open(projects.Projects.as_view()), name="api_projects"),
    path("projects/<str:reference>", _open(projects.OneProject.as_view()), name="api_project"),
    path("projects/<str:reference>/basket", _open(baskets.Basket.as_view()), name="api_basket"),
    path(
        "projects/<str:reference>/basket/<int:pk>/take-out",
        _open(baskets.TakeOut.as_view()),
        name="api_basket_take_out",
    ),
    path(
        "projects/<str:reference>/steps/<slug:step>",
        _open(project_acts.ProjectStep.as_view()),
        name="api_project_step",
    ),
    path(
        "projects/<str:reference>/offer",
        _open(project_acts.ProjectOffer.as_view()),
        name="api_project_offer",
    ),
    path(
        "projects/<str:reference>/allotments",
        _open(project_acts.ProjectAllotments.as_view()),
        name="api_project_allotments",
    ),
    path("programmes", _open(series.Programmes.as_view()), name="api_programmes"),
    path(
        "programmes/<str:reference>",
        _open(series.OneProgramme.as_view()),
        name="api_programme",
    ),
    path(
        "programmes/<str:reference>/steps/<slug:step>",
        _open(series.ProgrammeStep.as_view()),
        name="api_programme_step",
    ),
    path(
        "programmes/<str:reference>/times/<int:number>/skip",
        _open(series.ProgrammeSkip.as_view()),
        name="api_programme_skip",
    ),
    path("pools", _open(pools.Pools.as_view()), name="api_pools"),
    path("pools/<int:pk>", _open(pools.OnePool.as_view()), name="api_pool"),
    path("pools/<int:pk>/pledges", _open(pools.PoolPledges.as_view()), name="api_pool_pledges"),
    path(
        "pools/<int:pk>/pledges/<int:pledge>/withdraw",
        _open(pool_acts.PledgeWithdrawal.as_view()),
        name="api_pool_pledge_withdraw",
    ),
    path("pools/<int:pk>/cancel", _open(pool_acts.PoolCancel.as_view()), name="api_pool_cancel"),
    path("pools/<int:pk>/draws", _open(pool_acts.PoolDraws.as_view()), name="api_pool_draws"),
    path(
        "pools/<int:pk>/draws/<int:draw>/vote",
        _open(pool_acts.DrawVote.as_view()),
        name="api_pool_draw_vote",
    ),
    path(
        "pools/<int:pk>/draws/<int:draw>/decide",
        _open(pool_acts.DrawWord.as_view()),
        name="api_pool_draw_decide",
    ),
    path(
        "decisions/<int:pk>/undo", _open(decisions.DecisionUndo.as_view()), name="api_decision_undo"
    ),
    path("questions", _open(questions.Questions.as_view()), name="api_questions"),
    path("questions/<int:pk>", _open(questions.OneQuestion.as_view()), name="api_question"),
    path(
        "questions/<int:pk>/answer",
        _open(questions.QuestionAnswer.as_view()),
        name="api_question_answer",
    ),
    path(
        "questions/<int:pk>/take-back",
        _open(questions.QuestionTakeBack.as_view()),
        name="api_question_take_back",
    ),
    path("stand-ins", _open(questions.Standins.as_view()), name="api_standins"),
    path("stand-ins/<int:pk>/end", _open(questions.StandinEnd.as_view()), name="api_standin_end"),
    path("joint-requests", _open(joint.JointRequests.as_view()), name="api_joint"),
    path(
        "joint-requests/parts/<int:pk>/answer",
        _open(joint.JointAnswer.as_view()),
        name="api_joint_answer",
    ),
    path(
        "joint-requests/<int:pk>/place", _open(joint.JointPlace.as_view()), name="api_joint_place"
    ),
    path(
        "joint-requests/<int:pk>/part", _open(joint.JointParting.as_view()), name="api_joint_part"
    ),
    path("orders", _open(orders.Orders.as_view()), name="api_orders"),
    path("orders/<str:reference>", _open(orders.OneOrder.as_view()), name="api_order"),
    path(
        "orders/<str:reference>/lines/<int:number>/steps/<slug:step>",
        _open(orders.LineStep.as_view()),
        name="api_line_step",
    ),
    path(
        "orders/<str:reference>/lines/<int:number>/questions",
        _open(questions.LineQuestions.as_view()),
        name="api_line_questions",
    ),
    path(
        "orders/<str:reference>/lines/<int:number>/cancel",
        _open(lines.LineCancel.as_view()),
        name="api_line_cancel",
    ),
    path(
        "orders/<str:reference>/lines/<int:number>/rest",
        _open(lines.LineRest.as_view()),
        name="api_line_rest",
    ),
    path(
        "orders/<str:reference>/lines/<int:number>/attempts",
        _open(attempts.Attempts.as_view()),
        name="api_attempts",
    ),
    path(
        "orders/<str:reference>/lines/<int:number>/attempts/<int:attempt>/steps/<slug:step>",
        _open(attempts.AttemptStep.as_view()),
        name="api_attempt_step",
    ),
    path(
        "suppliers/<slug:key>/callback",
        _open(callbacks.SupplierCallback.as_view()),
        name="api_supplier_callback",
    ),
]
