"""All addresses of courses, one module per subject; every page of an activity is reached through its course."""

from courses.urls import materials, outcomes, overview, questions, review, runs, student, studio

app_name = "courses"
urlpatterns = [
    # COST: addresses are tried one after the other, and students send nine requests of ten: theirs come first.
    *student.urlpatterns,
    *overview.urlpatterns,
    *studio.urlpatterns,
    *materials.urlpatterns,
    *questions.urlpatterns,
    *outcomes.urlpatterns,
    *review.urlpatterns,
    *runs.urlpatterns,
]
