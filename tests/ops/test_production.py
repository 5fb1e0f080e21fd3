"""Production refuses to start with settings that are only safe on a developer's machine, and says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONG = "k3Jv9Qw2Zx7Lm4Tn8Rb6Yp1Sd5Fg0HcVuEaIoXyWqNzMtBrKsPdUhGe4"
SOUND = {
    "PRODUCTION": "true",
    "SECRET_KEY": LONG,
    "AUDIT_KEY": LONG[::-1],
    "MFA_KEYS": LONG.swapcase(),
    "ALLOWED_HOSTS": "prm.example.com",
    "BASE_URL": "https://prm.example.com",
    "DATABASE_URL": "postgres://prm_app:secret@127.0.0.1:1/prm",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def start(tmp_path, **changes: str | None) -> subprocess.CompletedProcess:
    environment = {**SOUND, "PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **changes}
    return subprocess.run(
        [sys.executable, "-c", "import prm.settings"],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_sound_settings(tmp_path):
    result = start(tmp_path)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"DEMO_MODE": "true"}, "DEMO_MODE"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "prm.example.com,*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-" * 6}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me" + "a" * 50}, "SECRET_KEY"),
        ({"AUDIT_KEY": None}, "AUDIT_KEY"),
        ({"AUDIT_KEY": "short"}, "AUDIT_KEY"),
        ({"MFA_KEYS": None}, "MFA_KEY"),
        ({"MFA_KEYS": "short"}, "MFA_KEY"),
        ({"AUDIT_KEY": LONG}, "AUDIT_KEY"),
        ({"MFA_KEYS": LONG}, "MFA_KEY"),
        ({"BASE_URL": "http://prm.example.com"}, "BASE_URL"),
    ],
)
def test_production_refuses(tmp_path, changes, named):
    result = start(tmp_path, **changes)

    assert result.returncode != 0
    assert named in result.stderr.strip().splitlines()[-1]


def test_outside_production_secrets_are_made_once_and_are_nobody_elses(tmp_path):
    bare = dict.fromkeys(SOUND)
    first = start(tmp_path, **bare)
    made = {file.name: file.read_text() for file in tmp_path.glob("*_key.txt")}
    second = start(tmp_path, **bare)

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert set(made) == {"secret_key.txt", "audit_key.txt", "mfa_key.txt"}
    assert len(set(made.values())) == 3
    assert {file.name: file.read_text() for file in tmp_path.glob("*_key.txt")} == made
    assert {file.stat().st_mode & 0o077 for file in tmp_path.glob("*_key.txt")} == {0}
