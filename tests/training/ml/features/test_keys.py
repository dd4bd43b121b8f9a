"""Features are found again under the keys that storage already holds."""

import hashlib

from training.ml.features.keys import feature_key


def test_a_key_is_the_hash_of_all_that_features_follow_from() -> None:
    plain = b'["content", "index", 3, 9, "recipe"]'
    assert feature_key("content", "index", 3, 9, "recipe") == hashlib.sha256(plain).hexdigest()
    assert feature_key("content", "index", 3, 9, "recipe", ()) == hashlib.sha256(plain).hexdigest()
    whole = b'["content", "index", 3, 9, "recipe", [[4, 5]]]'
    assert feature_key("content", "index", 3, 9, "recipe", [[4, 5]]) == hashlib.sha256(whole).hexdigest()


def test_everything_plays_a_part() -> None:
    one = ("content", "index", 3, 9, "recipe")
    others = [
        ("x", *one[1:]),
        (one[0], "x", *one[2:]),
        (*one[:2], 4, *one[3:]),
        (*one[:3], 8, one[4]),
        (*one[:4], "x"),
    ]
    assert len({feature_key(*each) for each in (one, *others)}) == 6
