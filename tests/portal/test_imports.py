"""Imports point down: from the roof to the ground, and inside a subject from views to models."""

import ast

from portal.environment import BASE_DIR

APPS = ["portal", "members", "events", "reporters", "stories"]
# Floors, the lowest first; a module may import from its own floor and from lower ones.
FLOORS = [
    ["portal.embedded", "portal.environment", "portal.addresses", "portal.formats", "portal.refusal", "portal.guard"],
    ["portal.registry", "portal.wake", "portal.celery", "portal.shared", "portal.images", "portal.fetch"],
    [
        "portal.contacts",
        "portal.group",
        "portal.users",
        "portal.outbox",
        "portal.desk",
        "portal.health",
        "portal.personal",
        "portal.retention",
    ],
    ["portal.lists", "portal.maps"],
    ["portal.forms", "portal.templatetags", "portal.models", "portal.admin", "portal.tasks", "portal.apps"],
    ["members"],
    ["events"],
    ["reporters"],
    ["stories"],
    ["portal.home", "portal.demo", "portal.settings", "portal.urls", "portal.wsgi", "portal.preparation"],
    ["portal.management", "portal.embedded.web", "portal.embedded.worker"],  # the programs that are started
]
IMPORTS = (ast.Import, ast.ImportFrom)
ROOMS_OF_THE_GROUND = ["contacts", "group", "outbox", "users", "health", "personal", "retention"]
# Inside the ground: a room may ask the models of those below it; services, adapters and views may ask any.
MODELS_ASK = {
    "contacts": set(),
    "group": set(),
    "users": set(),
    "outbox": {"contacts"},
    "health": set(),
    "personal": set(),
    "retention": set(),
}
# Inside a subject, the lowest first.
KINDS = [
    ["models", "moments", "names", "colours", "sorting", "requests", "logs", "outcomes", "smtp", "reports"],
    ["emails", "ics", "claiming"],
    ["audience", "letters", "checks", "limits"],
    ["services", "sending", "returns", "answers", "colleagues", "links", "results", "writing", "tasks"],
    ["forms", "context", "adapters", "middleware", "hooks", "mailbox", "personal", "retention"],
    ["views", "drafting", "strangers", "admin"],
    ["urls"],
]


def modules():
    """Every module of ours by its dotted name, migrations left out."""
    for app in APPS:
        for path in sorted((BASE_DIR / app).rglob("*.py")):
            parts = path.relative_to(BASE_DIR).with_suffix("").parts
            if "migrations" not in parts:
                yield ".".join(parts).removesuffix(".__init__"), path


def imported(path):
    """The dotted names of ours that a module imports anywhere; `from a import b` gives `a.b` and thereby `a`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module.split(".")[0] in APPS:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in APPS)


def is_in(name, package):
    return name == package or name.startswith(f"{package}.")


def floor(name):
    found = [number for number, packages in enumerate(FLOORS) for package in packages if is_in(name, package)]
    return found[-1] if found else None


def kind(name):
    """The place of a module inside its subject: `reporters.coverage.views` and what is imported from it."""
    parts = name.split(".")
    found = [number for number, names in enumerate(KINDS) for part in parts[2:3] if part in names]
    return found[0] if found else None


def test_modules_all_stand_on_a_floor():
    assert [name for name, _path in modules() if floor(name) is None and name != "portal"] == []


def test_imports_point_down():
    up = [
        (name, target)
        for name, path in modules()
        if name != "portal" and not name.endswith(".apps")
        for target in imported(path)
        if floor(target) is not None and floor(target) > floor(name)
    ]
    assert up == []


def test_imports_inside_a_subject_point_to_models():
    up = [
        (name, target)
        for name, path in modules()
        for target in imported(path)
        if name.split(".")[:2] == target.split(".")[:2] and kind(name) is not None and kind(target) is not None
        if kind(target) > kind(name)
    ]
    assert up == []


def test_imports_of_models_in_the_ground_are_those_agreed_on():
    asked = {room: set() for room in ROOMS_OF_THE_GROUND}
    for name, path in modules():
        parts = name.split(".")
        if parts[0] == "portal" and parts[-1] == "models" and len(parts) == 3:
            asked[parts[1]] |= {target.split(".")[1] for target in imported(path)} & set(ROOMS_OF_THE_GROUND)
            asked[parts[1]].discard(parts[1])
    assert asked == MODELS_ASK


def test_imports_inside_functions_are_explained():
    unexplained = []
    for name, path in modules():
        lines = path.read_text().splitlines()
        functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
        first = [next((one for one in ast.walk(node) if isinstance(one, IMPORTS)), None) for node in functions]
        said = {one.lineno: " ".join(lines[one.lineno - 1 : one.end_lineno]) for one in first if one}
        unexplained += [(name, number) for number, line in said.items() if "#" not in line]
    assert unexplained == []


def test_apps_never_ask_whether_another_exists():
    asking = [name for name, path in modules() if "is_installed" in path.read_text()]
    assert asking == []


def test_code_names_no_place_outside_the_repository():
    told = [str(path) for folder in (*APPS, "tests", "templates") for path in (BASE_DIR / folder).rglob("*.*")
            if path.suffix in {".py", ".html", ".txt"} and "../" + "shared" in path.read_text()]  # fmt: skip
    assert told == []
