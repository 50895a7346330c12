"""The rules of the house, as far as a program can see them."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import ipydarkroom

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "ipydarkroom"
MODULES = sorted(SRC.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PLURAL = ("languages", "providers", "pages", "panel/controls", "local/descriptions", "local/mirrors", "local/painters")


def imports(path: Path) -> set[str]:
    """The first part of every absolute import in a file, those for type checking left out."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def users(package: str) -> set[str]:
    """The files that import a package at run time, by their path in the package."""
    return {path.relative_to(SRC).as_posix() for path in MODULES if package in imports(path)}


def test_pillow_has_few_doors():
    """Pictures are decoded in `images` and painted in the local backend; nowhere else."""
    assert {path for path in users("PIL") if not path.startswith("local/")} == {"images.py"}


def test_threads_are_started_in_one_place():
    """`sync/thread` starts the one thread; elsewhere `threading` gives locks and events only."""
    starters = {
        path.relative_to(SRC).as_posix() for path in MODULES
        if re.search(r"\bThread\(|ThreadPoolExecutor|start_new_thread", path.read_text(encoding="utf-8"))
    }

    assert {"sync/thread.py"} == starters


def test_the_environment_is_read_in_one_place():
    """`settings` alone looks at the environment."""
    readers = {
        path.relative_to(SRC).as_posix() for path in MODULES
        if re.search(r"os\.environ|os\.getenv|\bgetenv\(", path.read_text(encoding="utf-8"))
    }

    assert {"settings.py"} == readers


def test_the_keyring_is_opened_in_one_place():
    """`vault` alone knows the package."""
    openers = {
        path.relative_to(SRC).as_posix() for path in MODULES
        if re.search(r"import keyring|[\"']keyring[\"']", path.read_text(encoding="utf-8"))
    }

    assert {"vault.py"} == openers


def test_no_module_imports_from_the_root():
    """The face imports the house, never the other way round."""
    assert set() == users("ipydarkroom")
    assert [] == [path for path in MODULES if re.search(r"^\s*from \.+ import \w*(Panel|Client)\b", path.read_text("utf-8"), re.M)]


def test_importing_the_package_loads_nothing_heavy():
    """Widgets, HTTP, images and the local backend come on first use."""
    heavy = ["ipywidgets", "httpx", "httpx2", "numpy", "PIL", "starlette", "ipydarkroom.local", "ipydarkroom.panel"]
    code = f"import sys, ipydarkroom; print([name for name in {heavy!r} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()


def test_the_face_is_sorted_and_complete():
    """Every promised name is there, and `dir` shows them."""
    assert sorted(ipydarkroom.__all__) == ipydarkroom.__all__
    assert all(getattr(ipydarkroom, name) is not None for name in ipydarkroom.__all__)
    assert set(ipydarkroom.__all__) <= set(dir(ipydarkroom))
    assert PROJECT["project"]["version"] == ipydarkroom.__version__


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__main__.py"], ids=lambda p: p.relative_to(SRC).as_posix())
def test_a_module_says_what_lives_there_and_what_it_offers(path):
    """A docstring, and an `__all__` whose names exist."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not tree.body:
        return
    name = ".".join(path.relative_to(SRC.parent).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)

    assert ast.get_docstring(tree)
    assert all(hasattr(module, offered) for offered in module.__all__)


@pytest.mark.parametrize("folder", PLURAL)
def test_every_entry_of_a_plural_folder_is_named_in_a_test(folder):
    """A new provider, control, language, mirror or painter comes with a test."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    entries = [path.stem for path in (SRC / folder).glob("*.py") if path.stem != "__init__"]

    assert entries
    assert [] == [entry for entry in entries if not re.search(rf"\b{entry}\b", tests)]


def test_ranks_are_unique_in_each_folder():
    """Two entries of one rank would be asked in the order of the file system."""
    from ipydarkroom.local.descriptions import descriptions
    from ipydarkroom.local.mirrors import mirrors
    from ipydarkroom.local.painters import painters
    from ipydarkroom.pages import dialects
    from ipydarkroom.panel.controls import controls
    from ipydarkroom.providers import providers

    for registry in (descriptions, mirrors, painters, providers, controls, dialects):
        ranks = registry.ranks()

        assert len(ranks) == len(set(ranks))


