"""`python -m tests.operations.catalogues`: that every string of the interface is in every catalogue, translated and not fuzzy.

The strings are collected anew in a copy of the sources, as `make messages` does; what that would add, drop or leave empty is
printed, and the exit status is 1. Needs gettext.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("api", "cms", "templates", "locale")
LOCALES = ("es", "fr", "pt_BR", "ar", "ru", "vi", "zh_Hans")


def problems() -> list[str]:
    """What lacks, in sentences."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in SOURCES:
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        collect(copy)
        return [line for locale in LOCALES for line in compared(locale, committed=ROOT, collected=copy)]


def collect(folder: Path) -> None:
    """What `make messages` does."""
    command = ["makemessages", "--no-obsolete", "--no-wrap", "--add-location=file", *[f"--locale={locale}" for locale in LOCALES]]
    subprocess.run([sys.executable, "-m", "django", *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def compared(locale: str, *, committed: Path, collected: Path) -> list[str]:
    """What the committed catalogue of a language lacks of the collected one, by their folders."""
    old, new = (base / "locale" / locale / "LC_MESSAGES" / "django.po" for base in (committed, collected))
    if not old.exists():
        return [f"{locale}: there is no catalogue."]
    before, now = _strings(old), _strings(new)
    return [
        *[f"{locale}: not collected yet: {text}" for text in sorted(now - before)],
        *[f"{locale}: nobody uses any more: {text}" for text in sorted(before - now)],
        *[f"{locale}: not translated: {text}" for text in sorted(_strings(new, "--untranslated"))],
        *[f"{locale}: fuzzy: {text}" for text in sorted(_strings(new, "--only-fuzzy"))],
    ]


def _strings(catalogue: Path, *only: str) -> set[str]:
    """The strings of a catalogue by context and text, or some of them by an option of msgattrib."""
    command = ["msgattrib", "--no-wrap", "--no-location", "--no-obsolete", *only, str(catalogue)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    entries = re.findall(r'(?:^msgctxt (".*")\n)?^msgid ((?:".*"\n)+)', listed, re.MULTILINE)
    found = {" ".join(part.replace('"\n"', "").strip() for part in entry if part) for entry in entries}
    return found - {'""'} if only else {text for text in found if text != '""'}


def main() -> int:
    found = problems()
    sys.stdout.write("\n".join(found) + "\n" if found else "Every catalogue is complete.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
