"""The people of the demo. None of them exists; their names, places and work are made up."""

from dataclasses import dataclass

from portal.demo import palette
from portal.demo.portraits import Looks

LIGHT, FAIR, OLIVE = ("#f3cfb3", "#dba988"), ("#efc7a0", "#d3a074"), ("#e5b48c", "#c58f66")
TAN, BROWN, DARK = ("#c98d5f", "#a56c42"), ("#7c4a2d", "#5a321d"), ("#5a3522", "#3f2417")


@dataclass(frozen=True)
class Person:
    """Somebody of the demo: account, application and profile. `joined` is how many days ago they became a member."""

    email: str
    name: str
    country: str
    city: str
    language: str
    languages: tuple[str, ...]
    headline: str
    bio: str
    topics: tuple[str, ...]
    motivation: str
    joined: int
    looks: Looks
    is_for_everyone: bool = True
    organisation: str = ""
    links: tuple[str, ...] = ()
    hours: int | None = None


COORDINATORS = (
    Person(
        email="coordinator@example.org",
        name="Luz Ocampo Rentería",
        country="EC",
        city="Quito",
        language="en",
        languages=("es", "en"),
        headline="Director of learning, páramo alliance",
        bio="I help eleven organisations in the high Andes learn from what each of them tried last year.\n\n"
        "Ask me how to make people tell what went wrong, and how to write it down so that somebody reads it.",
        topics=("organisational-learning", "communities-of-practice", "after-action-review"),
        motivation="We have been running learning days on the páramo for nine years, mostly by ear. I would like to "
        "compare notes with people who do the same elsewhere, and I can give time to keep the group going.",
        organisation="Alianza del Páramo",
        links=("https://paramo.example/aprender",),
        hours=6,
        joined=900,
        looks=Looks(OLIVE, "bun", palette.BROWN, palette.CLAY, palette.FOREST, palette.MOSS,
                    earrings=palette.SUN),
    ),
    Person(
        email="coordinator2@example.org",
        name="Ragna Qvist",
        country="NO",
        city="Tromsø",
        language="en",
        languages=("en", "fr"),
        headline="Learning designer",
        bio="I design courses that happen outdoors and at work rather than in a room with a projector.\n\n"
        "Ask me about facilitation with people who do not share a language.",
        topics=("social-learning", "facilitation", "storytelling"),
        motivation="Half of what I know I learned from facilitators in other countries. I want to pay some of it back.",
        organisation="Nordlys læringsverksted",
        links=("https://nordlys.example/blog",),
        hours=4,
        joined=870,
        looks=Looks(LIGHT, "bob", palette.GREY, palette.BRICK, palette.SAND, palette.MIST,
                    is_laughing=True, has_lines=True),
    ),
    Person(
        email="coordinator3@example.org",
        name="Amadou Senghane",
        country="SN",
        city="Saint-Louis",
        language="fr",
        languages=("fr", "en"),
        headline="Producteur de radio communautaire",
        bio="À la radio, on apprend en écoutant ceux qu’on n’invite jamais. Je forme des équipes de reporters dans "
        "six villages du delta.\n\nDemandez-moi comment raconter une aire protégée en trois minutes.",
        topics=("social-learning", "citizen-journalism", "cepa"),
        motivation="Nos auditeurs posent des questions auxquelles je ne sais pas répondre seul. Je cherche des "
        "collègues, et j’apporte un studio.",
        organisation="Radio Ndar Teranga",
        hours=4,
        joined=850,
        looks=Looks(DARK, "short", palette.BLACK, palette.SUN, palette.CLAY, palette.BRICK, beard="short"),
    ),
)  # fmt: skip

