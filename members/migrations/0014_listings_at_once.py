"""Listings are written once a statement, only where something of them changed, and in a third of the time.

What they say stays the same, so that none has to be written again. Migration 0012 says what they are made of.
"""

from importlib import import_module

from django.db import migrations

first = import_module("members.migrations.0012_search_words_by_audience")

# Each of these letters is folded by itself, for which PostgreSQL's own dictionary of accents is enough, and quick.
FOLD = r"""
ALTER FUNCTION members_fold(text) RENAME TO members_fold_any;
CREATE FUNCTION members_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN octet_length($1) = length($1) THEN lower($1)
    WHEN $1 !~ '[^\u0001-\u007e\u00c0-\u013e\u0141-\u017e\u2013\u2014\u2018\u2019\u201c\u201d\u2026]' THEN portal_unaccent(lower($1))
    ELSE members_fold_any($1) END
$$
"""
FOLD_AS_BEFORE = """
DROP FUNCTION members_fold(text);
ALTER FUNCTION members_fold_any(text) RENAME TO members_fold
"""

# Without STRICT both are made part of the question that asks them.
NEARLY = """
CREATE OR REPLACE FUNCTION members_nearly(word text, sign text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT sign || left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word) + 1) AS place
$$
"""
SHORT = r"""
CREATE OR REPLACE FUNCTION members_short(text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT found FROM unnest(members_split($1)) AS word CROSS JOIN LATERAL (
    SELECT word UNION ALL
    SELECT near FROM members_nearly(word, '~') AS near WHERE length(word) BETWEEN 4 AND 20 UNION ALL
    SELECT substr(word, place) FROM generate_series(2, least(length(word), 40)) AS place
    WHERE word ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]'
) AS each (found)
$$
"""

# Each vector is worked out once. Where a text has nothing but letters of English and sentences, its words are the same
# with and without accents.
FORMS = r"""
CREATE OR REPLACE FUNCTION members_forms(spoken text, weight "char") RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    plain text := array_to_string(members_split(spoken), ' ');
    french tsvector := to_tsvector('french', plain);
    spanish tsvector := to_tsvector('spanish', plain);
    french_spoken tsvector := french;
    spanish_spoken tsvector := spanish;
BEGIN
    IF spoken ~ '[^A-Za-z ,;!?.\r\n]|\.\S' THEN
        french_spoken := to_tsvector('french', spoken);
        spanish_spoken := to_tsvector('spanish', spoken);
    END IF;
    RETURN setweight(to_tsvector('simple', plain) || to_tsvector('english', plain)
        || french_spoken || french || spanish_spoken || spanish, weight);
END
$$
"""

# As in 0012, but each part is read once for both audiences, and members are looked up whether few or many are named.
ROWS = """
CREATE OR REPLACE FUNCTION members_listings(members bigint[] DEFAULT NULL) RETURNS TABLE (
    member_id bigint, level smallint, sort_key text, name text, words tsvector, country_id bigint, languages text[],
    topics bigint[], takes_requests boolean
) LANGUAGE sql STABLE AS $$
SELECT member.id, audience.level, account.sort_key, array_to_string(called.words, ' '),
    part.name || CASE WHEN member.headline_shown_to <= audience.level THEN part.headline ELSE '' END
        || CASE WHEN member.organisation_shown_to <= audience.level THEN part.organisation ELSE '' END
        || CASE WHEN member.city_shown_to <= audience.level THEN part.city ELSE '' END
        || CASE WHEN audience.level = 0 THEN part.place_of_everyone ELSE part.place END
        || CASE WHEN member.bio_shown_to <= audience.level THEN part.bio ELSE '' END
        || CASE WHEN member.topics_shown_to <= audience.level THEN part.topics ELSE '' END,
    CASE WHEN member.country_shown_to <= audience.level THEN member.country_id END,
    CASE WHEN member.languages_shown_to <= audience.level THEN member.languages::text[] ELSE '{}' END,
    CASE WHEN member.topics_shown_to <= audience.level THEN chosen.topics ELSE '{}' END,
    member.takes_requests
FROM members_member AS member
JOIN portal_user AS account ON account.id = member.user_id
CROSS JOIN LATERAL (SELECT members_split(account.name) OFFSET 0) AS called (words)
CROSS JOIN LATERAL (
    SELECT ARRAY(SELECT topic_id FROM members_member_topics WHERE member_id = member.id ORDER BY topic_id) OFFSET 0
) AS chosen (topics)
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN member.headline_shown_to <= 1 THEN member.headline ELSE '' END,
        CASE WHEN member.bio_shown_to <= 1 THEN member.bio ELSE '' END,
        CASE WHEN member.organisation_shown_to <= 1 THEN member.organisation ELSE '' END,
        CASE WHEN member.organisation_shown_to <= 0 THEN member.organisation ELSE '' END,
        CASE WHEN member.city_shown_to <= 1 THEN member.city ELSE '' END,
        CASE WHEN member.city_shown_to <= 0 THEN member.city ELSE '' END
) AS seen (headline, bio, organisation, organisation_by_everyone, city, city_by_everyone)
CROSS JOIN LATERAL (
    SELECT members_forms(concat_ws(' ', seen.organisation, seen.city), 'B') OFFSET 0
) AS place (words)
CROSS JOIN LATERAL (
    SELECT array_to_tsvector(ARRAY(
            SELECT word FROM members_short(account.name) AS word UNION ALL
            SELECT near FROM members_nearly(left(array_to_string(called.words, ''), 60), '=') AS near UNION ALL
            SELECT '@' || word FROM unnest(called.words) AS word
        )),
        array_to_tsvector(ARRAY(SELECT word FROM members_short(seen.headline) AS word))
            || members_forms(seen.headline, 'A'),
        array_to_tsvector(ARRAY(SELECT word FROM members_short(seen.organisation) AS word)),
        array_to_tsvector(ARRAY(SELECT word FROM members_short(seen.city) AS word)),
        place.words,
        CASE WHEN (seen.organisation, seen.city) = (seen.organisation_by_everyone, seen.city_by_everyone)
            THEN place.words
            ELSE members_forms(concat_ws(' ', seen.organisation_by_everyone, seen.city_by_everyone), 'B') END,
        members_forms(seen.bio, 'C'),
        array_to_tsvector(ARRAY(SELECT '#' || topic FROM unnest(chosen.topics) AS topic))
    OFFSET 0
) AS part (name, headline, organisation, city, place, place_of_everyone, bio, topics)
CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS audience (level)
WHERE member.id = ANY(coalesce(members, ARRAY(SELECT id FROM members_member)))
    AND member.status IN ('active', 'on_leave') AND account.is_active
    AND (member.visibility = 'everyone' OR audience.level > 0)
$$
"""

