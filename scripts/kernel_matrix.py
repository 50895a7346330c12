"""Run the thread and persistence tests on several versions of ipykernel, and print one table.

Each version gets a small environment of its own under `.matrix/`, with the project and nothing else; the browser, the
servers and the tests are those of the main environment, which finds the kernels by name. Environments are kept: a
second run only tests. Give versions as arguments to try others: `python scripts/kernel_matrix.py 7.2.0`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".matrix"
NEWEST = "newest"
VERSIONS = ("6.31.0", "7.0.1", "7.1.0", NEWEST)
TESTS = ("tests/browser", "tests/notebooks")


def main(versions: tuple[str, ...]) -> int:
    found = {}
    for version in versions:
        env = FOLDER / f"ipykernel-{version}"
        name = kernel(env, version)
        found[installed(env)] = tested(name)
        print(f"ipykernel {installed(env)}: {outcome_of(found[installed(env)])}", flush=True)
    print(table(found))
    return any("FAILED" in results.values() or not results for results in found.values())


def kernel(env: Path, version: str) -> str:
    """Make the environment of one version where it is not there yet, and register it; returns the kernel's name."""
    python, name = env / "bin" / "python", env.name
    if not (env / ".made").exists():
        print(f"Making the environment of ipykernel {version}.", flush=True)
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(env)
        wanted = "ipykernel" if version == NEWEST else f"ipykernel=={version}"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, wanted, "--editable", str(ROOT)], check=True)
        (env / ".made").touch()
    folder = FOLDER / "share" / "jupyter" / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": name, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    return name


def installed(env: Path) -> str:
    """The version that is really there."""
    ask = "import ipykernel; print(ipykernel.__version__)"
    return subprocess.run([env / "bin" / "python", "-c", ask], check=True, capture_output=True, text=True).stdout.strip()


def tested(name: str) -> dict[str, str]:
    """Run the tests that depend on the kernel with that one; each one's sentence, and how it came out."""
    report = FOLDER / f"{name}.xml"
    report.unlink(missing_ok=True)
    env = os.environ | {"IPYDARKROOM_TEST_KERNEL": name, "JUPYTER_PATH": str(FOLDER / "share" / "jupyter")}
    written = ["-o", "junit_family=xunit1", f"--junit-xml={report}"]  # the newer family has no place for what a test found
    command = [sys.executable, "-m", "pytest", "-q", "-m", "kernel", "-p", "no:randomly", *written, *TESTS]
    subprocess.run(command, env=env, cwd=ROOT)
    if not report.exists():
        return {}
    results = {}
    for case in ET.parse(report).iter("testcase"):  # of our own making
        wrong = [child for child in case if child.tag in ("failure", "error")]
        said = [each.get("value", "") for each in case.iter("property") if each.get("name") == "found"]
        skipped = case.find("skipped") is not None
        results[sentence(case.get("name", ""))] = "FAILED" if wrong else "skipped" if skipped else said[0] if said else "passed"
    return results


def sentence(name: str) -> str:
    """A test's name as words, its parameters in brackets."""
    return name.removeprefix("test_").replace("[", " (").replace("]", ")").replace("_", " ")


def outcome_of(results: dict[str, str]) -> str:
    """In a few words, as soon as one version is done."""
    failed = [name for name, result in results.items() if result == "FAILED"]
    return f"{len(results) - len(failed)} of {len(results)} passed" + "".join(f"; FAILED: {name}" for name in failed)


def table(found: dict[str, dict[str, str]]) -> str:
    """A row for each test, a column for each version."""
    names = list(dict.fromkeys(name for results in found.values() for name in results))
    rows = [["ipykernel", *found], ["---"] * (len(found) + 1)]
    rows += [[name, *(results.get(name, "not run") for results in found.values())] for name in names]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or VERSIONS))