MEMBERS = (
    Person(
        email="member@example.org",
        name="Tevita Loloma",
        country="FJ",
        city="Suva",
        language="en",
        languages=("en",),
        headline="Youth programme lead",
        bio="I run a year-long programme in which young people and retired fishery officers share one job.\n\n"
        "Ask me what the older ones learned.",
        topics=("social-learning", "youth-leadership", "intergenerational-partnership"),
        motivation="I would like to hear how others bring two generations to one table without a speech at the start.",
        organisation="Vanua Youth Network",
        links=("https://vanua.example/notes",),
        hours=3,
        joined=610,
        looks=Looks(BROWN, "curls", palette.BLACK, palette.FOREST, palette.MOSS, palette.MIST,
                    beard="short", is_laughing=True),
    ),
    Person(
        email="reporter@example.org",
        name="Ines Maraño Villar",
        country="PH",
        city="Iloilo",
        language="en",
        languages=("en", "es"),
        headline="Teacher and mangrove grower",
        bio="My school moved its science lessons into the mangroves after the typhoon and never moved back.\n\n"
        "Ask me about teaching at low tide, and about writing from an event on a phone.",
        topics=("nature-based-learning", "education-for-sustainable-development", "storytelling"),
        motivation="I write about what my pupils find out. I would like to write about what grown-ups find out, too.",
        organisation="Iloilo Coastal High School",
        hours=2,
        joined=430,
        looks=Looks(TAN, "plaits", palette.BLACK, palette.DEEP, palette.SAND, palette.SUN,
                    earrings=palette.BRICK),
    ),
    Person(
        email="juror@example.org",
        name="Noor Al-Hadidi نور الحديدي",
        country="JO",
        city="Amman",
        language="en",
        languages=("en", "fr"),
        headline="Facilitator",
        bio="Twenty years of rooms in which people came to disagree about water.\n\n"
        "Ask me how to begin, and when to stop talking.",
        topics=("multi-stakeholder-dialogue", "conflict-resolution", "facilitation"),
        motivation="I am looking for a place where facilitators say what did not work.",
        joined=380,
        looks=Looks(OLIVE, "scarf", palette.FOREST, palette.FOREST, palette.PAPER, palette.SUN),
    ),
    Person(
        email="wren@example.org",
        name="Wren Kakegamic",
        country="CA",
        city="Thunder Bay",
        language="en",
        languages=("en", "fr"),
        headline="Knowledge keeper and coach",
        bio="I coach people who lead together. The land does most of the coaching.",
        topics=("coaching-and-mentoring", "collective-leadership", "indigenous-and-local-knowledge"),
        motivation="Elders asked me to find out who else is teaching this way, and to listen first.",
        organisation="Lakehead Land School",
        joined=340,
        looks=Looks(TAN, "long", palette.BLACK, palette.BRICK, palette.DEEP, palette.FOREST),
        is_for_everyone=False,
    ),
    Person(
        email="anahit@example.org",
        name="Anahit Petrosyan Անահիտ Պետրոսյան",
        country="AM",
        city="Yerevan",
        language="en",
        languages=("en", "fr"),
        headline="Museum educator",
        bio="I turn dusty halls of stuffed animals into places where children ask better questions than the labels "
        "answer.\n\nAsk me about exhibitions made with their visitors.",
        topics=("heritage-interpretation", "participatory-planning", "science-communication"),
        motivation="The Conference of the Parties comes to our city. I want our schools to learn something from it.",
        organisation="Museum of the Ararat Valley",
        links=("https://museum-ararat.example/",),
        joined=210,
        looks=Looks(FAIR, "long", palette.BROWN, palette.MOSS, palette.CLAY, palette.SAND, has_glasses=True),
    ),
    Person(
        email="meilin@example.org",
        name="Chen Meilin 陈美琳",
        country="CN",
        city="Kunming",
        language="en",
        languages=("en",),
        headline="Evaluator of training programmes",
        bio="I visit rangers one year after their course and ask what they still use.\n\n"
        "Ask me about evaluation that the evaluated look forward to.",
        topics=("learning-evaluation", "workplace-learning", "adaptive-management"),
        motivation="I have data on what people forget. I would like to help build what they remember.",
        organisation="Dianchi Evaluation Practice",
        hours=2,
        joined=180,
        looks=Looks(FAIR, "bob", palette.BLACK, palette.MIST, palette.BRICK, palette.CLAY, has_glasses=True),
    ),
    Person(
        email="wanjiru@example.org",
        name="Wanjirũ Kamande",
        country="KE",
        city="Naivasha",
        language="en",
        languages=("en",),
        headline="Citizen science organiser",
        bio="Four hundred fishers count birds with us every January. They argue about every gull.\n\n"
        "Ask me how to keep volunteers for ten years.",
        topics=("citizen-science", "community-engagement", "womens-leadership"),
        motivation="Our volunteers want to lead the counts themselves. I want to learn how others let go.",
        organisation="Naivasha Lake Watch",
        links=("https://lakewatch.example/diary",),
        hours=5,
        joined=150,
        looks=Looks(BROWN, "round", palette.BLACK, palette.SUN, palette.FOREST, palette.MOSS,
                    earrings=palette.CLAY, is_laughing=True),
    ),
    Person(
        email="joaquin@example.org",
        name="Joaquín Ferreyra Paz",
        country="CR",
        city="Cartago",
        language="es",
        languages=("es", "en"),
        headline="Guardaparques y formador de guardaparques",
        bio="Treinta años en el volcán. Ahora enseño a los que llegan, y ellos me enseñan a usar el teléfono.\n\n"
        "Pregúntenme por las revisiones después de cada salida: diez minutos, de pie, con café.",
        topics=("after-action-review", "peer-learning", "workplace-learning"),
        motivation="Quiero saber cómo aprenden los guardaparques en otros países y contar cómo lo hacemos aquí.",
        organisation="Escuela de Guardaparques de Talamanca",
        hours=3,
        joined=120,
        looks=Looks(OLIVE, "hat", palette.BROWN, palette.FOREST, palette.MIST, palette.LEAF, beard="short"),
    ),
    Person(
        email="claire@example.org",
        name="Claire Lestrange-Moreau",
        country="FR",
        city="Brest",
        language="fr",
        languages=("fr", "en"),
        headline="Conceptrice de jeux sérieux",
        bio="Je fais jouer des élus, des pêcheurs et des biologistes à gérer la même baie.",
        topics=("game-based-learning", "systems-thinking", "participatory-planning"),
        motivation="J’aimerais tester mes jeux avec des groupes d’autres régions, et apprendre les leurs.",
        organisation="Atelier Jeux de Rivière",
        links=("https://jeux-riviere.example/carnet",),
        joined=60,
        looks=Looks(LIGHT, "long", palette.AUBURN, palette.MOSS, palette.MIST, palette.SUN,
                    is_laughing=True),
        is_for_everyone=False,
    ),
)  # fmt: skip

APPLICANT = Person(
    email="malgorzata@example.org",
    name="Małgorzata Świderek-Łabno",
    country="PL",
    city="Białowieża",
    language="en",
    languages=("en",),
    headline="",
    bio="",
    topics=(),
    motivation="I evaluate training for forest guides and keep finding that the best lessons happened on the bus. "
    "I would like to meet people who plan for the bus. I could give two evenings a month.",
    joined=0,
    looks=MEMBERS[0].looks,
)
