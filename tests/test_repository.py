"""The repository as a whole: layers, printed pages, templates, models, translations, what must never be written."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import models
from packaging.utils import canonicalize_name

from dinamis.lifecycle import LIVES

ROOT = settings.BASE_DIR
ROOMS = ("dinamis", "accounts", "catalogue", "orders")
CODE = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
TEMPLATES = ROOT / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt", ".mjml"})
# The one place that writes markup by itself, each time of parts that are known or escaped.
WRITES_MARKUP = {"dinamis/templatetags/dinamis.py", "accounts/markup.py"}
# Printed for paper by WeasyPrint and for mail readers: no browser of ours reads them.
NOT_PAGES = {"documents", "email", "mail"}
# What Django and the packages look for by themselves.
FOUND_BY_NAME = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
BY_PACKAGES = (
    "bootstrap5/",
    "account/",
    "allauth/",
    "idp/",
    "mfa/",
    "socialaccount/",
    "usersessions/",
    "admin/",
    "django/",
    "leaflet/",
)
PO = ROOT / "locale" / "fr" / "LC_MESSAGES"
NAMED = re.compile(r"%\((\w+)\)[sd]|{(\w+)}")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def committed() -> list[Path]:
    """The files of the repository, as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """What a file says; nothing for pictures and data."""
    content = path.read_bytes()
    return "" if b"\0" in content[:8000] else content.decode("utf-8", "replace")


def run(*command: str) -> str:
    """What a tool says when something does not hold, else nothing."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_each_layer_imports_only_what_stands_below_it():
    assert run(str(Path(sys.executable).with_name("lint-imports"))) == ""


def test_the_page_of_the_lives_is_what_the_tables_say():
    assert len(LIVES) >= 6
    call_command("states", check=True)


def test_the_register_of_personal_data_is_the_printed_one():
    call_command("personal_data", check=True)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_template_is_used():
    """By a view, by another template, or by whoever finds it by its name."""
    said = "\n".join(path.read_text() for path in [*CODE, *PAGES])
    unused = []
    for path in PAGES:
        name = path.relative_to(TEMPLATES).as_posix()
        if name in FOUND_BY_NAME or name.startswith(BY_PACKAGES):
            continue
        # A page of a family is chosen by a part of its name: f"email/{name}.html".
        families = [f"{one}/{{" for one in Path(name).parents if one.name]
        named = [f'"{name}"', f"'{name}'", *families]
        if not any(word in said for word in named):
            unused.append(name)
    assert unused == []


def test_no_template_believes_what_people_wrote():
    trusting = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b")
    assert [name_of(path) for path in PAGES if trusting.search(path.read_text())] == []


def test_markup_is_written_in_known_places():
    writes = {name_of(path) for path in CODE if "mark_safe" in path.read_text()}
    assert writes <= WRITES_MARKUP


def test_no_page_holds_a_style_or_a_script_of_its_own():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:")
    script = re.compile(r"<script(?![^>]*(?:\ssrc=|\snonce=|application/json))")
    pages = [path for path in PAGES if not NOT_PAGES & set(path.parts)]
    guilty = [
        name_of(path)
        for path in pages
        if inline.search(path.read_text()) or script.search(path.read_text())
    ]
    assert guilty == []


def test_days_and_instants_are_written_in_one_place():
    """Elsewhere the first of a month would lose its ordinal, and a sentence end in two full stops."""
    written = re.compile(r"\bdate_format\(")
    found = [str(path.relative_to(ROOT)) for path in CODE if written.search(path.read_text())]
    assert found == ["dinamis/formats.py"]


def test_every_static_file_named_in_a_template_exists():
    named = re.compile(r"{%\s*static\s+[\"']([^\"']+)[\"']")
    missing = {
        f"{name_of(path)}: {name}"
        for path in PAGES
        for name in named.findall(path.read_text())
        if finders.find(name) is None
    }
    assert missing == set()


OURS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_has_an_order_and_says_its_name(model):
    assert model._meta.ordering, "Meta.ordering: a list without one changes from page to page"
    assert model.__str__ is not models.Model.__str__
    assert model._meta.verbose_name.lower() == model._meta.verbose_name.lower().strip()


def test_nothing_is_asked_of_the_broker_for_later():
    """A countdown lives in the broker's memory; what is for later is a row (design rule 6)."""
    later = re.compile(r"\b(eta|countdown)\s*=|\.delay\(|\.apply_async\(")
    assert [name_of(path) for path in CODE if later.search(path.read_text())] == []


LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-interop.txt")


