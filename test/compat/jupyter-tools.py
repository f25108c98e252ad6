"""Runs notebooks with Jupyter's own tools: jupyter-tools.py FOLDER, which holds `in/*.ipynb` and gets
`nbclient/*.ipynb` and `papermill/*.ipynb`; prints JSON: what each tool said of each notebook."""
import json
import os
import sys
from pathlib import Path

import nbformat
import papermill
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

KERNEL = "reckon"


def with_nbclient(source: Path, target: Path) -> dict:
    notebook = nbformat.read(source, as_version=4)
    resources = {"metadata": {"path": str(source.parent)}}
    client = NotebookClient(notebook, timeout=60, kernel_name=KERNEL, resources=resources)
    error = None
    try:
        client.execute()
    except CellExecutionError as raised:
        error = {"ename": raised.ename, "evalue": raised.evalue}
    nbformat.validate(notebook)
    nbformat.write(notebook, target)
    return {"error": error}


def with_papermill(source: Path, target: Path) -> dict:
    error = None
    try:
        papermill.execute_notebook(
            source, target, kernel_name=KERNEL, progress_bar=False, cwd=str(source.parent)
        )
    except papermill.PapermillExecutionError as raised:
        error = {"ename": raised.ename, "evalue": raised.evalue}
    return {"error": error}


folder = Path(sys.argv[1])
os.environ["JUPYTER_PATH"] = str(folder / "share" / "jupyter")
report: dict = {"nbclient": {}, "papermill": {}, "invalid": {}}
for tool, run in (("nbclient", with_nbclient), ("papermill", with_papermill)):
    (folder / tool).mkdir()
    for source in sorted((folder / "in").glob(f"{tool}*.ipynb")):
        report[tool][source.stem] = run(source, folder / tool / source.name)
for path in sorted((folder / "executed").glob("*.ipynb")):
    try:
        nbformat.validate(nbformat.read(path, as_version=nbformat.NO_CONVERT))
    except nbformat.ValidationError as raised:
        report["invalid"][path.name] = str(raised)
print(json.dumps(report))
