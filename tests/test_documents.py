"""What the documents show works: the README's Python, the notebook, the card and the pictures."""

import re

import nbformat
import pytest
from nbclient import NotebookClient


def test_the_readme_python_runs(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    text = (root / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert "label" in capsys.readouterr().out


def test_the_readme_has_two_commands_in_blocks_of_their_own(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 2
    assert all(block.count("\n") == 1 for block in blocks)


@pytest.mark.filterwarnings("ignore")  # warnings of Jupyter's own machinery
def test_the_notebook_runs_and_its_stored_outputs_are_there(root):
    notebook = nbformat.read(root / "notebooks" / "explore.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code[1:]), "run the notebook and save it with its outputs"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(root / "notebooks")}}).execute()
    assert sum("image/png" in out.get("data", {}) for cell in code for out in cell.outputs) >= 3


def test_documents_name_files_that_exist(root):
    for page in [
        *root.glob("*.md"),
        *root.glob("docs/*.md"),
        *root.glob("data/*.md"),
        *root.glob("models/*.md"),
    ]:
        for target in re.findall(r"\]\(((?!https?:)[^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_card_speaks_of_the_shipped_model(root):
    import authentic_outreach as ao

    card = (root / "models" / "CARD.md").read_text(encoding="utf-8")
    model = ao.load_model()
    assert model.name in card
    for digest in model.metadata["data_sha256"].values():
        assert digest in card
    for name, weight in zip(model.feature_names, model.coefficients, strict=True):
        assert f"| {name} | {weight:+.3f} |" in card
