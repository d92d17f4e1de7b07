"""The model file: the same bytes again, and a clear refusal of every file that does not fit."""

import dataclasses
import json

import pytest

import authentic_outreach as ao
from authentic_outreach.persistence import FILE_NAME, ModelError, parse_model, save_model


@pytest.fixture(scope="module")
def document(root):
    return json.loads((root / "models" / FILE_NAME).read_text(encoding="utf-8"))


def test_a_saved_model_comes_back_the_same(tmp_path, root):
    model = ao.load_model()
    save_model(model, tmp_path / "m.json")
    assert ao.load_model(tmp_path / "m.json") == model
    assert (tmp_path / "m.json").read_bytes() == (root / "models" / FILE_NAME).read_bytes()


def test_training_again_gives_the_shipped_file(tmp_path, root):
    from authentic_outreach.training import train

    again = train(root / "data")
    shipped = ao.load_model()
    assert again.coefficients == pytest.approx(shipped.coefficients, abs=1e-5)
    assert (again.clumsy_below, again.authentic_from) == (shipped.clumsy_below, shipped.authentic_from)
    assert set(again.metadata["held_out"]) == {"AUC", "pairs right", "Spearman", "Brier", "ECE"}
    assert again.metadata["data_sha256"] == shipped.metadata["data_sha256"]
    save_model(again, tmp_path / "a.json")
    save_model(train(root / "data"), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_weights_of_wordings_are_those_the_model_was_made_with(tmp_path):
    model = ao.load_model()
    save_model(model, tmp_path / "m.json")
    assert ao.load_model(tmp_path / "m.json").wording.digest == model.wording.digest
    other = dataclasses.replace(model.wording, weights=model.wording.weights + 1)
    (tmp_path / "m.npz").write_bytes(other.to_bytes())
    with pytest.raises(ModelError, match="beside it lie"):
        ao.load_model(tmp_path / "m.json")
    for broken in (b"no archive", other.to_bytes()[:500]):
        (tmp_path / "m.npz").write_bytes(broken)
        with pytest.raises(ModelError, match="cannot be read"):
            ao.load_model(tmp_path / "m.json")
    (tmp_path / "m.npz").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        ao.load_model(tmp_path / "m.json")


def without(document, key):
    return {k: v for k, v in document.items() if k != key}


BROKEN = {
    "not JSON": (lambda d: "{", "not JSON"),
    "a list": (lambda d: "[]", "lacks 'everything'"),
    "no features": (lambda d: json.dumps(without(d, "features")), "lacks 'features'"),
    "another format": (lambda d: json.dumps(d | {"format": 99}), "has format 99, this release reads 2"),
    "other rules": (lambda d: json.dumps(d | {"rule_version": "abc"}), "trained with rules abc, this release has rules"),
    "a feature too many": (
        lambda d: json.dumps(d | {"features": d["features"] | {"zodiac": 1.0}}), r"only in the file: \['zodiac'\]",
    ),
    "a feature too few": (
        lambda d: json.dumps(d | {"features": without(d["features"], "hype")}), r"only in the release: \['hype'\]",
    ),
    "not finite": (lambda d: json.dumps(d | {"intercept": float("nan")}), "no finite number"),
    "not a number": (lambda d: json.dumps(d | {"intercept": "0"}), "no finite number"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_does_not_fit_is_refused_with_both_sides_and_the_remedy(document, name):
    make, words = BROKEN[name]
    with pytest.raises(ModelError, match=words) as error:
        parse_model(make(document), "some/model.json", lambda: b"")
    assert "some/model.json" in str(error.value)
    assert "authentic-outreach train" in str(error.value)
