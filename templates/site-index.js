// Sorts, filters and shows runs. Every text is put in as text, so that a name can hold any character.
(() => {
  const byId = (id) => document.getElementById(id);
  const {columns, rows, shownAtOnce} = JSON.parse(byId("data").textContent);
  const root = document.documentElement;

  const isDark = () =>
    root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
  byId("theme").setAttribute("aria-pressed", String(isDark()));
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    byId("theme").setAttribute("aria-pressed", String(isDark()));
    try {
      localStorage.setItem("reckon-theme", root.dataset.theme);
    } catch {
      // Storage is not allowed here: the choice holds for this visit.
    }
  });
  if (rows.length === 0) return;

  const fields = {q: byId("find"), state: byId("state"), notebook: byId("notebook")};
  const body = document.querySelector("#runs tbody");
  const heads = [...document.querySelectorAll("[data-sort]")];
  const ranks = {failed: 0, unknown: 1, ok: 2};
  let sort = "at";
  let isUp = false;
  let limit = shownAtOnce;

  const texts = rows.map((run) =>
    [run.title, run.notebook, run.tag, run.said, run.time, run.failure, ...run.columns]
      .concat(run.parameters.map(([name, value]) => `${name}=${value} ${name} ${value}`))
      .join("\n")
      .toLowerCase(),
  );
  const textOf = new Map(rows.map((run, i) => [run, texts[i]]));

  function sortValue(run) {
    if (sort === "state") return ranks[run.state];
    const column = /^column-(\d+)$/.exec(sort)?.[1];
    return column === undefined ? run[sort] : run.columns[column];
  }

  function compare(a, b) {
    const [x, y] = [sortValue(a), sortValue(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = typeof x === "number" ? x - y : x.localeCompare(y, undefined, {numeric: true});
    return (isUp ? order : -order) || b.at - a.at;
  }

  function el(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  function link(href, ...children) {
    const anchor = el("a", "", ...children);
    anchor.href = href;
    return anchor;
  }

  function cell(label, className, ...children) {
    const data = el("td", className, ...children);
    data.dataset.label = label;
    return data;
  }

  function picture({href, picture: src}) {
    if (src === null) return [];
    const image = Object.assign(document.createElement("img"), {alt: "", width: 112, height: 63});
    image.loading = "lazy";
    image.src = src;
    const anchor = link(href, image);
    anchor.tabIndex = -1;
    anchor.setAttribute("aria-hidden", "true");
    return [anchor];
  }

  function rowOf(run) {
    const sub = el("span", "sub", run.notebook);
    if (run.tag) sub.append(" ", el("span", "tag", run.tag));
    const name = cell("Run", "run", link(run.href, run.title), sub);
    if (run.failure) name.append(el("span", "why", run.failure));
    const pairs = run.parameters.map(([key, value]) =>
      el("span", "pair", el("span", "pair-name", key), " ", value),
    );
    return el(
      "tr",
      `is-${run.state}`,
      cell("Status", "", el("span", `state state-${run.state}`, run.said)),
      name,
      ...run.columns.map((value, i) => cell(columns[i], "", value)),
      cell("Began", "when", run.time),
      cell("Took", "num", run.took),
      cell("Parameters", "parameters", ...pairs),
      cell("", "picture-cell", ...picture(run)),
    );
  }

  function show() {
    const asked = fields.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter(
      (run) =>
        (fields.state.value === "" || run.state === fields.state.value) &&
        (fields.notebook.value === "" || run.notebook === fields.notebook.value) &&
        asked.every((word) => textOf.get(run).includes(word)),
    );
    found.sort(compare);
    const none = el("td", "byline", "No run is like that.");
    none.colSpan = heads.length + 2;
    const lines = found.slice(0, limit).map(rowOf);
    body.replaceChildren(...(lines.length > 0 ? lines : [el("tr", "", none)]));
    const number = (count) => count.toLocaleString("en-US");
    const all = `${number(rows.length)} run${rows.length === 1 ? "" : "s"}`;
    byId("count").value = found.length === rows.length ? all : `${number(found.length)} of ${all}`;
    byId("more").hidden = found.length <= limit;
    for (const head of heads) {
      if (head.dataset.sort !== sort) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    }
  }

  /** What was chosen stands in the address: it can be kept, sent, and outlives a refresh. */
  function remember() {
    const chosen = new URLSearchParams();
    for (const [key, field] of Object.entries(fields)) {
      if (field.value !== "") chosen.set(key, field.value);
    }
    if (sort !== "at" || isUp) chosen.set("sort", `${isUp ? "" : "-"}${sort}`);
    const hash = chosen.toString();
    history.replaceState(null, "", hash === "" ? location.pathname : `#${hash}`);
  }

  function recall() {
    const chosen = new URLSearchParams(location.hash.slice(1));
    for (const [key, field] of Object.entries(fields)) field.value = chosen.get(key) ?? "";
    const [, minus, key] = /^(-?)([a-z0-9-]+)$/.exec(chosen.get("sort") ?? "-at") ?? [];
    if (heads.some((head) => head.dataset.sort === key)) {
      sort = key;
      isUp = minus === "";
    }
  }

  function choose() {
    limit = shownAtOnce;
    show();
    remember();
  }

  for (const head of heads) {
    const button = el("button", "", ...head.childNodes);
    button.type = "button";
    button.addEventListener("click", () => {
      isUp = sort === head.dataset.sort ? !isUp : !["at", "ms"].includes(head.dataset.sort);
      sort = head.dataset.sort;
      choose();
    });
    head.append(button);
  }
  for (const field of Object.values(fields)) field.addEventListener("input", choose);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("more").addEventListener("click", () => {
    limit += shownAtOnce;
    show();
  });
  addEventListener("hashchange", () => {
    recall();
    show();
  });
  recall();
  show();
})();
