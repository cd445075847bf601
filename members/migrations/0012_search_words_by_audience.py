"""The table that the directory is searched in, and the triggers by which the database keeps it true."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Lower case, without accents, and without what else the scripts of the world put above and below their letters.
FOLD = r"""
CREATE FUNCTION members_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN octet_length($1) = length($1) THEN lower($1) ELSE portal_unaccent(normalize(regexp_replace(normalize(lower($1), NFKD),
    '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f'
    '\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1\u08e3-\u08ff\u093c\u094d\u0951-'
    '\u0954\u09bc\u09cd\u0a3c\u0a4d\u0abc\u0acd\u0b3c\u0b4d\u0bcd\u0c4d\u0cbc\u0ccd\u0d4d\u0dca\u0e38-\u0e3a\u0e48-'
    '\u0e4b\u0eb8-\u0eba\u0ec8-\u0ecb\u1037\u1039\u103a\u135d-\u135f\u17d2\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0'
    '\u3099\u309a\ufe00-\ufe2f]+', '', 'g'), NFC)) END
$$
"""

SPLIT = r"""
CREATE FUNCTION members_split(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT array_remove(regexp_split_to_array(members_fold($1),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff\u055a-\u055f\u0589\u05be\u05f3\u05f4'
    '\u060c\u061b\u061f\u06d4\u0964\u0965\u2000-\u206f\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u30fb\uff00-\uff0f]+'), '')
$$
"""

# A word, and what it is with each one of its letters left out. Two words that share one of these are a letter apart.
NEARLY = """
CREATE FUNCTION members_nearly(word text, sign text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT sign || left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word) + 1) AS place
$$
"""

# Words as they stand, with their neighbours; scripts without spaces are found from any letter on.
SHORT = r"""
CREATE FUNCTION members_short(text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT found FROM unnest(members_split($1)) AS word CROSS JOIN LATERAL (
    SELECT word UNION ALL
    SELECT members_nearly(word, '~') WHERE length(word) BETWEEN 4 AND 20 UNION ALL
    SELECT substr(word, place) FROM generate_series(2, least(length(word), 40)) AS place
    WHERE word ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]'
) AS each (found)
$$
"""

FORMS = """
CREATE FUNCTION members_forms(spoken text, weight "char") RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT setweight(to_tsvector('simple', plain) || to_tsvector('english', plain)
    || to_tsvector('french', spoken) || to_tsvector('french', plain)
    || to_tsvector('spanish', spoken) || to_tsvector('spanish', plain), weight)
FROM (SELECT array_to_string(members_split(spoken), ' ') OFFSET 0) AS folded (plain)  -- OFFSET: folded once
$$
"""

# The rows of these members, or of all where none are named.
ROWS = """
CREATE FUNCTION members_listings(members bigint[] DEFAULT NULL) RETURNS TABLE (
    member_id bigint, level smallint, sort_key text, name text, words tsvector, country_id bigint, languages text[],
    topics bigint[], takes_requests boolean
) LANGUAGE sql STABLE AS $$
SELECT member.id, seen.level, account.sort_key, array_to_string(members_split(account.name), ' '),
    array_to_tsvector(ARRAY(
        SELECT members_short(concat_ws(' ', account.name, seen.headline, seen.organisation, seen.city)) UNION
        SELECT members_nearly(left(array_to_string(members_split(account.name), ''), 60), '=') UNION
        SELECT '@' || word FROM unnest(members_split(account.name)) AS word UNION
        SELECT '#' || topic FROM unnest(seen.topics) AS topic
    )) || members_forms(seen.headline, 'A') || members_forms(concat_ws(' ', seen.organisation, seen.city), 'B')
        || members_forms(seen.bio, 'C'),
    seen.country_id, seen.languages, seen.topics, member.takes_requests
FROM members_member AS member
JOIN portal_user AS account ON account.id = member.user_id
CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS audience (level)
CROSS JOIN LATERAL (
    SELECT audience.level,
        CASE WHEN member.headline_shown_to <= audience.level THEN member.headline ELSE '' END AS headline,
        CASE WHEN member.organisation_shown_to <= audience.level THEN member.organisation ELSE '' END AS organisation,
        CASE WHEN member.bio_shown_to <= audience.level THEN member.bio ELSE '' END AS bio,
        CASE WHEN member.city_shown_to <= audience.level THEN member.city ELSE '' END AS city,
        CASE WHEN member.country_shown_to <= audience.level THEN member.country_id END AS country_id,
        CASE WHEN member.languages_shown_to <= audience.level THEN member.languages::text[] ELSE '{}' END AS languages,
        CASE WHEN member.topics_shown_to <= audience.level THEN ARRAY(
            SELECT topic_id FROM members_member_topics WHERE member_id = member.id ORDER BY topic_id
        ) ELSE '{}' END AS topics
) AS seen
WHERE (member.id = ANY(members) OR members IS NULL) AND member.status IN ('active', 'on_leave') AND account.is_active
    AND (member.visibility = 'everyone' OR audience.level > 0)
