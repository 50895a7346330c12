"""Make the virtual environment with everything `make lab` and `make test` need. Needs Python 3.11 and nothing else."""

import subprocess
import sys
import venv
from pathlib import Path


def main(folder: Path) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # this script meets whatever Python is there
        sys.exit(f"ipydarkroom needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. Try: make PYTHON=python3.12 lab")
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(folder)
    except (subprocess.CalledProcessError, ModuleNotFoundError):
        sys.exit("This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv")
    python = str(folder / "bin" / "python")
    steps = (
        [python, "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1"],  # 25.1 knows dependency groups
        [python, "-m", "pip", "install", "--quiet", "--editable", ".", "--group", "dev"],
    )
    print("Making the environment; the first time this takes a minute or two.", flush=True)
    for step in steps:
        if subprocess.run(step, check=False).returncode:
            sys.exit("Installing failed; the lines above say why. Run the same command again to go on.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