def test_the_locks_carry_no_address():
    address = re.compile(r"https?://|git\+|--(?:extra-)?index-url|--find-links|file:")
    for name in LOCKS:
        lines = (ROOT / name).read_text().splitlines()
        assert [line for line in lines if address.search(line.partition("#")[0])] == [], name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_compiled_is_locked_for_every_python(lock):
    """A mirror that holds the one wheel of its own machine must not have written the lock."""
    locked = re.findall(
        r"^([\w.-]+).*==.*\\\n((?: +--hash=.*\n)+)", (ROOT / lock).read_text(), re.M
    )
    hashes = {canonicalize_name(name): said.count("--hash") for name, said in locked}
    compiled = {
        canonicalize_name(found.name)
        for found in distributions()
        if "Root-Is-Purelib: false" in (found.read_text("WHEEL") or "")
    }
    assert {name for name in compiled & hashes.keys() if hashes[name] < 3} == set()
    assert compiled & hashes.keys()


def test_no_committed_file_names_a_place_of_one_machine():
    # Written in two parts, so that this file is not one of them.
    machine = re.compile(
        "/wor" + "k/(?:main|shared)|/hom" + r"e/\w+/|/Use" + r"rs/\w+/|/tm" + "p/dv"
    )
    assert [name_of(path) for path in committed() if machine.search(text_of(path))] == []


def test_every_command_of_the_readme_exists():
    said = (ROOT / "README.md").read_text()
    told = run(str(ROOT / "run"), "nothing-of-this-name")
    for word in set(re.findall(r"\./run ([a-z]+)", said)):
        assert re.search(rf"\b{word}\b", told), word
    known = {path.stem for room in ROOMS for path in (ROOT / room).glob("management/commands/*.py")}
    usual = {"migrate", "shell", "createsuperuser", "check", "test"}
    assert set(re.findall(r"\./run manage ([a-z_]+)", said)) - known - usual == set()


def test_the_links_of_the_docs_lead_somewhere():
    pages = [path for path in committed() if path.suffix == ".md"]
    link = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
    broken = {
        f"{name_of(page)}: {target}"
        for page in pages
        for target in link.findall(text_of(page))
        if not (page.parent / target).exists()
    }
    assert broken == set()


def catalogues() -> list[polib.POFile]:
    found = [polib.pofile(str(path)) for path in sorted(PO.glob("*.po"))]
    assert found, "locale/fr is missing"
    return found


def test_french_is_complete():
    for catalogue in catalogues():
        assert [one.msgid for one in catalogue.untranslated_entries()] == []
        assert [one.msgid for one in catalogue.fuzzy_entries()] == []


def test_a_translation_keeps_what_is_filled_in():
    wrong = []
    for catalogue in catalogues():
        for one in catalogue.translated_entries():
            wanted = set(NAMED.findall(one.msgid)) | set(NAMED.findall(one.msgid_plural))
            said = [one.msgstr] if one.msgstr else list(one.msgstr_plural.values())
            wrong += [one.msgid for text in said if not set(NAMED.findall(text)) <= wanted]
            if set(NAMED.findall(one.msgid)) - set().union(*(set(NAMED.findall(t)) for t in said)):
                wrong.append(one.msgid)
    assert wrong == []


def french() -> Iterator[str]:
    """Every translation, in the singular and in the plural."""
    for catalogue in catalogues():
        for one in catalogue.translated_entries():
            yield from (one.msgstr, *one.msgstr_plural.values())


def test_no_french_sign_is_left_alone_on_a_line():
    """A colon, a semicolon, a mark or a guillemet stays with its word: the space between does not break."""
    breaking = re.compile(r"\S [:;?!»](?:[\s.,)”]|$)|« ")
    assert [text for text in french() if breaking.search(text)] == []


def test_french_has_one_apostrophe():
    """The typographic one: two of them beside each other look like a mistake of one."""
    straight = re.compile(r"[^\W\d_]'[^\W\d_]")
    assert [text for text in french() if straight.search(text)] == []


def test_every_sentence_of_the_code_is_in_the_catalogue():
    """The words of `_("…")` on one line; makemessages finds the others."""
    known = {one.msgid for catalogue in catalogues() for one in catalogue if not one.obsolete}
    said = re.compile(r"\b(?:_|gettext|gettext_lazy)\(\s*\"((?:[^\"\\]|\\.)*)\"\s*\)")
    missing = {
        f"{name_of(path)}: {sentence}"
        for path in CODE
        for sentence in said.findall(path.read_text())
        if sentence.replace('\\"', '"') not in known
    }
    assert missing == set()