$$
"""

# The lock lets two who change one member at a time wait for each other, so that the later one sees the earlier change.
LIST_AGAIN = """
CREATE FUNCTION members_list_again() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'members_member' THEN changed := ARRAY[NEW.id];
        WHEN 'members_member_topics' THEN changed := ARRAY[coalesce(NEW.member_id, OLD.member_id)];
        ELSE changed := ARRAY(SELECT id FROM members_member WHERE user_id = NEW.id);
    END CASE;
    PERFORM FROM members_member WHERE id = ANY(changed) FOR NO KEY UPDATE;
    DELETE FROM members_listing WHERE member_id = ANY(changed);
    INSERT INTO members_listing (member_id, level, sort_key, name, words, country_id, languages, topics, takes_requests)
        SELECT * FROM members_listings(changed);
    RETURN NULL;
END
$$
"""

TRIGGERS = """
ALTER TABLE members_listing
    ADD CONSTRAINT members_listing_member FOREIGN KEY (member_id) REFERENCES members_member ON DELETE CASCADE,
    SET (toast_tuple_target = 256);
CREATE TRIGGER members_list_again AFTER INSERT OR UPDATE ON members_member
    FOR EACH ROW EXECUTE FUNCTION members_list_again();
CREATE TRIGGER members_list_again AFTER INSERT OR UPDATE OR DELETE ON members_member_topics
    FOR EACH ROW EXECUTE FUNCTION members_list_again();
CREATE TRIGGER members_list_again AFTER UPDATE ON portal_user
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION members_list_again();
"""

NO_TRIGGERS = """
DROP TRIGGER members_list_again ON portal_user;
DROP TRIGGER members_list_again ON members_member_topics;
DROP TRIGGER members_list_again ON members_member;
"""

FILL = """
INSERT INTO members_listing (member_id, level, sort_key, name, words, country_id, languages, topics, takes_requests)
SELECT * FROM members_listings()
"""


def made(sql, name):
    return migrations.RunSQL(sql, f"DROP FUNCTION {name}")


def of_level(index, level, name, **more):
    condition = models.Q(level=level)
    return migrations.AddIndex("listing", index(condition=condition, name=f"listing_{name}_{level}", **more))


def indexes(level):
    gin = django.contrib.postgres.indexes.GinIndex
    return [
        of_level(gin, level, "words", fields=["words"]),
        of_level(gin, level, "names", fields=["name"], opclasses=["gin_trgm_ops"]),
        of_level(gin, level, "topics", fields=["topics"]),
        of_level(models.Index, level, "country", fields=["country_id", "sort_key"]),
        of_level(models.Index, level, "order", fields=["sort_key", "member"]),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0011_profile_parts"),
        ("portal", "0006_user_names_alike"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="member", name="member_words"),
        migrations.RemoveIndex(model_name="member", name="member_letters"),
        migrations.RemoveField(model_name="member", name="words"),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(choices=[(0, "Everyone"), (1, "Members"), (2, "Coordinators")]),
                ),
                ("sort_key", models.TextField()),
                ("name", models.TextField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("country_id", models.BigIntegerField(null=True)),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("topics", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("takes_requests", models.BooleanField()),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="listings",
                        to="members.member",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "listing", models.UniqueConstraint(fields=("member", "level"), name="listing_once_an_audience")
        ),
        migrations.AddConstraint(
            "listing", models.CheckConstraint(condition=models.Q(level__in=(0, 1)), name="listing_has_level")
        ),
        made(FOLD, "members_fold(text)"),
        made(SPLIT, "members_split(text)"),
        made(NEARLY, "members_nearly(text, text)"),
        made(SHORT, "members_short(text)"),
        made(FORMS, 'members_forms(text, "char")'),
        made(ROWS, "members_listings(bigint[])"),
        made(LIST_AGAIN, "members_list_again()"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *indexes(0),
        *indexes(1),
    ]
