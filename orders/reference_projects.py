"""What reviewers score, to begin with. ISIS and DINAMIS publish no grid: these questions are ours."""

from orders.models import Criterion, Track

# code, track ("" is both), weight, French, English
CRITERIA = (
    ("quality", "", 3, "Qualité scientifique ou technique", "Scientific or technical quality"),
    ("need", "", 3, "Nécessité d’images à très haute résolution", "Need for very high resolution"),
    ("feasible", "", 2, "Faisabilité : lieux, dates, méthode", "Feasibility: places, dates, method"),
    ("means", "", 2, "Justesse du volume demandé", "The volume asked is justified"),
    ("use", "", 1, "Diffusion et usage des résultats", "Sharing and use of the results"),
    (
        "cofunding", Track.COFUNDED, 2,
        "Intérêt pour le programme du CNES", "Interest for the programme of CNES",
    ),
)  # fmt: skip


def load() -> None:
    """Create the criteria that are missing; those an administrator has changed stay as they are."""
    for rank, (code, track, weight, french, english) in enumerate(CRITERIA, start=1):
        Criterion.objects.get_or_create(
            code=code,
            defaults={
                "track": track,
                "weight": weight,
                "name_fr": french,
                "name_en": english,
                "order": 10 * rank,
            },
        )