# Planned once a session, by keys, for few members and for many: planning takes longer than one member does.
# EXCEPT leaves those of whom something that is listed changed. The lock, in one order for all, lets two who change one
# member at a time wait for each other, so that the later one sees the earlier change.
LIST_AGAIN = """
CREATE OR REPLACE FUNCTION members_list_again() RETURNS trigger LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    changed bigint[];
BEGIN
    CASE TG_TABLE_NAME || ' ' || TG_OP
        WHEN 'members_member INSERT' THEN changed := ARRAY(SELECT id FROM later);
        WHEN 'members_member UPDATE' THEN changed := ARRAY(SELECT id FROM (
            SELECT {searched} FROM later EXCEPT SELECT {searched} FROM earlier
        ) AS other);
        WHEN 'members_member_topics INSERT' THEN changed := ARRAY(SELECT DISTINCT member_id FROM later);
        WHEN 'members_member_topics DELETE' THEN changed := ARRAY(SELECT DISTINCT member_id FROM earlier);
        WHEN 'members_member_topics UPDATE' THEN
            changed := ARRAY(SELECT member_id FROM later UNION SELECT member_id FROM earlier);
        ELSE changed := ARRAY(SELECT member.id FROM members_member AS member JOIN (
            SELECT id, name, is_active FROM later EXCEPT SELECT id, name, is_active FROM earlier
        ) AS other ON other.id = member.user_id);
    END CASE;
    IF cardinality(changed) = 0 THEN RETURN NULL; END IF;
    PERFORM FROM members_member WHERE id = ANY(changed) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM members_listing WHERE member_id = ANY(changed);
    INSERT INTO members_listing (member_id, level, sort_key, name, words, country_id, languages, topics, takes_requests)
        SELECT * FROM members_listings(changed);
    RETURN NULL;
END
$$
""".replace(
    "{searched}",
    "id, user_id, status, visibility, takes_requests, headline, organisation, bio, city, country_id, languages, "
    "headline_shown_to, organisation_shown_to, bio_shown_to, city_shown_to, country_shown_to, languages_shown_to, "
    "topics_shown_to",
)

WATCHED = {
    "members_member": ("INSERT", "UPDATE"),
    "members_member_topics": ("INSERT", "UPDATE", "DELETE"),
    "portal_user": ("UPDATE",),
}
ROWS_OF = {
    "INSERT": "NEW TABLE AS later",
    "UPDATE": "OLD TABLE AS earlier NEW TABLE AS later",
    "DELETE": "OLD TABLE AS earlier",
}


def trigger(table, event):
    """Once a statement; PostgreSQL wants one for each event where the rows are looked at together."""
    name = f"members_list_again_{event.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {ROWS_OF[event]} "
        "FOR EACH STATEMENT EXECUTE FUNCTION members_list_again()",
        f"DROP TRIGGER {name} ON {table}",
    )


def rewritten(sql, before):
    return migrations.RunSQL(sql, before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


TRIGGERS_AS_BEFORE = first.TRIGGERS[first.TRIGGERS.index("CREATE TRIGGER") :]


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0013_letters"),
    ]

    operations = [
        migrations.RunSQL(first.NO_TRIGGERS, TRIGGERS_AS_BEFORE),
        migrations.RunSQL(FOLD, FOLD_AS_BEFORE),
        rewritten(NEARLY, first.NEARLY),
        rewritten(SHORT, first.SHORT),
        rewritten(FORMS, first.FORMS),
        rewritten(ROWS, first.ROWS),
        rewritten(LIST_AGAIN, first.LIST_AGAIN),
        *(trigger(table, event) for table, events in WATCHED.items() for event in events),
    ]
