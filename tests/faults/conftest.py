"""The product of the faults: whatever a test does with it, its worker is killed at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.product import Product


@pytest.fixture
def product(db: None, tmp_path: Path) -> Iterator[Product]:
    made = Product(tmp_path)
    yield made
    if made.worker:
        made.kill()
