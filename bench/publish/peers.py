"""Runs a notebook with a peer, writes its page: peers.py PEER KERNEL NOTEBOOK EXECUTED PAGE."""
import sys

peer, kernel, source, executed, page = sys.argv[1:]

if peer == "nbclient":
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(source, as_version=4)
    NotebookClient(notebook, timeout=None, kernel_name=kernel).execute()
    nbformat.write(notebook, executed)
else:
    import nbformat
    import papermill

    papermill.execute_notebook(source, executed, kernel_name=kernel, progress_bar=False)
    notebook = nbformat.read(executed, as_version=4)

from nbconvert import HTMLExporter

html, _resources = HTMLExporter().from_notebook_node(notebook)
with open(page, "w", encoding="utf-8") as file:
    file.write(html)