def test_html_is_made_in_one_place():
    """Outside `markup`, no string of the panel or of the displays holds a tag."""
    texts = [*(SRC / "panel").rglob("*.py"), *(SRC / "comparison").rglob("*.py"), SRC / "display.py", SRC / "model_display.py", *(SRC / "model_page").rglob("*.py"), SRC / "as_code.py", SRC / "wording.py", SRC / "results.py", SRC / "handle.py"]
    found = []
    for path in texts:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.body[0].value) for node in ast.walk(tree)
                if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)}
        found += [
            f"{path.name}: {node.value[:40]}" for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
            and re.search(r"</?(div|span|img|b|i|p|a|table|style|figure|em|code|script)\b[^>]*>", node.value)
        ]

    assert [] == found


def test_nothing_tracked_names_this_machine_or_a_registry():
    """A reader sees the project only."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    # In pieces, so that this file does not name them either.
    names = ("/ro" "ot/", "/wo" "rk/", "/tmp/ba" "sh", "py" "pi.org", "registry.np" "mjs", "deb.de" "bian")
    forbidden = re.compile("|".join(map(re.escape, names)))
    found = []
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in (".png", ".jpg", ".webp") or not path.is_file():
            continue
        found += [f"{name}: {hit[0]}" for hit in forbidden.finditer(path.read_text(encoding="utf-8", errors="ignore"))]

    assert [] == found


def test_nothing_tracked_looks_like_a_secret():
    """No recorded answer or example carries a real token or signature; canaries are made to look unlike one."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    real = re.compile(r"(?:Bearer|Key) [\w.~+/:-]{24,}|X-(?:Amz|Goog)-Signature=[0-9a-f]{64}|\b(?:sk|pk|rk)-[A-Za-z0-9_-]{24,}|\bAKIA[A-Z0-9]{16}\b")
    found = [
        name for name in filter(None, tracked)
        if (ROOT / name).is_file() and real.search((ROOT / name).read_bytes().decode("latin-1"))
    ]

    assert real.search("Authorization: Bearer " + "a" * 24)
    assert [] == found


def test_nothing_unfinished_is_left_in_the_source():
    """No mark that says later."""
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError")

    assert [] == [path.name for path in MODULES if marks.search(path.read_text(encoding="utf-8"))]


def test_the_page_of_errors_is_current():
    """docs/errors.md is written from the classes, the tables and the sentences: `python scripts/write_errors.py`."""
    place = ROOT / "scripts" / "write_errors.py"
    spec = importlib.util.spec_from_file_location("write_errors", place)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    assert script.page() == script.PAGE.read_text(encoding="utf-8")


def test_the_changelog_names_this_version():
    """The newest heading is the version of pyproject.toml."""
    heading = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)

    assert PROJECT["project"]["version"] == heading[1]


def test_binders_pins_satisfy_the_project():
    """What Binder installs is pinned, and fits what pyproject.toml asks for."""
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = {Requirement(line).name: Requirement(line) for line in lines if line and line[0] not in "#-."}
    optional = PROJECT["project"]["optional-dependencies"]
    wanted = [Requirement(text) for text in (*PROJECT["project"]["dependencies"], *optional["lab"])]

    assert any(line.strip() in ("-e .", ".", "--editable .") for line in lines)
    assert [] == [need.name for need in wanted if need.name not in pins]
    for need in wanted:
        [pin] = pins[need.name].specifier
        assert "==" == pin.operator
        assert need.specifier.contains(pin.version), f"{need} is not met by {pin}"


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path):
    """No output, no count, no widget state: a notebook in the repository is text."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]

    assert "widgets" not in notebook["metadata"]
    assert [([], None)] * len(code) == [(cell["outputs"], cell["execution_count"]) for cell in code]
