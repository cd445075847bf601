"""The mails that a new drive begins with, in each language of the portal, for its coordinators to make their own."""

from members.recruitment.models import Drive, Step

FOLLOW_UP_AFTER = 10  # days

FIRST = {
    "subject_en": "{name}, would you like to join us?",
    "body_en": """Dear {name},

We are {group}: people who teach, train and learn so that nature and people fare better. We meet, we help one another \
with what is hard, and we write down what we learned so that others can use it.

We think you would feel at home among us, and we would learn from you.

{link}

There you see what membership gives and what it asks. Joining is free. If it is not for you, say so on that page and \
we will not ask again.

With warm regards,
{inviter}""",
    "subject_fr": "{name}, et si vous nous rejoigniez ?",
    "body_fr": """Bonjour {name},

Nous sommes {group} : des personnes qui enseignent, forment et apprennent pour que la nature et les gens se portent \
mieux. Nous nous rencontrons, nous nous aidons quand c’est difficile, et nous écrivons ce que nous avons appris pour \
que cela serve à d’autres.

Nous pensons que vous seriez chez vous parmi nous, et que nous apprendrions de vous.

{link}

Vous y verrez ce que l’adhésion apporte et ce qu’elle demande. Elle est gratuite. Si cela ne vous dit rien, dites-le \
sur cette page et nous ne vous le demanderons plus.

Bien cordialement,
{inviter}""",
    "subject_es": "{name}, ¿te gustaría unirte a nosotros?",
    "body_es": """Hola, {name}:

Somos {group}: personas que enseñan, forman y aprenden para que a la naturaleza y a la gente les vaya mejor. Nos \
reunimos, nos ayudamos cuando algo se pone difícil y escribimos lo que aprendimos para que sirva a otros.

Creemos que entre nosotros te sentirás en casa, y que aprenderíamos de ti.

{link}

Allí verás qué ofrece ser miembro y qué pide. Es gratis. Si no es lo tuyo, dilo en esa página y no volveremos a \
preguntar.

Un cordial saludo,
{inviter}""",
}

SECOND = {
    "subject_en": "Our invitation, once more",
    "body_en": """Dear {name},

Some days ago we asked whether you would like to join {group}. Mails get lost among other mails, so here is the way \
once more:

{link}

This is the last time we ask. One press on that page tells us yes or no.

With warm regards,
{inviter}""",
    "subject_fr": "Notre invitation, encore une fois",
    "body_fr": """Bonjour {name},

Il y a quelques jours, nous vous demandions si vous aimeriez rejoindre {group}. Un message se perd vite parmi les \
autres ; voici donc encore une fois le chemin :

{link}

C’est la dernière fois que nous vous le demandons. Sur cette page, il suffit d’un geste pour dire oui ou non.

Bien cordialement,
{inviter}""",
    "subject_es": "Nuestra invitación, una vez más",
    "body_es": """Hola, {name}:

Hace unos días te preguntamos si te gustaría unirte a {group}. Los mensajes se pierden entre otros mensajes, así que \
aquí está el camino una vez más:

{link}

Es la última vez que te lo preguntamos. En esa página basta un gesto para decir que sí o que no.

Un cordial saludo,
{inviter}""",
}

CIRCULAR = {
    "subject_en": "News from {group}",
    "body_en": """Dear {name},

Here is what happened among us since we last wrote, and what comes next.

Write your news here: two or three short paragraphs are read to the end.

{link}

With warm regards,
{inviter}""",
    "subject_fr": "Des nouvelles de {group}",
    "body_fr": """Bonjour {name},

Voici ce qui s’est passé chez nous depuis notre dernier message, et ce qui vient.

Écrivez ici vos nouvelles : deux ou trois courts paragraphes se lisent jusqu’au bout.

{link}

Bien cordialement,
{inviter}""",
    "subject_es": "Noticias de {group}",
    "body_es": """Hola, {name}:

Esto es lo que pasó entre nosotros desde la última vez que escribimos, y lo que viene.

Escribe aquí tus noticias: dos o tres párrafos cortos se leen hasta el final.

{link}

Un cordial saludo,
{inviter}""",
}


def steps_for(drive: Drive) -> list[Step]:
    """The mails of a new drive, not yet stored."""
    if not drive.is_recruitment:
        return [Step(drive=drive, **CIRCULAR)]
    return [Step(drive=drive, **FIRST), Step(drive=drive, days=FOLLOW_UP_AFTER, **SECOND)]
