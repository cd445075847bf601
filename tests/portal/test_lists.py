"""Lists of people as others make them: files of every make, and what is told of each row."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lists import pasted
from portal.lists.cells import FORMULA, cleaned, safe_cell
from portal.lists.columns import PEOPLE, guess, layout_of, mapped
from portal.lists.files import ListError
from portal.lists.rows import read

PLAIN = "Name,E-mail\nAda Obi,ada@example.org\nZoë Ñandú,zoe@example.org\n"
BOTH = [{"name": "Ada Obi", "email": "ada@example.org"}, {"name": "Zoë Ñandú", "email": "zoe@example.org"}]


def rows(content, encoding="utf-8", **chosen):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode(encoding))
    layout = layout_of(file)
    return list(read(file, layout, mapped(layout, PEOPLE, chosen)))


def values(*args, **kwargs):
    return [row.values for row in rows(*args, **kwargs)]


def told(*args, **kwargs):
    return [(one.row, one.column, one.words) for row in rows(*args, **kwargs) for one in row.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_list_of_any_make_is_read(encoding, delimiter, end):
    assert values(PLAIN.replace(",", delimiter).replace("\n", end), encoding) == BOTH


def test_list_with_the_mark_of_excel_is_read_and_counts_as_excel_does():
    found = rows("sep=;\r\n" + PLAIN.replace(",", ";"))
    assert ([row.values for row in found], [row.number for row in found]) == (BOTH, [2, 3])


def test_list_with_a_title_empty_rows_and_empty_columns_is_read():
    content = "Our members,,,\n,,,\nName,E-mail,,\nAda Obi,ada@example.org,,\n\n,,,\nZoë Ñandú,zoe@example.org,,\n"
    assert [(row.number, row.values) for row in rows(content)] == [(4, BOTH[0]), (7, BOTH[1])]


def test_list_row_number_counts_a_cell_of_several_lines_as_one_row():
    content = 'Name,E-mail,Note\nAda Obi,ada@example.org,"one\ntwo"\nZoë Ñandú,zoe@example.org,\n'
    assert [(row.number, row.is_good) for row in rows(content)] == [(2, True), (3, True)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Name;E-mail", {"name": 0, "email": 1}),
        ("Nom;Prénom;Courriel", {"family": 0, "given": 1, "email": 2}),
        ("Nombre;Apellidos;Correo electrónico", {"given": 0, "family": 1, "email": 2}),
        ("NOMBRE COMPLETO;correo_electronico;Idioma", {"name": 0, "email": 1, "language": 2}),
        ("First name;Last name;E-MAIL ADDRESS", {"given": 0, "family": 1, "email": 2}),
        ("Nom complet;Langue;Adresse électronique", {"name": 0, "language": 1, "email": 2}),
    ],
)
def test_list_columns_are_known_by_their_names(head, expected):
    assert guess(layout_of(io.BytesIO(f"{head}\na;b;c\n".encode()))) == expected


def test_list_without_a_row_of_names_finds_the_addresses():
    content = b"Ada Obi;ada@example.org\nBo Li;bo@example.org\n"
    assert guess(layout_of(io.BytesIO(content))) == {"email": 1}
    assert values(content, name=0)[0] == BOTH[0]


def test_list_columns_chosen_stand_above_the_guess():
    content = "Name,E-mail,Second address\nAda Obi,old@example.org,ada@example.org\n"
    assert values(content, email=2) == [BOTH[0]]
    assert values(content, name=-1, email=2) == [{"email": "ada@example.org"}]


def test_list_name_comes_in_two_columns_or_with_the_address():
    assert values("First name,Surname,Mail\nAda,Obi,ada@example.org\n") == [BOTH[0]]
    assert values("Mail\nAda Obi <ada@example.org>\n") == [BOTH[0]]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("Ada,", "E-mail address", "There is no e-mail address in this row."),
        ("Ada,ada@", "E-mail address", "“ada@” is no e-mail address."),
        ("Ada,a da@example.org", "E-mail address", "“a da@example.org” is no e-mail address."),
        ("Ada,zöe@example.org", "E-mail address", "“zöe@example.org” is no e-mail address."),
        ("Ada,a@example.org b@example.org", "E-mail address",
         "There is more than one address in this cell. Give each person a row."),
        ('"Ada\nBcc: x@example.org",ada@example.org', "Whole name",
         "This cell holds a line break or another sign that cannot be seen. Write it on one line."),
        ('Ada,"ada@example.org\r\nBcc: x@example.org"', "E-mail address",
         "This cell holds a line break or another sign that cannot be seen. Write it on one line."),
        ("Ada\0,ada@example.org", "Whole name",
         "This cell holds a line break or another sign that cannot be seen. Write it on one line."),
        ("Ada \u202eibO,ada@example.org", "Whole name",
         "This cell holds a line break or another sign that cannot be seen. Write it on one line."),
        ("<b>Ada</b>,ada@example.org", "Whole name",
         "This looks like a link or a piece of a web page, not like somebody’s name."),
        ("Win at example.com now,ada@example.org", "Whole name",
         "This looks like a link or a piece of a web page, not like somebody’s name."),
        (f"{'A' * 151},ada@example.org", "Whole name", "This cell has 151 signs; up to 150 fit."),
        ("Ada,ada@example.org,Kenya", "",
         "This row has 3 cells, but the list has 2 columns: a separator inside a cell needs “quotes”."),
    ],
)  # fmt: skip
def test_list_row_with_a_problem_is_told_by_row_and_column(cells, column, words):
    assert told(f"Name,E-mail\nBo,bo@example.org\n{cells}\n") == [(3, column, words)]


def test_list_address_that_stands_twice_is_told_with_its_first_row():
    content = "E-mail\nada@example.org\n ADA@Example.org \n"
    assert told(content) == [(3, "E-mail address", "The same address stands in row 2 already.")]


def test_list_address_with_an_internationalised_domain_is_kept_in_ascii_and_counted_once():
    content = "E-mail\nada@müller.example\nada@xn--mller-kva.example\n"
    found = rows(content)
    assert found[0].values["email"] == "ada@xn--mller-kva.example"
    assert [row.is_good for row in found] == [True, False]


def test_list_sign_that_cannot_be_read_is_told():
    assert [column for _row, column, _words in told(b"Name,E-mail\nAda \x81 Obi,ada@example.org\n")] == ["Whole name"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b" \r\n \n", "This file is empty."),
        (b"PK\x03\x04rest", "This is a workbook, not a list. Open it, choose “Save as” and “CSV UTF-8”, and upload that"
                            " file."),
        (b"x" * 200_000, "This file has lines that are far too long for a list of people."),
        (b"Name,E-mail\nA,a@example.org\n\"B,b@example.org\n" + b"C,c@example.org\n" * 20_000,
         "From row 3 on this list cannot be read: a quotation mark is opened there and never closed."),
        (b"E-mail\n" + b"a@b.org\n" * 100_001, "This list has more than 100000 rows. Part it in two."),
    ],
)  # fmt: skip
def test_list_that_cannot_be_read_says_why(content, words):
    with pytest.raises(ListError) as refusal:
        rows(content)
    assert str(refusal.value) == words


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co"]), max_size=60)


@given(st.lists(WORDS, max_size=20), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_list_written_is_read_again(names, delimiter, encoding):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(["E-mail", "Langue", "Note"])
    writer.writerows([f"p{number}@example.org", safe_cell(name[:40]), "x"] for number, name in enumerate(names))
    kept = values(file.getvalue(), encoding)
    assert [one.get("language", "") for one in kept] == [cleaned(name[:40]) for name in names]


@given(st.binary(max_size=3000))
def test_list_of_any_bytes_is_read_or_refused(content):
    try:
        found = rows(content)
    except ListError:
        return
    assert all(row.values.get("email", "").isascii() or not row.is_good for row in found)


@given(st.text(max_size=200))
def test_cell_written_never_begins_a_formula_and_reads_the_same(words):
    assert not safe_cell(words).startswith(FORMULA)
    assert cleaned(safe_cell(words)) == cleaned(words)


def long_list(size):
    content = io.BytesIO()
    content.write(b"Name,E-mail,Note\r\n")
    content.writelines(b'Ada Obi %d,ada.obi.%d@example.org,"%s"\r\n' % (n, n, b"note " * 40) for n in range(size))
    return content


def test_list_of_100_000_rows_is_read():
    content = long_list(100_000)
    layout = layout_of(content)
    assert sum(row.is_good for row in read(content, layout, guess(layout))) == 100_000


def test_list_is_read_one_row_at_a_time():
    content = long_list(20_000)
    layout = layout_of(content)
    tracemalloc.start()
    good = sum(row.is_good for row in read(content, layout, guess(layout)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert good == 20_000
    assert peak < 3.2 * 2**20  # the list itself has 4.8 MB; whose address stood where takes the most


# --- pasted lists ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "Ada Obi <ada@example.org>\nZoë Ñandú <zoe@example.org>",
        "Ada Obi <ada@example.org>, Zoë Ñandú <zoe@example.org>",
        'Ada Obi <ada@example.org>; "Zoë Ñandú" <zoe@example.org>;',
        "Obi, Ada <ada@example.org>; Ñandú, Zoë <zoe@example.org>",
        "Obi, Ada <ada@example.org>, Ñandú, Zoë <zoe@example.org>",
        "Ada Obi, ada@example.org\r\nZoë Ñandú\tzoe@example.org\r\n",
        "ada@example.org, Ada Obi\n\nzoe@example.org, Zoë Ñandú",
    ],
)
def test_pasted_list_gives_names_and_addresses(text):
    assert [row.values for row in pasted.read(text)] == BOTH


def test_pasted_list_of_bare_addresses_is_read():
    text = "ada@example.org, bo@example.org\nmailto:zoe@example.org"
    found = [(row.number, row.values["email"]) for row in pasted.read(text)]
    assert found == [(1, "ada@example.org"), (1, "bo@example.org"), (2, "zoe@example.org")]


def test_pasted_list_tells_problems_by_line():
    text = "Ada <ada@example.org>\nnobody\nAda again <ADA@example.org>\n<b>Bo</b> <bo@example.org>"
    assert [one.row for row in pasted.read(text) for one in row.problems] == [2, 3, 4]


@given(st.text(max_size=300))
def test_pasted_list_of_any_text_is_read(text):
    assert all(row.values["email"].isascii() for row in pasted.read(text) if row.is_good)
