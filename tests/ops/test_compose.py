"""The compose file is valid, takes every secret from the environment and watches every service."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = ["SECRET_KEY", "AUDIT_KEY", "MFA_KEYS", "APP_DB_PASSWORD", "OWNER_DB_PASSWORD"]
NEEDED = {
    **dict.fromkeys(SECRETS, "a-secret"),
    "ALLOWED_HOSTS": "prm.example.com",
    "BASE_URL": "https://prm.example.com",
}


def config(*, without: str | None = None) -> subprocess.CompletedProcess:
    command = shutil.which("docker-compose")
    if command is None and os.environ.get("ALLOW_MISSING") == "1":
        pytest.skip("docker-compose is not installed")
    assert command, "docker-compose is not installed (Debian package docker-compose)"
    environment = {"PATH": os.environ["PATH"], **NEEDED}
    environment.pop(without, None)
    # A folder without an .env of its own, so that only what is given here counts.
    return subprocess.run(
        [command, "--file", COMPOSE, "--project-directory", "/tmp", "config", "-q"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_compose_file_is_valid():
    result = config()

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", NEEDED)
def test_compose_names_the_setting_that_is_missing(name):
    result = config(without=name)

    assert result.returncode != 0
    assert f"set {name} in .env" in result.stderr


def test_every_service_that_stays_up_is_watched():
    services = yaml.safe_load(COMPOSE.read_text())["services"]

    watched = {name for name, service in services.items() if "healthcheck" in service}

    assert watched == set(services) - {"migrate"} == {"postgres", "redis", "web", "worker", "beat"}


def test_only_the_migration_holds_the_owners_password():
    services = yaml.safe_load(COMPOSE.read_text())["services"]

    holders = {
        name for name, service in services.items() if "OWNER_DB_PASSWORD" in str(service.get("environment"))
    }

    assert holders == {"postgres", "migrate"}


def test_the_image_does_not_run_as_root():
    users = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("USER")]

    assert users == ["USER prm"]
