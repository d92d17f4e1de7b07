"""The shape of the package: imports go one way, importing is light, and nothing calls the network."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import authentic_outreach as ao

PACKAGE = Path(ao.__file__).parent
# Each room may import rooms of earlier rows only.
LAYERS = [
    {"messages", "evidence", "phrases", "folding", "workers", "ledger", "shipped", "arrays"},
    {"hashed", "bodies", "correspondence", "purposes", "conditions", "sentences", "lexicon"},
    {"ngrams"},
    {"sentence_grams"},
    {"wording", "heads"},
    {"measures", "scoring", "components", "coldness"},
    {"texts", "features", "mailboxes", "classifier"},
    {"reading", "persistence", "templates"},
    {"abstention", "explanation"},
    {"advice"},
    {"rating", "vectorizer"},
    {"cadence"},
    {"inbox", "streams", "reports", "datasets"},
    {"metrics", "distributed", "accounts", "cue_sentences"},
    {"training", "baselines", "kinds", "learned_cues"},
    {"evaluation", "comparisons", "robustness", "fairness"},
    {"cli"},
    {"__main__", "__init__"},
]
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}


def room_of(path):
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("authentic_outreach."):
            yield node.module.split(".")[1]


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_imports_go_one_way(path):
    room = room_of(path)
    assert room in RANK, f"{room} has no layer; give it one in this test"
    for other in imports(path):
        assert other == room or RANK[other] < RANK[room], f"{room} imports {other}"


def test_mail_and_language_know_nothing_of_each_other():
    mail, language = (
        {"mailboxes", "bodies", "coldness", "correspondence"},
        {
            "components",
            "conditions",
            "sentences",
            "measures",
            "features",
            "folding",
            "lexicon",
            "ngrams",
            "wording",
            "phrases",
        },  # fmt: skip,
    )
    for path in PACKAGE.rglob("*.py"):
        room = room_of(path)
        if room in mail:
            assert language.isdisjoint(imports(path)), room
        if room in language:
            assert mail.isdisjoint(imports(path)), room


def loaded_after(code):
    code += "; import sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    modules = loaded_after("import authentic_outreach")
    assert {"spacy", "sklearn", "pandas", "textstat", "numpy"}.isdisjoint(modules)


def test_a_rating_needs_neither_scikit_learn_nor_pandas():
    modules = loaded_after("import authentic_outreach as ao; ao.rate('Hello Marek, how do you dry larch?')")
    assert {"sklearn", "pandas", "scipy"}.isdisjoint(modules)


def test_the_factories_come_by_entry_point():
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("outreach_sentences")
    nlp.add_pipe("outreach_cues")
    doc = nlp("There are only 3 spots left.")
    assert [span.id_.partition(".")[0] for span in doc.spans["scarcity"]] == ["scarcity"]


def test_span_groups_survive_docbin():
    import spacy
    from spacy.tokens import DocBin

    from authentic_outreach.components import make_pipeline

    nlp = make_pipeline()
    doc = nlp("There are only 3 spots left, so act now.")
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (again,) = DocBin(store_user_data=True).from_bytes(data).get_docs(spacy.blank("en").vocab)
    for name, group in doc.spans.items():
        assert [(s.text, s.label_, s.id_) for s in again.spans[name]] == [
            (s.text, s.label_, s.id_) for s in group
        ]


def test_public_names_are_those_of_the_table():
    assert set(ao.__all__) == {*ao._HOMES, "__version__"}
    for name in ao.__all__:
        assert getattr(ao, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ao.nothing  # noqa: B018 - the access is the test
