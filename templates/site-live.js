// Shows the newer version of this page in its place: no reload, and where the reader was is kept.
(() => {
  const page = location.pathname;
  const asked = new URLSearchParams({page, seen: globalThis.__version ?? ""});
  const source = new EventSource(`/~live?${asked}`);

  source.addEventListener("version", ({data}) => {
    globalThis.__version ??= data;
  });

  source.addEventListener("changed", async ({data}) => {
    try {
      const answer = await fetch(page, {cache: "no-store"});
      if (!answer.ok) return; // the old content is better than none
      show(await answer.text(), data);
    } catch {
      // The server is gone for a moment; the next change is told again.
    }
  });

  function show(text, version) {
    const place = {x: scrollX, y: scrollY};
    const {id, selectionStart, selectionEnd} = document.activeElement ?? {};
    const open = [...document.querySelectorAll("details")].map((one) => one.open);
    const isCodeShown = document.documentElement.classList.contains("code-shown");
    const height = document.documentElement.scrollHeight;
    source.close();
    document.open();
    document.write(text);
    document.close();
    globalThis.__version = version;
    const details = [...document.querySelectorAll("details")];
    if (details.length === open.length) {
      details.forEach((one, i) => {
        one.open = open[i];
      });
    }
    if (isCodeShown && !document.documentElement.classList.contains("code-shown")) {
      document.getElementById("code")?.click();
    }
    document.body.style.minHeight = `${height}px`; // until figures have their size again
    scrollTo(place.x, place.y);
    if (id) {
      const field = document.getElementById(id);
      field?.focus({preventScroll: true});
      if (typeof selectionStart === "number")
        field?.setSelectionRange(selectionStart, selectionEnd);
    }
    addEventListener("load", () => {
      document.body.style.minHeight = "";
      scrollTo(place.x, place.y);
    });
  }
})();
