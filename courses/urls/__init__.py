"""All addresses of courses, one module per subject; every page of an activity is reached through its course."""

from courses.urls import (
    assessment,
    environments,
    exchange,
    findings,
    materials,
    outcomes,
    overview,
    paper,
    presence,
    questions,
    review,
    runs,
    storyboards,
    student,
    studio,
    versions,
)

app_name = "courses"
urlpatterns = [
    # COST: addresses are tried one after the other, and students send nine requests of ten: theirs come first.
    *student.urlpatterns,
    *overview.urlpatterns,
    *studio.urlpatterns,
    *presence.urlpatterns,
    *storyboards.urlpatterns,
    *exchange.urlpatterns,
    *materials.urlpatterns,
    *questions.urlpatterns,
    *outcomes.urlpatterns,
    *assessment.urlpatterns,
    *environments.urlpatterns,
    *review.urlpatterns,
    *findings.urlpatterns,
    *versions.urlpatterns,
    *runs.urlpatterns,
    *paper.urlpatterns,
]
