from __future__ import annotations

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailhandlers.local.object_names import key_of, path_of

keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400)


@given(keys)
def test_every_key_comes_back_from_its_path(key: str) -> None:
    assert key_of(path_of(key)) == key


@given(keys)
def test_no_path_leaves_the_folder_or_is_too_long(key: str) -> None:
    path = path_of(key)
    assert not path.is_absolute()
    assert not {".", ".."} & set(path.parts)
    assert not path.name.startswith(".")
    assert all(len(part.encode()) <= 255 for part in path.parts)


@given(st.lists(keys, unique=True, min_size=2, max_size=6))
def test_different_keys_have_different_paths_and_none_is_a_folder_of_another(keys: list[str]) -> None:
    paths = [path_of(key) for key in keys]
    assert len(set(paths)) == len(paths)
    assert not any(one in other.parents for one in paths for other in paths)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("incoming/abc", "incoming%2Fabc"),
        ("mailbox/shop@taco.example/abc", "mailbox%2Fshop@taco.example%2Fabc"),
        ("..", "%2E%2E"),
        (".hidden", "%2Ehidden"),
        ("a+b c", "a%2Bb%20c"),
    ],
)
def test_names_can_be_read_by_people(key: str, name: str) -> None:
    assert path_of(key) == PurePath(name)


def test_a_long_key_continues_in_a_folder() -> None:
    path = path_of("k" * 450)
    assert [len(part) for part in path.parts] == [201, 201, 50]
    assert path.parts[0].endswith("+")
    assert path_of("k" * 200) == PurePath("k" * 200)
