// The page's own behaviour: theme, code switch, live figures. Without it the page is complete too.
(() => {
  const root = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const touch = matchMedia("(pointer: coarse)");
  const theme = () => root.dataset.theme ?? (systemDark.matches ? "dark" : "light");
  const byId = (id) => document.getElementById(id);
  const json = (id) => JSON.parse(byId(id)?.textContent || "[]");

  let figures = json("figure-data");
  const themes = json("figure-themes");
  const boxOf = ({name}) => document.querySelector(`[data-figure="${CSS.escape(name)}"]`);

  // "$1,000 of $2,000" is money, not mathematics.
  const config = {
    responsive: true,
    displaylogo: false,
    displayModeBar: false,
    showTips: false,
    typesetMath: false,
  };

  /** A finger on a figure that is wider than the screen scrolls; elsewhere it zooms. */
  function fit(layout, live) {
    const isCut = live.parentElement.clientWidth < live.clientWidth;
    return isCut && touch.matches ? {...layout, dragmode: false} : layout;
  }

  /** Plotly keeps what it is given and writes into it, so every drawing gets a copy. */
  async function draw(figure) {
    const box = boxOf(figure);
    const live = box.querySelector(".live");
    const {data, layout} = structuredClone(figure);
    live.hidden = false;
    try {
      await Plotly.react(live, data, {...fit(layout, live), template: themes[theme()]}, config);
      box.classList.add("drawn");
    } catch (error) {
      live.hidden = true; // the picture stays
      console.error(`figure ${figure.name}: ${error.message}`);
    }
  }

  /** One figure per turn: the page stays responsive while many are drawn. */
  async function drawAll() {
    for (const figure of figures) {
      await draw(figure);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  /** A page that shares its scripts with others finds them beside it. */
  function load({src, integrity}) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = src;
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new Error(`${src} did not load`)));
      // From a disk a browser refuses to check what it loads.
      if (location.protocol !== "file:") script.integrity = integrity;
      document.head.append(script);
    });
  }

  async function loadAll() {
    try {
      for (const file of json("script-files")) await load(file);
      figures = globalThis.__figures ?? figures;
    } catch (error) {
      figures = []; // the pictures stay
      console.error(error.message);
    }
  }

  function linkPictures() {
    for (const link of document.querySelectorAll("a.png")) {
      link.href = link.closest("figure").querySelector("img.still").src;
    }
  }

  function onThemeButton() {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("reckon-theme", root.dataset.theme);
    } catch {
      // Storage is not allowed here: the choice holds until the page is closed.
    }
    onThemeChange();
  }

  async function onThemeChange() {
    byId("theme").setAttribute("aria-pressed", String(theme() === "dark"));
    await document.fonts.ready;
    await drawAll();
  }

  function onCodeButton({currentTarget}) {
    const open = currentTarget.getAttribute("aria-pressed") !== "true";
    currentTarget.setAttribute("aria-pressed", String(open));
    currentTarget.textContent = open ? "Hide code" : "Show code";
    root.classList.toggle("code-shown", open);
    for (const details of document.querySelectorAll("details.source")) details.open = open;
  }

  /** The contents list marks the section that is being read. */
  function followReading() {
    const links = [...document.querySelectorAll(".contents a")];
    const targets = links.map((link) => byId(decodeURIComponent(link.hash.slice(1))));
    const mark = () => {
      const index = targets.findLastIndex((target) => target.getBoundingClientRect().top < 120);
      links.forEach((link, i) => {
        if (i === index) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    addEventListener("scroll", mark, {passive: true});
    mark();
  }

  linkPictures();
  followReading();
  byId("theme").addEventListener("click", onThemeButton);
  byId("code")?.addEventListener("click", onCodeButton);
  systemDark.addEventListener("change", onThemeChange);
  loadAll()
    .then(onThemeChange)
    .then(() => {
      globalThis.__ready = true; // a camera waits for this
    });
})();
