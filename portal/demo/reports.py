"""What the people of the demo wrote from events. Invented, like its authors; the pictures are drawings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """A piece of coverage: moments are in hours before now; `approved` by a coordinator's address."""

    author: str
    event: str
    headline: str
    body: str
    begun: int
    language: str = "en"
    link: str = ""
    photos: tuple[tuple[str, str], ...] = ()  # drawing, what it shows
    handed_in: int | None = None
    approved: int | None = None
    by: str = "coordinator@example.org"


PUBLISHED = (
    Report(
        author="coordinator@example.org",
        event="world-environmental-education-congress",
        language="es",
        headline="La puerta se volvió el programa",
        body="La sala tenía una sola puerta y noventa personas llegaron tarde. La facilitadora dejó de presentar y "
        "pidió a cada quien que entrara con una pregunta, dicha en voz alta desde el umbral.\n\n"
        "Con esas preguntas armamos la tarde. Nadie volvió a mirar el programa impreso.\n\n"
        "> La puerta nos obligó a escuchar de uno en uno.\n\n"
        "Me llevo la idea para el páramo: empezar por el umbral, no por la bienvenida.",
        photos=(("contours", "Dibujo: líneas de nivel alrededor de un punto amarillo, como un cerro visto desde "
                 "arriba."),),
        begun=92 * 24,
        handed_in=91 * 24,
        approved=90 * 24,
        by="coordinator2@example.org",
    ),
    Report(
        author="coordinator3@example.org",
        event="asia-parks-congress",
        language="fr",
        headline="Ce que quarante gardes ont appris à l’animatrice",
        body="Elle avait prévu des affiches et des feutres. Les gardes sont restés debout, bras croisés.\n\n"
        "Alors elle a demandé : « Montrez-moi comment vous relevez une piste. » Ils sont sortis. En une heure, chacun "
        "avait enseigné quelque chose à quelqu’un d’un autre pays, sans langue commune.\n\n"
        "> On n’apprend pas assis ce qu’on fait debout.\n\n"
        "À l’antenne, j’en ai fait trois minutes. Les auditeurs ont appelé pendant une heure.",
        photos=(("shoal", "Dessin : des feuilles sombres qui tournent ensemble comme un banc de poissons, avec "
                 "quelques jaunes et blanches."),),
        begun=43 * 24,
        handed_in=42 * 24 + 5,
        approved=41 * 24,
    ),
    Report(
        author="reporter@example.org",
        event="cbd-cop",
        headline="Day 2: they changed the chairs and the meeting changed",
        body="The contact group on capacity had been stuck since it began. After lunch someone took the tables out and "
        "put the chairs in two rings.\n\n"
        "> We stopped reading positions because we had nowhere to put the paper. By four they had a paragraph.\n\n"
        "I asked the chair who had the idea. She pointed at the interpreter, who had said that she could no longer see "
        "the faces.\n\n"
        "What I learned: before you change the text, change where people sit.",
        link="https://mangrove-notes.example/chairs",
        photos=(
            ("rings", "Drawing: two sets of rings spread over dark water and cross each other."),
            ("braid", "Drawing: six strands in green, yellow and clay run together like a loose plait."),
        ),
        begun=30,
        handed_in=27,
        approved=20,
    ),
)  # fmt: skip

WAITING = Report(
    author="member@example.org",
    event="cbd-cop",
    headline="Two generations, one chair",
    body="Our delegation has one seat and two people for it: a fishery officer of sixty-four and a student of "
    "twenty-two. They change places every hour, and whoever stands must say what was understood.\n\n"
    "> I have never listened so well as when I knew that I would have to repeat it to her.\n\n"
    "By the evening three other delegations had asked how it works.",
    photos=(("reeds", "Drawing: reeds in three greens before a low yellow sun."),),
    begun=9,
    handed_in=6,
)

DRAFT = Report(
    author="reporter@example.org",
    event="cbd-cop",
    headline="Live notes from the youth room",
    body="First question of the morning: who trains the trainers of the trainers? Nobody laughed.\n\n"
    "To do: ask for the name of the speaker from Suva, check the number of schools.",
    photos=(("delta", ""),),
    begun=3,
)
